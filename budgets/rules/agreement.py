"""The rules of a personal health budget, as pure functions: no tables, no clock.

Each check answers a list of `Problem`; an empty list allows. Sources: the NHS (Direct Payments) Regulations 2013
(SI 2013/1617) as "the 2013 Regulations"; the Standing Rules 2012 (SI 2012/2996), part 6A.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.enums import EndReason, Funder, Method, State
from budgets.exceptions import Problem

WHOLE = Decimal("100")
PENCE = Decimal("0.01")
#: A child of the 2013 Regulations is under 16 (regulation 2); from 16 a person consents for themselves.
DIRECT_PAYMENT_CONSENT_AGE = 16
DIRECT_PAYMENTS_BEGAN_ON = date(2013, 8, 1)
_BODIES = {Funder.LOCAL_AUTHORITY: "local authority", Funder.EDUCATION: "education body"}
REGULATIONS = "NHS (Direct Payments) Regulations 2013"


@dataclass(frozen=True)
class Share:
    """A funder's part of a PHB. `percent` is above 0 and at most 100; `body_name` says who, unless it is the NHS."""

    funder: Funder
    percent: Decimal
    body_name: str = ""


@dataclass(frozen=True)
class MethodAmount:
    """A part of a PHB managed in one way; `annual_amount` in pounds a year."""

    method: Method
    annual_amount: Decimal


def state_on(on: date, *, agreed_on: date, started_on: date | None, ended_on: date | None) -> State | None:
    """What a PHB is at the end of the day `on`: None before it was agreed.

    In place from the day it starts up to, not including, the day it ends. One that ends before it starts was agreed.
    """
    if on < agreed_on:
        return None
    if ended_on is not None and ended_on <= on:
        return State.ENDED
    if started_on is not None and started_on <= on:
        return State.IN_PLACE
    return State.AGREED


def check_shares(shares: Sequence[Share]) -> list[Problem]:
    """Shares add to exactly 100 and the NHS pays some of it: without an NHS share it is not a PHB."""
    problems = []
    if any(share.percent <= 0 or share.percent > WHOLE for share in shares):
        problems.append(Problem("nhs_percent", "Enter shares above 0 and no higher than 100"))
    if not any(share.funder == Funder.NHS and share.percent > 0 for share in shares):
        problems.append(
            Problem(
                "nhs_percent",
                "Enter an NHS share above 0. A budget without NHS money is not a personal health budget",
            )
        )
    named = [(share.funder, share.body_name.strip().casefold()) for share in shares]
    if len(named) != len(set(named)):
        problems.append(Problem("nhs_percent", "Enter each funder once and add its shares together"))
    total = sum((share.percent for share in shares), Decimal(0))
    if total != WHOLE:
        problems.append(
            Problem("nhs_percent", f"The shares add to {plain_number(total)}. Change them so that they add to 100")
        )
    problems += [
        Problem(
            f"{share.funder}_name",
            f"Enter the name of the {_BODIES[share.funder]} that pays this share",
        )
        for share in shares
        if share.funder != Funder.NHS and not share.body_name.strip()
    ]
    return problems


def check_methods(methods: Sequence[MethodAmount], annual_amount: Decimal) -> list[Problem]:
    """At least one method, none twice, and their amounts add to the annual amount to the penny."""
    if not methods:
        return [Problem("methods", "Select at least one way to manage the money")]
    problems = []
    names = [part.method for part in methods]
    if len(names) != len(set(names)):
        problems.append(Problem("methods", "Select each way to manage the money once"))
    problems += [
        Problem(f"{part.method}_amount", "Enter an amount of 0 or more, such as 12500.00")
        for part in methods
        if part.annual_amount < 0
    ]
    total = sum((part.annual_amount for part in methods), Decimal(0))
    if total != annual_amount:
        problems.append(
            Problem(
                f"{names[-1]}_amount" if len(names) > 1 else "annual_amount",
                f"The methods add to £{total:,.2f} and the annual amount is £{annual_amount:,.2f}. "
                "Change one of them so that they are the same",
            )
        )
    return problems


def check_amounts(annual_amount: Decimal, previous_annual_amount: Decimal | None) -> list[Problem]:
    """Money is never negative and has whole pence."""
    amounts: Mapping[str, Decimal | None] = {
        "annual_amount": annual_amount,
        "previous_annual_amount": previous_annual_amount,
    }
    return [
        Problem(field, "Enter an amount of 0 or more in pounds and pence, such as 12500.00")
        for field, amount in amounts.items()
        if amount is not None and (amount < 0 or amount != amount.quantize(PENCE))
    ]


def check_agreed_on(agreed_on: date, *, accepted_on: date, today: date) -> list[Problem]:
    """A PHB is agreed once its referral is accepted, and what has not happened yet is not recorded."""
    if agreed_on > today:
        return [Problem("agreed_on", "Enter an agreed date that is today or in the past")]
    if agreed_on < accepted_on:
        return [
            Problem(
                "agreed_on",
                f"Enter an agreed date on or after {day(accepted_on)}, when the referral was accepted",
            )
        ]
    return []


def check_started_on(
    started_on: date, *, agreed_on: date, already_started_on: date | None, ended_on: date | None, today: date
) -> list[Problem]:
    """A PHB starts once, on or after the day it was agreed, and not after it ended."""
    if already_started_on is not None:
        return [Problem("", f"This personal health budget started on {day(already_started_on)}. It cannot start twice")]
    if ended_on is not None:
        return [
            Problem(
                "",
                f"This personal health budget ended on {day(ended_on)}. Agree a new one from a new referral",
            )
        ]
    if started_on > today:
        return [Problem("started_on", "Enter a start date that is today or in the past")]
    if started_on < agreed_on:
        return [Problem("started_on", f"Enter a start date on or after {day(agreed_on)}, when the budget was agreed")]
    return []


def check_ended_on(
    ended_on: date,
    reason: EndReason,
    *,
    agreed_on: date,
    started_on: date | None,
    already_ended_on: date | None,
    today: date,
) -> list[Problem]:
    """A PHB ends once, for a reason, not before it started. One that never started ends as "did not go ahead"."""
    if already_ended_on is not None:
        return [Problem("", f"This personal health budget ended on {day(already_ended_on)}. It cannot end twice")]
    problems = []
    if ended_on > today:
        problems.append(Problem("ended_on", "Enter an end date that is today or in the past"))
    if started_on is not None and ended_on < started_on:
        problems.append(
            Problem("ended_on", f"Enter an end date on or after {day(started_on)}, when the budget started")
        )
    elif ended_on < agreed_on:
        problems.append(
            Problem("ended_on", f"Enter an end date on or after {day(agreed_on)}, when the budget was agreed")
        )
    if started_on is not None and reason == EndReason.NOT_STARTED:
        problems.append(
            Problem("end_reason", "Select another reason. This personal health budget started, so it did go ahead")
        )
    return problems


@dataclass(frozen=True)
class DirectPaymentFacts:
    """What decides whether a direct payment is allowed from `starts_on`. `age` is in whole years on that day."""

    starts_on: date
    age: int
    is_excluded: bool
    is_known_not_excluded: bool
    lacks_capacity: bool
    has_representative: bool


def check_direct_payment(facts: DirectPaymentFacts) -> list[Problem]:
    """Whether a direct payment may be among the methods. It never decides whether there may be a PHB at all.

    Sources, all of the 2013 Regulations: in force from 1 August 2013; the Schedule (persons excluded), regulation 4
    (children, under 16), regulation 5 (people aged 16 or over who lack capacity).
    """
    if facts.starts_on < DIRECT_PAYMENTS_BEGAN_ON:
        return [
            Problem(
                "methods",
                f"Select another method. Direct payments for health care began on {day(DIRECT_PAYMENTS_BEGAN_ON)}, "
                f"with the {REGULATIONS}",
            )
        ]
    if facts.is_excluded:
        return [
            Problem(
                "methods",
                "Select notional or third party. A direct payment is not allowed while the court order or licence "
                f"condition lasts (Schedule to the {REGULATIONS})",
            )
        ]
    problems = []
    if not facts.is_known_not_excluded:
        problems.append(
            Problem(
                "is_free_of_orders",
                "Confirm that no order or licence condition stands against a direct payment, or select another "
                f"method (Schedule to the {REGULATIONS})",
            )
        )
    if facts.age < DIRECT_PAYMENT_CONSENT_AGE and not facts.has_representative:
        problems.append(
            Problem(
                "methods",
                "Add a representative to the person's record first, or select another method. A direct payment for a "
                f"child under 16 is made to a representative (regulation 4 of the {REGULATIONS})",
            )
        )
    elif facts.lacks_capacity and not facts.has_representative:
        problems.append(
            Problem(
                "methods",
                "Add a representative to the person's record first, or select another method. A direct payment for "
                f"somebody who lacks capacity is made to a representative (regulation 5 of the {REGULATIONS})",
            )
        )
    return problems


def adult_if_born_by(on: date) -> date:
    """The latest birthday of people who are 18 or over on the day `on` (Standing Rules: children are 17 or under)."""
    try:
        return on.replace(year=on.year - 18)
    except ValueError:  # 29 February, 18 years after a year without one
        return on.replace(year=on.year - 18, day=28)


def day(value: date) -> str:
    """A date in words, as the service manual writes it: 7 February 2017."""
    return f"{value.day} {value:%B %Y}"


def plain_number(value: Decimal) -> str:
    """A number without needless noughts: 95, 33.5."""
    return f"{value.normalize():f}"
