"""Arranging third parties and wheelchairs."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from budgets.enums import SupportKind, WheelchairOption
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget, SupportOrganisation, ThirdPartyArrangement, WheelchairArrangement
from budgets.rules import arrangements as rules
from budgets.rules.wheelchairs import TERMS, check_wheelchair, usual_expiry
from budgets.selectors.arrangements import latest_arrangement
from budgets.selectors.support_organisations import organisations_serving
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Permission

from .arrangement_support import begin_problems, fill, held_arrangement, is_same, open_problems, record_change, replace
from .holding import held_budget


@transaction.atomic
def arrange_third_party(
    *,
    phb: PersonalHealthBudget,
    by: User,
    organisation: SupportOrganisation,
    starts_on: dt.date,
    agreed_on: dt.date | None = None,
) -> ThirdPartyArrangement:
    """Record the organisation that holds the third-party part from `starts_on`; the one before ends that day.

    `agreed_on` is when the agreement with it was signed; it may follow, and nothing is paid before. Asked for twice
    it is made once. Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    serving = organisations_serving(phb.commissioner, starts_on, SupportKind.THIRD_PARTY)
    problems = rules.check_dates({"agreed_on": agreed_on}, clock.today())
    if not serving.filter(pk=organisation.pk).exists():
        problems.append(
            Problem("organisation", "Select an organisation that holds budgets as a third party on that day")
        )
    latest: ThirdPartyArrangement | None = latest_arrangement(ThirdPartyArrangement, phb)
    fields = {"organisation_id": organisation.pk, "agreed_on": agreed_on}
    if not problems and latest is not None and is_same(latest, starts_on, fields):
        return latest
    problems += begin_problems(phb, starts_on, latest)
    if problems:
        raise BudgetRefused(problems)
    replace(latest, starts_on)
    made = ThirdPartyArrangement.objects.create(phb=phb, starts_on=starts_on, recorded_by=by, **fields)
    detail = {"starts_on": starts_on.isoformat(), "organisation": organisation.pk}
    record_change(made, phb, "third-party-arranged", by, detail)
    return made


@transaction.atomic
def sign_third_party(*, arrangement: ThirdPartyArrangement, by: User, agreed_on: dt.date) -> ThirdPartyArrangement:
    """Record when the agreement with a third party was signed. Raises `PermissionDenied` or `BudgetRefused`."""
    held = held_arrangement(arrangement, by)
    if held.agreed_on == agreed_on:
        return held
    problems = [*open_problems(held), *rules.check_dates({"agreed_on": agreed_on}, clock.today())]
    if held.agreed_on is not None:
        problems.append(Problem("agreed_on", "This is recorded already. Make a new arrangement if it is wrong"))
    if problems:
        raise BudgetRefused(problems)
    fill(held, {"agreed_on": agreed_on}, "third-party-signed", by)
    return held


@transaction.atomic
def arrange_wheelchair(
    *,
    phb: PersonalHealthBudget,
    by: User,
    option: WheelchairOption,
    starts_on: dt.date,
    expires_on: dt.date | None = None,
    supplier: SupportOrganisation | None = None,
    contribution_amount: Decimal = Decimal(0),
    repair_amount: Decimal = Decimal(0),
) -> WheelchairArrangement:
    """Record a wheelchair of a personal wheelchair budget; the one before ends on the day this one is issued.

    Without `expires_on` its period is 5 years for an adult and 3 for a child. The contribution is the person's own
    money and no part of the budget. Asked for twice it is made once. Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    expires_on = expires_on or usual_expiry(starts_on, phb.person.born_on)
    problems = check_wheelchair(
        option=option,
        cohort=phb.cohort.code,
        starts_on=starts_on,
        expires_on=expires_on,
        contribution_amount=contribution_amount,
        repair_amount=repair_amount,
    )
    if option == WheelchairOption.THIRD_PARTY and supplier is None:
        problems.append(Problem("supplier", "Select the supplier to whom the budget is paid"))
    if supplier and not organisations_serving(phb.commissioner, starts_on).filter(pk=supplier.pk).exists():
        problems.append(Problem("supplier", "Select a supplier that is in use on that day"))
    terms = TERMS[option]
    fields = {
        "option": option.value,
        "owner": terms.owner.value,
        "repairer": terms.repairer.value,
        "supplier_id": supplier.pk if supplier else None,
        "contribution_amount": contribution_amount,
        "repair_amount": repair_amount,
        "expires_on": expires_on,
    }
    latest: WheelchairArrangement | None = latest_arrangement(WheelchairArrangement, phb)
    if not problems and latest is not None and is_same(latest, starts_on, fields):
        return latest
    problems += begin_problems(phb, starts_on, latest)
    if problems:
        raise BudgetRefused(problems)
    replace(latest, starts_on)
    made = WheelchairArrangement.objects.create(phb=phb, starts_on=starts_on, recorded_by=by, **fields)
    detail = {"starts_on": starts_on.isoformat(), "option": option.value}
    record_change(made, phb, "wheelchair-arranged", by, detail)
    return made
