"""Signing off that a personal assistant can do a healthcare task."""

import datetime as dt
import uuid

from django.db import transaction

from budgets.enums import PlanStatus, Registration
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import DelegatedTask, SupportPlan, TaskSignOff
from budgets.rules import agreement
from phb_register import clock
from phb_register.models import User

from .plan_support import locked_plan, record_edit, refused

MAY_BE_SIGNED_OFF = (PlanStatus.DRAFT, PlanStatus.PROPOSED, PlanStatus.SIGNED)


@transaction.atomic
def sign_off_task(
    *,
    plan: SupportPlan,
    key: uuid.UUID,
    trained_by: str,
    trained_on: dt.date,
    signed_off_by: str,
    registration: str,
    registration_number: str,
    signed_off_on: dt.date,
    valid_until: dt.date,
    by: User,
) -> TaskSignOff:
    """Record that a registered professional signed an assistant off for a task, until the end of a day.

    The same again is the same record; a later one renews it. Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = locked_plan(plan, by)
    if held.status not in MAY_BE_SIGNED_OFF:
        raise refused(f"Version {held.number} is now: {held.get_status_display().lower()}. Open the one in force")
    task = DelegatedTask.objects.filter(plan=held, key=key).first()
    if task is None:
        raise refused("This task was removed meanwhile. Add it again if it is still needed")
    problems = _check(trained_by, trained_on, signed_off_by, registration, registration_number)
    if signed_off_on < trained_on:
        problems.append(Problem("signed_off_on", "Date signed off must be on or after the date of the training"))
    if signed_off_on > clock.today():
        problems.append(Problem("signed_off_on", "Date signed off must be today or in the past"))
    if valid_until <= signed_off_on:
        said = f"Date it is valid until must be after {agreement.day(signed_off_on)}, when it was signed off"
        problems.append(Problem("valid_until", said))
    if problems:
        raise BudgetRefused(problems)
    sign_off, is_new = TaskSignOff.objects.get_or_create(
        task=task,
        signed_off_on=signed_off_on,
        valid_until=valid_until,
        defaults={
            "trained_by": trained_by.strip(),
            "trained_on": trained_on,
            "signed_off_by": signed_off_by.strip(),
            "registration": registration,
            "registration_number": registration_number.strip(),
            "recorded_by": by,
        },
    )
    if is_new:
        record_edit(held, "task-sign-off", by=by, detail={"task": str(key), "until": valid_until.isoformat()})
    return sign_off


def _check(
    trained_by: str, trained_on: dt.date, signed_off_by: str, registration: str, registration_number: str
) -> list[Problem]:
    """A task is delegated by a registered professional, to somebody trained for this person."""
    needed = {
        "trained_by": (trained_by, "Enter who trained the personal assistant"),
        "signed_off_by": (signed_off_by, "Enter the registered professional who signed it off"),
        "registration_number": (registration_number, "Enter their registration number"),
    }
    problems = [Problem(name, remedy) for name, (value, remedy) in needed.items() if not value.strip()]
    if registration not in Registration.values:
        problems.append(Problem("registration", "Select with whom the professional is registered"))
    return problems
