"""Entering a PHB that was agreed elsewhere or before it was approved here."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from budgets.enums import LivesIn
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget
from budgets.policies import agreement as policies
from budgets.rules import agreement
from budgets.rules.agreement import MethodAmount, Share
from eligibility.models import Referral
from phb_register import audit, clock, scope
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on

from .agreed_budgets import add_agreed_budget, make_budget
from .checks import check_direct_payment, check_new_budget


@transaction.atomic
def agree_budget(
    *,
    referral: Referral,
    by: User,
    agreed_on: dt.date,
    annual_amount: Decimal,
    methods: Sequence[MethodAmount],
    shares: Sequence[Share],
    previous_annual_amount: Decimal | None = None,
    started_on: dt.date | None = None,
    is_fast_track: bool = False,
    lives_in: LivesIn = LivesIn.HOME,
    is_one_off: bool = False,
    is_free_of_orders: bool = False,
) -> PersonalHealthBudget:
    """Enter a PHB that was agreed elsewhere or before, and start it where `started_on` is given.

    It is in the cohort of the accepted referral. Nothing is paid on it until a proposal confirms it; budgets agreed
    here come from an approved proposal (`budgets.services.budget_proposals`).

    Amounts are pounds a year; the methods' amounts add to `annual_amount`, the shares to 100 with an NHS share.
    `is_free_of_orders` is the user's word that no order stands against a direct payment (see `check_direct_payment`).
    It is accountable to the referral's commissioner, or to whoever had taken over from it by `agreed_on`.
    Raises `PermissionDenied` without MANAGE_BUDGETS there, and `BudgetRefused` with every problem found.
    """
    referral = (
        Referral.objects.select_for_update(of=("self",)).select_related("commissioner", "cohort").get(pk=referral.pk)
    )
    # Held to the end, so that two budgets of one person cannot pass the check for overlap side by side.
    person = Person.objects.select_related("commissioner").select_for_update(of=("self",)).get(pk=referral.person_id)
    scope.check(by, Permission.MANAGE_BUDGETS, referral.commissioner)
    policies.check_can_agree(referral)
    commissioner = accountable_on(referral.commissioner, agreed_on)
    today = clock.today()
    problems: list[Problem] = [
        *check_new_budget(referral, person, commissioner, agreed_on=agreed_on, first_day=started_on),
        *agreement.check_amounts(annual_amount, previous_annual_amount),
        *agreement.check_methods(methods, annual_amount),
        *agreement.check_shares(shares),
        *check_direct_payment(
            referral, person, methods, started_on or agreed_on, is_free_of_orders=is_free_of_orders, by=by
        ),
    ]
    if started_on is not None:
        problems += agreement.check_started_on(
            started_on, agreed_on=agreed_on, already_started_on=None, ended_on=None, today=today
        )
    if problems:
        raise BudgetRefused(problems)
    phb = PersonalHealthBudget(
        person=person,
        commissioner=commissioner,
        referral=referral,
        agreed_on=agreed_on,
        agreed_by=by,
        started_on=started_on,
        annual_amount=annual_amount,
        previous_annual_amount=previous_annual_amount,
        is_fast_track=is_fast_track,
        lives_in=lives_in,
        is_one_off=is_one_off,
    )
    make_budget(phb, methods)
    add_agreed_budget(phb, by=by, applies_from=agreed_on, annual_amount=annual_amount, shares=shares)
    detail = {"agreed_on": agreed_on.isoformat(), "cohort": phb.cohort.code}
    if started_on is not None:
        detail["started_on"] = started_on.isoformat()
    audit.record(actor=by, action="budget-agreed", subject=phb, detail=detail)
    return phb
