"""Reads of indicative budgets, and working one out without keeping it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import AgreedBudget, BudgetSettings, IndicativeBudget, RateCard
from budgets.rules.indicative_budget_checks import check_worksheet
from budgets.rules.indicative_budgets import Working, Worksheet, work_out
from eligibility.models import Referral
from phb_register.dates import financial_year
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import can

from .agreed_budgets import agreed_on, latest_agreed
from .ledger import paid_in
from .personal_health_budgets import budget_from
from .rate_cards import rate_card_on


@dataclass(frozen=True)
class WorkedOut:
    """What a worksheet comes to, and the rate card it was worked out with."""

    card: RateCard
    working: Working


@dataclass(frozen=True)
class ThreeAmounts:
    """What a budget was worked out to be, what was agreed, and what was paid, as far as each exists and may be seen.

    `paid` is what was paid net from `paid_from` to `paid_until`: this financial year so far.
    """

    indicative: IndicativeBudget | None
    agreed: AgreedBudget | None
    margin_percent: Decimal
    paid: Decimal | None = None
    may_see_paid: bool = False
    paid_from: dt.date | None = None
    paid_until: dt.date | None = None


def work_out_with_card(referral: Referral, worksheet: Worksheet, rates_on: dt.date) -> WorkedOut:
    """Work out a worksheet with the rate card that counts on a day for the referral's commissioner; keeps nothing.

    Raises `BudgetRefused` with every problem, also where no rate card is in force on the day.
    """
    card = rate_card_on(referral.commissioner, rates_on)
    if card is None:
        raise BudgetRefused(
            [
                Problem(
                    "rates_on",
                    f"{referral.commissioner} has no rate card in force on that day. Enter another day, or have a rate "
                    "card put in force first",
                )
            ]
        )
    rates = card.as_rates()
    problems = check_worksheet(worksheet, rates)
    if problems:
        raise BudgetRefused(problems)
    return WorkedOut(card, work_out(worksheet, rates))


def planning_referral(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> Referral | None:
    """A referral of a commissioner for which the user has the permission, with its person."""
    rows = Referral.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related("person__commissioner", "commissioner", "cohort").first()


def indicative_budgets_of(user: User, referral: Referral) -> QuerySet[IndicativeBudget]:
    """Every calculation for a referral that the user may see, the latest first."""
    rows = IndicativeBudget.objects.visible_to(user).filter(referral=referral).newest_first()
    return rows.select_related("rate_card__commissioner", "worked_out_by", "needs_profile")


def indicative_budgets_of_person(user: User, person: Person) -> QuerySet[IndicativeBudget]:
    """Every calculation for any referral of a person that the user may see."""
    rows = IndicativeBudget.objects.visible_to(user).filter(referral__person=person)
    return rows.select_related("referral", "worked_out_by").order_by("worked_out_on", "pk")


def indicative_budget_for(user: User, referral: Referral, number: int) -> IndicativeBudget | None:
    """One calculation, with its lines."""
    return indicative_budgets_of(user, referral).filter(number=number).prefetch_related("lines").first()


def latest_for(referral: Referral) -> IndicativeBudget | None:
    """The latest calculation for a referral; None before the first."""
    return IndicativeBudget.objects.filter(referral=referral).newest_first().first()


def three_amounts(user: User, referral: Referral, today: dt.date) -> ThreeAmounts:
    """The latest indicative budget, what is agreed (or will apply next), and what was paid this financial year."""
    phb = budget_from(referral)
    margin = BudgetSettings.objects.of(referral.commissioner, today).difference_margin_percent
    if phb is None:
        return ThreeAmounts(latest_for(referral), None, margin)
    may_see = can(user, Permission.VIEW_PAYMENTS, phb.commissioner)
    first = financial_year(today).start
    return ThreeAmounts(
        indicative=latest_for(referral),
        agreed=agreed_on(phb, today) or latest_agreed(phb),
        margin_percent=margin,
        paid=paid_in(phb, first, today) if may_see else None,
        may_see_paid=may_see,
        paid_from=first,
        paid_until=today,
    )
