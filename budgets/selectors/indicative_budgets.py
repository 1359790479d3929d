"""Reads of indicative budgets, and working one out without keeping it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import IndicativeBudget, RateCard
from budgets.rules.indicative_budget_checks import check_worksheet
from budgets.rules.indicative_budgets import Working, Worksheet, work_out
from eligibility.models import Referral
from phb_register.models import User
from phb_register.roles import Permission

from .rate_cards import rate_card_on


@dataclass(frozen=True)
class WorkedOut:
    """What a worksheet comes to, and the rate card it was worked out with."""

    card: RateCard
    working: Working


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


def indicative_budget_for(user: User, referral: Referral, number: int) -> IndicativeBudget | None:
    """One calculation, with its lines."""
    return indicative_budgets_of(user, referral).filter(number=number).prefetch_related("lines").first()


def latest_for(referral: Referral) -> IndicativeBudget | None:
    """The latest calculation for a referral; None before the first."""
    return IndicativeBudget.objects.filter(referral=referral).newest_first().first()
