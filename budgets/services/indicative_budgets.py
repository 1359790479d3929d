"""Keeping an indicative budget. It never changes: working it out again makes the next number."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import IndicativeBudget, IndicativeBudgetLine
from budgets.rules.indicative_budgets import Worksheet
from budgets.selectors.indicative_budgets import latest_for, work_out_with_card
from budgets.selectors.needs_profiles import latest_profile
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def keep_indicative_budget(
    *,
    referral: Referral,
    by: User,
    worksheet: Worksheet,
    rates_on: dt.date,
    key: uuid.UUID,
    previous_annual_amount: Decimal | None = None,
    note: str = "",
    on: dt.date | None = None,
) -> IndicativeBudget:
    """Work out a worksheet and keep it with every line, on `on` (today unless it is said).

    `previous_annual_amount` is what the package it replaces costs a year, in pounds. The latest needs profile of the
    referral is held beside it. The same `key` again gives the same budget. Raises `PermissionDenied` without
    PLAN_BUDGETS, and `BudgetRefused` with every problem.
    """
    held = Referral.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=referral.pk)
    scope.check(by, Permission.PLAN_BUDGETS, held.commissioner)
    existing = IndicativeBudget.objects.filter(submission_key=key, referral=held).first()
    if existing is not None:
        return existing
    if held.status != ReferralStatus.ACCEPTED:
        raise BudgetRefused([Problem("", "Accept the referral first. A budget is planned from an accepted referral")])
    found = work_out_with_card(held, worksheet, rates_on)
    before = latest_for(held)
    budget = IndicativeBudget.objects.create(
        submission_key=key,
        referral=held,
        number=before.number + 1 if before else 1,
        rate_card=found.card,
        rates_on=rates_on,
        needs_profile=latest_profile(held),
        worksheet=worksheet.as_json(),
        note=note.strip(),
        annual_amount=found.working.annual_amount,
        one_off_amount=found.working.one_off_amount,
        previous_annual_amount=previous_annual_amount,
        worked_out_on=on or clock.today(),
        worked_out_by=by,
    )
    IndicativeBudgetLine.objects.bulk_create(
        IndicativeBudgetLine(
            budget=budget,
            position=position,
            group=line.group,
            label=line.label,
            quantity=line.quantity,
            unit=line.unit,
            rate=line.rate,
            is_percent=line.is_percent,
            period=line.period,
            amount=line.amount,
            annual_amount=line.annual_amount,
            source=line.source,
        )
        for position, line in enumerate(found.working.lines, start=1)
    )
    audit.record(
        actor=by,
        action="indicative-budget-worked-out",
        subject=budget,
        commissioner=held.commissioner,
        detail={"number": budget.number, "person": held.person_id, "rate_card": found.card.number},
    )
    return budget
