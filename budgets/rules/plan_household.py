"""Paying somebody who is close to the person: regulation 8(5A) and (5B) of the 2013 Regulations.

They came into force on 1 April 2017 (SI 2017/219, regulation 2). A direct payment does not pay a family member or a
friend who lives in the same household, unless the commissioner is satisfied that it is necessary. Those who live
elsewhere may be paid. Before that day the rule was worded differently, so an older plan is shown with a warning.
Pure.
"""

from dataclasses import dataclass
from datetime import date

from budgets.enums import ExceptionReason, Method, PayeeRelationship
from budgets.exceptions import Problem
from budgets.rules.agreement import REGULATIONS

HOUSEHOLD_RULE_FROM = date(2017, 4, 1)
CITATION = f"regulation 8(5A) and (5B) of the {REGULATIONS}"
BEFORE_THE_RULE = (
    "This pays somebody of the same household. Until 1 April 2017 the rule about that was worded differently, so check "
    "it against the wording of the day"
)


@dataclass(frozen=True)
class Payee:
    """Who one line of a plan pays, and by which method; and the exception, as far as it has come."""

    method: str
    relationship: str
    lives_in_same_household: bool
    exception_reason: str = ""
    exception_necessity: str = ""
    is_approved: bool = False

    @property
    def is_of_household(self) -> bool:
        """Whether a direct payment goes to a family member or friend who lives with the person."""
        is_connected = self.relationship in (PayeeRelationship.FAMILY, PayeeRelationship.FRIEND)
        return self.method == Method.DIRECT_PAYMENT and is_connected and self.lives_in_same_household


def check_payee(payee: Payee, on: date) -> list[Problem]:
    """Whether a line may be written on a day: one that pays the household asks for an exception with its reason."""
    if not payee.is_of_household or on < HOUSEHOLD_RULE_FROM:
        return []
    problems = []
    if payee.exception_reason not in ExceptionReason.values:
        problems.append(
            Problem(
                "exception_reason",
                "Select why it is necessary to pay somebody of the same household, or choose somebody else. A direct "
                f"payment does not pay a family member or friend who lives with the person otherwise ({CITATION})",
            )
        )
    if not payee.exception_necessity.strip():
        problems.append(
            Problem("exception_necessity", f"Enter why nobody else can meet the need ({CITATION}), or choose another")
        )
    return problems


def check_approved(payee: Payee, what: str, on: date) -> list[Problem]:
    """Whether a plan with this line may be proposed on a day: the exception is approved by then."""
    if not payee.is_of_household or on < HOUSEHOLD_RULE_FROM or payee.is_approved:
        return []
    return [
        Problem(
            "services",
            f"Have the exception for “{what}” approved, or choose another provider. It pays somebody of the same "
            f"household ({CITATION})",
        )
    ]


def warning(payee: Payee, on: date) -> str:
    """What is to be said of a line of a plan of before the rule; nothing otherwise."""
    return BEFORE_THE_RULE if payee.is_of_household and on < HOUSEHOLD_RULE_FROM else ""
