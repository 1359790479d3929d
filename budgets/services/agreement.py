"""Agreeing a PHB from an accepted referral."""

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
from eligibility.selectors.referrals import accepted_on
from phb_register import audit, clock, scope
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on

from .agreed_budgets import add_agreed_budget, open_parts
from .checks import check_accountable, check_direct_payment, check_no_overlap, check_responsible


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
    """Agree the PHB of an accepted referral, in the referral's cohort, and start it where `started_on` is given.

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
    first_day = accepted_on(referral)
    # An accepted referral has both: referral_cohort_once_accepted, and no way to the status but by a decision.
    assert referral.cohort is not None  # noqa: S101
    assert first_day is not None  # noqa: S101
    commissioner = accountable_on(referral.commissioner, agreed_on)
    today = clock.today()
    problems: list[Problem] = [
        *agreement.check_agreed_on(agreed_on, accepted_on=first_day, today=today),
        *check_accountable(commissioner, agreed_on),
        *check_responsible(referral, person, agreed_on),
        *agreement.check_amounts(annual_amount, previous_annual_amount),
        *agreement.check_methods(methods, annual_amount),
        *agreement.check_shares(shares),
        *check_direct_payment(referral, person, methods, started_on or agreed_on, is_free_of_orders=is_free_of_orders),
    ]
    if started_on is not None:
        problems += agreement.check_started_on(
            started_on, agreed_on=agreed_on, already_started_on=None, ended_on=None, today=today
        )
    problems += check_no_overlap(
        person,
        referral.cohort,
        field="agreed_on" if started_on is None else "started_on",
        first_day=started_on or agreed_on,
    )
    if problems:
        raise BudgetRefused(problems)
    phb = PersonalHealthBudget.objects.create(
        person=person,
        commissioner=commissioner,
        cohort=referral.cohort,
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
    open_parts(phb, methods, started_on or agreed_on)
    add_agreed_budget(phb, by=by, applies_from=agreed_on, annual_amount=annual_amount, shares=shares)
    detail = {"agreed_on": agreed_on.isoformat(), "cohort": referral.cohort.code}
    if started_on is not None:
        detail["started_on"] = started_on.isoformat()
    audit.record(actor=by, action="budget-agreed", subject=phb, detail=detail)
    return phb
