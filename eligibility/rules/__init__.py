"""Eligibility as pure rules: facts and dated rule sets in, an explained answer out. No database, no Django.

Start with `screen`: it takes the facts, the day, the rule sets and the offer lines, and returns an `Answer`.
"""

from eligibility.rules.answers import Answer, Basis, Reason, Warned
from eligibility.rules.criteria import Problem, RulesRefused
from eligibility.rules.criteria_reading import Part, read_criterion
from eligibility.rules.fact_types import AnswerType, Attester, Choice, Fact, FactValue
from eligibility.rules.facts import FACTS, VOCABULARY, FactProblem, FactsRefused, read_facts
from eligibility.rules.offer_lines import OfferLine
from eligibility.rules.outcomes import (
    DirectPayment,
    Funding,
    Layer,
    LineStatus,
    Method,
    Outcome,
    RuleSetStatus,
    WarningKind,
)
from eligibility.rules.rule_set_reading import read_rule_set, read_rule_set_file, read_rule_set_text
from eligibility.rules.rule_sets import Policy, RuleSet
from eligibility.rules.screening import next_questions, screen

__all__ = [
    "FACTS",
    "VOCABULARY",
    "Answer",
    "AnswerType",
    "Attester",
    "Basis",
    "Choice",
    "DirectPayment",
    "Fact",
    "FactProblem",
    "FactValue",
    "FactsRefused",
    "Funding",
    "Layer",
    "LineStatus",
    "Method",
    "OfferLine",
    "Outcome",
    "Part",
    "Policy",
    "Problem",
    "Reason",
    "RuleSet",
    "RuleSetStatus",
    "RulesRefused",
    "Warned",
    "WarningKind",
    "next_questions",
    "read_criterion",
    "read_facts",
    "read_rule_set",
    "read_rule_set_file",
    "read_rule_set_text",
    "screen",
]
