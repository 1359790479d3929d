"""The rules of a budget proposal, as pure functions: no tables, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.enums import Method
from budgets.exceptions import Problem

from .agreement import MethodAmount, Share, check_amounts, check_methods, check_shares, day
from .departures import Departure
from .proposal_states import ProposalKind

#: A change may be agreed ahead, for the next financial year say; further ahead it is a slip of the pen.
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True)
class Terms:
    """What is proposed. Amounts in pounds: `annual_amount` a year, `one_off_amount` once beside it.

    `is_block_funded`: the direct payment would buy a service that is paid under a block contract.
    `notice_given_on`: when the payee was told in writing that the direct payment becomes lower.
    """

    applies_from: date
    annual_amount: Decimal
    methods: Sequence[MethodAmount]
    shares: Sequence[Share]
    one_off_amount: Decimal = Decimal(0)
    one_off_method: str = ""
    previous_annual_amount: Decimal | None = None
    lives_in: str = "home"
    is_fast_track: bool = False
    is_one_off: bool = False
    is_free_of_orders: bool = False
    is_block_funded: bool = False
    notice_given_on: date | None = None
    reason: str = ""
    difference_reason: str = ""


@dataclass(frozen=True)
class Standing:
    """What a PHB is at: the last agreed budget and the last change of its methods, which a further one follows."""

    agreed_on: date
    started_on: date | None
    ended_on: date | None
    last_applies_from: date
    methods_began_on: date
    is_confirmed: bool

    @property
    def earliest(self) -> date:
        """The first day from which a further agreed budget can apply."""
        return max(self.last_applies_from, self.methods_began_on)


def check_terms(kind: str, terms: Terms) -> list[Problem]:
    """Amounts, methods and shares are right in themselves, and anything but a first budget says why."""
    problems = [
        *check_amounts(terms.annual_amount, terms.previous_annual_amount),
        *check_methods(terms.methods, terms.annual_amount),
        *check_shares(terms.shares),
    ]
    if terms.one_off_amount < 0 or terms.one_off_amount != terms.one_off_amount.quantize(Decimal("0.01")):
        problems.append(Problem("one_off_amount", "Enter an amount of 0 or more in pounds and pence, such as 12500.00"))
    elif terms.one_off_amount and terms.one_off_method not in [part.method for part in terms.methods]:
        problems.append(
            Problem("one_off_method", "Select how the one-off amount is managed, one of the ways selected above")
        )
    if terms.annual_amount + terms.one_off_amount <= 0:
        problems.append(Problem("annual_amount", "Enter an annual amount or a one-off amount above £0"))
    if kind != ProposalKind.FIRST and not terms.reason.strip():
        problems.append(Problem("reason", "Enter the reason"))
    return problems


def check_first_day(applies_from: date, *, accepted_on: date, today: date) -> list[Problem]:
    """When a first budget is planned to start: not before the referral was accepted, nor years ahead."""
    if applies_from < accepted_on:
        return [Problem("applies_from", f"Enter a date on or after {day(accepted_on)}, when the referral was accepted")]
    return _not_far_ahead(applies_from, today)


def check_applies_from(kind: str, applies_from: date, standing: Standing, today: date) -> list[Problem]:
    """From when a further agreed budget of a PHB may apply. A confirmation applies from when the one before does."""
    if standing.ended_on is not None:
        return [Problem("", f"This personal health budget ended on {day(standing.ended_on)}. It cannot change")]
    if kind == ProposalKind.CONFIRMATION:
        if standing.is_confirmed:
            return [Problem("", "The budget agreed last was approved here already. Propose a change instead")]
        return []
    if applies_from < standing.earliest:
        return [
            Problem(
                "applies_from",
                f"Enter a date on or after {day(standing.earliest)}, when what holds now began. What was paid before "
                "is put right by a correction of the payments",
            )
        ]
    if kind == ProposalKind.CORRECTION and applies_from > today:
        return [Problem("applies_from", "Enter a date that is today or in the past: a correction is of what holds")]
    return _not_far_ahead(applies_from, today)


def _not_far_ahead(applies_from: date, today: date) -> list[Problem]:
    if (applies_from - today).days > MOST_DAYS_AHEAD:
        return [Problem("applies_from", "Enter a date no more than a year ahead")]
    return []


def check_difference(departure: Departure | None, reason: str) -> list[Problem]:
    """An amount that departs from the indicative budget beyond the commissioner's margin says why."""
    if departure is None or not departure.needs_reason or reason.strip():
        return []
    side = "above" if departure.difference > 0 else "below"
    by = f"£{abs(departure.difference):,.2f}"
    share = "" if departure.percent is None else f" ({abs(departure.percent)}%)"
    return [
        Problem(
            "difference_reason",
            f"Enter why the amount lies {by}{share} {side} the indicative budget, more than the margin allows",
        )
    ]


def check_block_contract(
    methods: Sequence[MethodAmount], *, is_block_funded: bool, conditions: Sequence[tuple[str, str]]
) -> list[Problem]:
    """A local offer may give no direct payment for what is paid under a block contract; a right is not narrowed by it.

    `conditions` are those the referral's answer puts on a direct payment, each with its source: only an offer beyond
    the law has any (LLR briefing, September 2017, paragraph 11). No new money: a block contract has paid already.
    """
    if not is_block_funded or not conditions or Method.DIRECT_PAYMENT not in [part.method for part in methods]:
        return []
    sources = "; ".join(source for _, source in conditions)
    return [
        Problem(
            "methods",
            "Select notional for what is paid under a block contract. The local offer gives no direct payment for it "
            f"({sources})",
        )
    ]


def is_within(first_year_amount: Decimal, delegated_limit: Decimal | None) -> bool:
    """Whether the lead nurse may approve it alone: at the limit is within it; without a limit nothing is."""
    return delegated_limit is not None and first_year_amount <= delegated_limit
