"""The vocabulary of facts: everything a rule may ask about, declared once.

A fact is known (it has a value) or not known yet (None). `not_assessed` is recorded as a reason why a fact is
not known; to a rule it is the same as not known, because "nobody has assessed" is neither "eligible" nor "not
eligible".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eligibility.rules.fact_types import AnswerType, Attester, Choice, Fact, FactValue, closest, read_value

AGE = "age"
"""The one derived fact: whole years on the day of the screening, from `born_on`. Never asked for."""
OLDEST_AGE = 130


def _yes_no(
    code: str,
    label: str,
    question: str,
    met: str,
    unmet: str,
    *by: Attester,
    hint: str = "",
    presumed: bool | None = None,
) -> Fact:
    attested_by = by or (Attester.REFERRER,)
    return Fact(code, label, question, hint, AnswerType.YES_NO, attested_by, met=met, unmet=unmet, presumed=presumed)


def _choice(code: str, label: str, question: str, choices: tuple[Choice, ...], *by: Attester, hint: str = "") -> Fact:
    return Fact(code, label, question, hint, AnswerType.CHOICE, by or (Attester.REFERRER,), choices=choices)


_ASSESSMENT = (
    Choice("eligible", "Eligible"),
    Choice("not_eligible", "Not eligible"),
    Choice("not_assessed", "Not assessed yet", is_unknown=True),
)
_SECTIONS = (
    Choice("none", "None"),
    Choice("informal", "Informal (not detained)"),
    Choice("s2", "Section 2"),
    Choice("s3", "Section 3"),
    Choice("s4", "Section 4"),
    Choice("s5", "Section 5"),
    Choice("s35", "Section 35"),
    Choice("s36", "Section 36"),
    Choice("s37", "Section 37"),
    Choice("s37_41", "Section 37 with section 41"),
    Choice("s38", "Section 38"),
    Choice("s45a", "Section 45A"),
    Choice("s47", "Section 47"),
    Choice("s48", "Section 48"),
    Choice("cto", "Community treatment order (section 17A)"),
    Choice("other", "Another section"),
)

VOCABULARY: tuple[Fact, ...] = (
    Fact(
        "born_on",
        "Date of birth",
        "What is their date of birth?",
        "For example, 31 3 1980",
        AnswerType.DATE,
        (Attester.REFERRER, Attester.PERSON),
    ),
    _choice(
        "chc",
        "NHS continuing healthcare (CHC)",
        "What was decided about NHS continuing healthcare (CHC)?",
        _ASSESSMENT,
        Attester.CHC_TEAM,
        hint="Adults only. Choose eligible where the NHS funds the whole package of care.",
    ),
    _yes_no(
        "chc_fast_track",
        "Fast track CHC",
        "Is this fast track CHC?",
        "CHC was agreed through the fast track",
        "CHC was not agreed through the fast track",
        Attester.CLINICIAN,
        hint="Fast track is for people whose condition worsens quickly and who may be near the end of life.",
    ),
    _choice(
        "continuing_care",
        "Children’s continuing care",
        "What was decided about children’s continuing care?",
        _ASSESSMENT,
        Attester.CHC_TEAM,
        hint="Children and young people aged 17 or under.",
    ),
    _yes_no(
        "s117_aftercare",
        "Section 117 after-care",
        "Are they entitled to section 117 after-care?",
        "entitled to section 117 after-care",
        "not entitled to section 117 after-care",
        Attester.CLINICIAN,
        Attester.REFERRER,
        hint="After-care following detention under certain sections of the Mental Health Act 1983.",
    ),
    _choice(
        "wheelchair_need",
        "Need for a wheelchair",
        "Do they need an NHS wheelchair?",
        (
            Choice("none", "No"),
            Choice("short_term", "Yes, for a short time"),
            Choice("long_term", "Yes, long term"),
        ),
        Attester.CLINICIAN,
        hint="Long term means a new chair is needed for a lasting condition, not a short loan.",
    ),
    _yes_no(
        "learning_disability",
        "Learning disability",
        "Do they have a learning disability?",
        "has a learning disability",
        "does not have a learning disability",
        Attester.CLINICIAN,
        Attester.REFERRER,
    ),
    _yes_no(
        "autism",
        "Autism",
        "Are they autistic?",
        "is autistic",
        "is not recorded as autistic",
        Attester.CLINICIAN,
        Attester.REFERRER,
    ),
    _yes_no(
        "needs_above_local_authority",
        "Health needs above what the local authority can provide for",
        "Has somebody decided that their health needs go beyond what the local authority can provide for?",
        "has health needs beyond what the local authority can reasonably provide for",
        "is not found to have health needs beyond what the local authority can reasonably provide for",
        Attester.DECISION_MAKER,
        hint="Record who decided. This is a decision, not an impression.",
    ),
    _yes_no(
        "inpatient",
        "Hospital inpatient",
        "Are they a hospital inpatient now?",
        "is an inpatient now",
        "is not an inpatient now",
    ),
    _choice(
        "mental_health_act_section",
        "Section of the Mental Health Act",
        "Which section of the Mental Health Act are they under?",
        _SECTIONS,
        Attester.CLINICIAN,
        hint="Choose none where no section applies.",
    ),
    _yes_no(
        "fit_for_discharge",
        "Fit for discharge",
        "Are they fit for discharge?",
        "is fit for discharge",
        "is not found fit for discharge",
        Attester.CLINICIAN,
    ),
    _yes_no(
        "could_live_in_community",
        "Could live in the community with support",
        "Could they live in the community with support?",
        "could live in the community with support",
        "is not found able to live in the community with support",
        Attester.CLINICIAN,
    ),
    Fact(
        "high_level_domains",
        "Domains at High or above",
        "How many domains of the children’s continuing care tool are at High or above?",
        "Enter a number from 0 to 10.",
        AnswerType.WHOLE_NUMBER,
        (Attester.CLINICIAN,),
        highest=10,
    ),
    _yes_no(
        "under_paediatrician",
        "Regular care of a paediatrician",
        "Are they under the regular care of a hospital or community paediatrician?",
        "is under the regular care of a paediatrician",
        "is not under the regular care of a paediatrician",
        Attester.CLINICIAN,
        hint="The clinician says whether the care is regular.",
    ),
    _yes_no(
        "under_camhs_consultant",
        "Regular care of a CAMHS consultant",
        "Are they under the regular care of a CAMHS consultant?",
        "is under the regular care of a CAMHS consultant",
        "is not under the regular care of a CAMHS consultant",
        Attester.CLINICIAN,
        hint="CAMHS is child and adolescent mental health services. Any consultant counts.",
    ),
    _yes_no(
        "ehc_plan",
        "Education, health and care (EHC) plan",
        "Do they have an education, health and care (EHC) plan?",
        "has an EHC plan",
        "does not have an EHC plan",
    ),
    _yes_no(
        "may_benefit",
        "May benefit from a budget",
        "Does the commissioner think they may benefit from NHS money?",
        "may benefit, in the commissioner’s view",
        "is not found to benefit, in the commissioner’s view",
        Attester.DECISION_MAKER,
    ),
    _yes_no(
        "mental_health_need",
        "Mental health need",
        "Do they have a mental health need?",
        "has a mental health need",
        "has no recorded mental health need",
        Attester.CLINICIAN,
        Attester.REFERRER,
    ),
    _yes_no(
        "long_term_condition",
        "Long-term condition",
        "Do they have a long-term condition?",
        "has a long-term condition",
        "has no recorded long-term condition",
        Attester.CLINICIAN,
        Attester.REFERRER,
    ),
    _yes_no(
        "diabetes",
        "Diabetes",
        "Do they have diabetes?",
        "has diabetes",
        "has no recorded diabetes",
        Attester.CLINICIAN,
        Attester.REFERRER,
        presumed=False,
    ),
    _yes_no(
        "services_not_working",
        "Usual services not working",
        "Have the usual health services been tried, and not met their needs?",
        "has needs that the usual services were tried for and did not meet",
        "is not found to have needs that the usual services fail to meet",
        Attester.CLINICIAN,
        Attester.REFERRER,
        hint="For example, many stays in hospital, or care they could not use as it was offered.",
        presumed=False,
    ),
    _yes_no(
        "end_of_life",
        "Near the end of life",
        "Are they likely to be in the last year of life?",
        "is likely to be in the last year of life",
        "is not recorded as being in the last year of life",
        Attester.CLINICIAN,
    ),
    _yes_no(
        "joint_funded",
        "Package paid jointly with the local authority",
        "Does the local authority pay part of their package?",
        "has a package paid jointly with the local authority",
        "has no jointly paid package",
        hint="Include packages with NHS-funded nursing care.",
    ),
    _choice(
        "lives_in",
        "Where they live",
        "Where do they live?",
        (
            Choice("home", "At home"),
            Choice("care_home", "In a care home"),
            Choice("hospital", "In hospital"),
            Choice("other", "Somewhere else"),
        ),
        Attester.REFERRER,
        Attester.PERSON,
        hint="Supported living counts as at home.",
    ),
    _choice(
        "asks_for",
        "How they would like the budget held",
        "How would they like the budget to be held?",
        (
            Choice("notional", "By the NHS (notional)"),
            Choice("third_party", "By a third party"),
            Choice("direct_payment", "As a direct payment"),
            Choice("mixed", "A mix of these"),
        ),
        Attester.PERSON,
        hint="This does not change whether they can have a budget.",
    ),
    _yes_no(
        "drug_or_alcohol_order",
        "Court order about drugs or alcohol",
        "Are they under a court order or licence condition for treatment of drug or alcohol use?",
        "is under an order named in the Schedule to the 2013 Regulations",
        "is under no order named in the Schedule to the 2013 Regulations",
        Attester.REFERRER,
        hint="It affects direct payments only, never the budget itself.",
    ),
)
"""Every fact, in the order in which people find it natural to be asked."""

FACTS: dict[str, Fact] = {fact.code: fact for fact in VOCABULARY}

_PRESUMED: dict[str, FactValue | None] = {fact.code: fact.presumed for fact in VOCABULARY}

_AGE = Fact(AGE, "Age", "", "Worked out from the date of birth.", AnswerType.WHOLE_NUMBER, (), highest=OLDEST_AGE)


def fact_for_rule(code: str) -> Fact | None:
    """The fact a rule may compare: every declared fact but the date of birth, of which rules see the age
    only.
    """
    if code == AGE:
        return _AGE
    return None if code == "born_on" else FACTS.get(code)


def comparable_codes() -> tuple[str, ...]:
    """Codes a rule may name."""
    return (AGE, *(fact.code for fact in VOCABULARY if fact.code != "born_on"))


def question_for(code: str) -> Fact:
    """The fact to ask for where a rule needs `code`: the date of birth for an age."""
    return FACTS["born_on"] if code == AGE else FACTS[code]


def asked(given: Mapping[str, object]) -> dict[str, object]:
    """The facts of somebody who can still be asked: what nobody has answered is not known, and nothing is presumed."""
    return {**dict.fromkeys(code for code, presumed in _PRESUMED.items() if presumed is not None), **given}


def age_on(born_on: datetime.date, on: datetime.date) -> int:
    """Whole years of age on a date. Someone born on 29 February is a year older from 1 March in common
    years.
    """
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


@dataclass(frozen=True, slots=True)
class FactProblem:
    """What is wrong with one given fact, and what to do about it."""

    code: str
    message: str


class FactsRefused(ValueError):
    """The given facts cannot be used; `problems` names each with its remedy."""

    def __init__(self, problems: Iterable[FactProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"{problem.code}: {problem.message}" for problem in self.problems))


def read_facts(raw: Mapping[str, object], *, assessed_on: datetime.date) -> dict[str, FactValue | None]:
    """Checked facts, every code of the vocabulary present, with the age derived. What is given as None is not
    known; so is what is not given, unless it is presumed.

    Raises FactsRefused naming every unknown code and every value that does not fit, with the remedy.
    """
    problems: list[FactProblem] = []
    facts: dict[str, FactValue | None] = {**_PRESUMED}
    for code, value in raw.items():
        fact = FACTS.get(code)
        if fact is None:
            message = f"There is no fact called {code}.{closest(code, FACTS)} Use one of: {', '.join(FACTS)}."
            problems.append(FactProblem(str(code), message))
            continue
        try:
            facts[code] = read_value(fact, value)
        except ValueError as error:
            problems.append(FactProblem(code, str(error)))
    born_on = facts["born_on"]
    facts[AGE] = None
    if isinstance(born_on, datetime.date):
        facts[AGE] = age_on(born_on, assessed_on)
        if born_on > assessed_on:
            problems.append(FactProblem("born_on", "Enter a date of birth on or before the day of the screening."))
        elif age_on(born_on, assessed_on) > OLDEST_AGE:
            problems.append(FactProblem("born_on", f"Enter a date of birth less than {OLDEST_AGE} years ago."))
    if problems:
        raise FactsRefused(problems)
    return facts
