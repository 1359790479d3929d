"""The sections of a support plan: their order, what state each is in, and what must hold before it is proposed.

What a plan holds is said by regulation 8 of the 2013 Regulations. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from budgets.enums import Method
from budgets.exceptions import Problem
from budgets.rules.agreement import REGULATIONS
from budgets.rules.plan_household import Payee, check_approved
from budgets.rules.plan_money import PlanLine

REGULATION_8 = f"regulation 8 of the {REGULATIONS}"


class PlanSection(StrEnum):
    """A section of a plan, as its address names it."""

    HEALTH_NEEDS = "health-needs"
    OUTCOMES = "outcomes"
    SERVICES = "services"
    RISKS = "risks"
    RISK_ADVICE = "risk-advice"
    CONTINGENCY = "contingency"
    DELEGATED_TASKS = "delegated-tasks"
    COORDINATOR = "care-co-ordinator"
    REVIEW = "review"
    FEATURES = "features"
    # Pages that belong to a list of lines above.
    NO_SERVICES = "no-services"
    NO_RISKS = "no-risks"
    PAYMENTS = "payments"


TITLES: dict[PlanSection, str] = {
    PlanSection.HEALTH_NEEDS: "Health needs",
    PlanSection.OUTCOMES: "Outcomes",
    PlanSection.SERVICES: "Services to be bought",
    PlanSection.RISKS: "Risks and how they are managed",
    PlanSection.RISK_ADVICE: "Advice about risks",
    PlanSection.CONTINGENCY: "If something goes wrong",
    PlanSection.DELEGATED_TASKS: "Delegated healthcare tasks",
    PlanSection.COORDINATOR: "Care co-ordinator",
    PlanSection.REVIEW: "Review arrangements",
    PlanSection.FEATURES: "Features of the budget",
    PlanSection.NO_SERVICES: "Nothing is bought",
    PlanSection.NO_RISKS: "No significant risks",
    PlanSection.PAYMENTS: "How often the direct payment is made",
}

#: In the order in which people talk about them.
GROUPS: tuple[tuple[str, tuple[PlanSection, ...]], ...] = (
    ("What matters", (PlanSection.HEALTH_NEEDS, PlanSection.OUTCOMES, PlanSection.SERVICES)),
    (
        "Staying safe",
        (PlanSection.RISKS, PlanSection.RISK_ADVICE, PlanSection.CONTINGENCY, PlanSection.DELEGATED_TASKS),
    ),
    ("Making it work", (PlanSection.COORDINATOR, PlanSection.REVIEW, PlanSection.FEATURES)),
)
SECTIONS: tuple[PlanSection, ...] = tuple(section for _, sections in GROUPS for section in sections)
LISTS = (PlanSection.OUTCOMES, PlanSection.SERVICES, PlanSection.RISKS, PlanSection.DELEGATED_TASKS)


class SectionState(StrEnum):
    """How far a section has come."""

    COMPLETE = "Completed"
    INCOMPLETE = "Incomplete"
    TO_DO = "Not started yet"
    OPTIONAL = "Optional"


@dataclass(frozen=True)
class ServiceFacts:
    """Of one service: what it is called, its money, whom it pays."""

    description: str
    line: PlanLine
    payee: Payee


@dataclass(frozen=True)
class PlanFacts:
    """What a version holds, as far as it decides whether it can be proposed. Counts are of lines."""

    health_needs: str = ""
    outcomes: int = 0
    services: Sequence[ServiceFacts] = ()
    no_services_reason: str = ""
    payments: str = ""
    risks: int = 0
    no_risks_reason: str = ""
    risk_advice: str = ""
    risk_advice_by: str = ""
    risk_advice_on: date | None = None
    contingency: str = ""
    delegated_tasks: int = 0
    coordinator_name: str = ""
    coordinator_contact: str = ""
    review_arrangements: str = ""
    features: Collection[str] = ()
    features_answered: Collection[str] = field(default_factory=frozenset)

    @property
    def has_direct_payment(self) -> bool:
        """Whether a service is bought with a direct payment."""
        return any(service.line.method == Method.DIRECT_PAYMENT for service in self.services)


def section_problems(facts: PlanFacts, on: date) -> list[Problem]:
    """Everything that stands against proposing a version on a day, at once; `field` is the section to open."""
    problems = []
    if not facts.health_needs.strip():
        problems.append(_missing(PlanSection.HEALTH_NEEDS, "Enter the health needs"))
    if not facts.outcomes:
        problems.append(_missing(PlanSection.OUTCOMES, "Add at least one outcome that the person wants to achieve"))
    if not facts.services and not facts.no_services_reason.strip():
        problems.append(_missing(PlanSection.SERVICES, "Add at least one service, or say why nothing is bought"))
    if facts.has_direct_payment and not facts.payments:
        problems.append(_missing(PlanSection.PAYMENTS, "Select how often the direct payment is made"))
    for service in facts.services:
        problems += check_approved(service.payee, service.description, on)
    if not facts.risks and not facts.no_risks_reason.strip():
        problems.append(_missing(PlanSection.RISKS, "Add each significant risk, or say why there are none"))
    if facts.has_direct_payment and not _is_advice_whole(facts):
        remedy = "Enter what advice was given about the risks of a direct payment, by whom and when"
        problems.append(_missing(PlanSection.RISK_ADVICE, remedy))
    if not facts.coordinator_name.strip() or not facts.coordinator_contact.strip():
        problems.append(
            _missing(PlanSection.COORDINATOR, "Enter the name of the care co-ordinator and how to reach them")
        )
    if not facts.review_arrangements.strip():
        problems.append(_missing(PlanSection.REVIEW, "Enter how and when the plan is reviewed"))
    if set(facts.features) - set(facts.features_answered):
        problems.append(Problem(PlanSection.FEATURES, "Answer for each feature of the budget whether it is so"))
    return problems


def _missing(section: PlanSection, remedy: str) -> Problem:
    return Problem(section, f"{remedy} ({REGULATION_8})")


def _is_advice_whole(facts: PlanFacts) -> bool:
    return bool(facts.risk_advice.strip() and facts.risk_advice_by.strip() and facts.risk_advice_on)


def section_states(facts: PlanFacts, on: date) -> dict[PlanSection, SectionState]:
    """How far each section of the task list has come."""
    belongs = {PlanSection.PAYMENTS: PlanSection.SERVICES}
    wrong = {belongs.get(PlanSection(each.field), PlanSection(each.field)) for each in section_problems(facts, on)}
    begun: dict[PlanSection, object] = {
        PlanSection.HEALTH_NEEDS: facts.health_needs,
        PlanSection.OUTCOMES: facts.outcomes,
        PlanSection.SERVICES: facts.services or facts.no_services_reason,
        PlanSection.RISKS: facts.risks or facts.no_risks_reason,
        PlanSection.RISK_ADVICE: facts.risk_advice or facts.risk_advice_by or facts.risk_advice_on,
        PlanSection.CONTINGENCY: facts.contingency,
        PlanSection.DELEGATED_TASKS: facts.delegated_tasks,
        PlanSection.COORDINATOR: facts.coordinator_name or facts.coordinator_contact,
        PlanSection.REVIEW: facts.review_arrangements,
        PlanSection.FEATURES: facts.features_answered,
    }
    return {section: _state(section in wrong, bool(begun[section])) for section in SECTIONS}


def _state(is_wrong: bool, is_begun: bool) -> SectionState:
    if is_wrong:
        return SectionState.INCOMPLETE if is_begun else SectionState.TO_DO
    return SectionState.COMPLETE if is_begun else SectionState.OPTIONAL
