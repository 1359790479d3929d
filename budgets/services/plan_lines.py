"""Writing the lines of a draft: outcomes, services, risks and delegated healthcare tasks."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from budgets.enums import Method, PayeeRelationship, Recurrence
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PlanOutcome, PlanService, SupportPlan
from budgets.models.plan_parts import PlanPart
from budgets.rules import agreement
from budgets.rules.plan_household import Payee, check_payee
from budgets.rules.plan_purchases import check_purchase
from budgets.rules.plan_sections import PlanSection
from budgets.selectors.plan_lines import MODELS
from budgets.selectors.plan_purchases import prohibited_for
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Permission

from .plan_support import check_revision, locked_draft, record_edit, refused

#: What of each line is written by people; the rest is kept by the register.
FIELDS: dict[PlanSection, tuple[str, ...]] = {
    PlanSection.OUTCOMES: ("statement", "how_met"),
    PlanSection.SERVICES: (
        "description", "category", "why_not_prohibited", "outcome", "provider", "provider_name", "method", "recurrence",
        "amount", "relationship", "lives_in_same_household", "exception_reason", "exception_necessity",
    ),
    PlanSection.RISKS: ("risk", "how_managed", "managed_by"),
    PlanSection.DELEGATED_TASKS: ("task", "assistant_name", "when_to_stop"),
}  # fmt: skip
_NEEDED = {
    "statement": "Enter the outcome, in the person’s own words",
    "how_met": "Enter how it is met",
    "risk": "Enter the risk",
    "how_managed": "Enter how it is managed",
    "task": "Enter the task",
    "assistant_name": "Enter the name of the personal assistant",
    "description": "Enter what is bought",
}
_EXCEPTION = ("exception_reason", "exception_necessity", "asked_by", "asked_on", "approved_by", "approved_on")
#: An approval is of this payee for this money: with another of these it is asked for again.
_APPROVED_FOR = (
    "provider", "provider_name", "method", "recurrence", "amount", "relationship", "lives_in_same_household",
    "exception_reason", "exception_necessity",
)  # fmt: skip


@transaction.atomic
def add_line(
    *,
    plan: SupportPlan,
    section: PlanSection,
    values: Mapping[str, Any],
    by: User,
    key: uuid.UUID | None = None,
    on: dt.date | None = None,
) -> PlanPart:
    """Add a line to a draft. The same `key` again is the same line. Raises `PermissionDenied` or `BudgetRefused`."""
    held, day, key = locked_draft(plan, by), on or clock.today(), key or uuid.uuid4()
    rows = _rows(section)
    existing: PlanPart | None = rows.filter(plan=held, key=key).first()
    if existing is not None:
        return existing
    line: PlanPart = rows.model(plan=held, key=key)
    _write(line, held, section, values, by=by, on=day)
    line.save()
    record_edit(held, section, by=by, detail={"added": str(key)})
    return line


@transaction.atomic
def change_line(
    *,
    plan: SupportPlan,
    section: PlanSection,
    key: uuid.UUID,
    values: Mapping[str, Any],
    revision: int,
    by: User,
    on: dt.date | None = None,
) -> PlanPart:
    """Change a line of a draft that is still as it was opened. Raises also `ChangedMeanwhile`."""
    held, day = locked_draft(plan, by), on or clock.today()
    line = _line(held, section, key)
    before = {name: getattr(line, name) for name in FIELDS[section]}
    last_editor = line.edited_by_id
    _write(line, held, section, values, by=by, on=day)
    if before == {name: getattr(line, name) for name in FIELDS[section]}:
        return _line(held, section, key)
    check_revision(line.revision, revision, last_editor)
    line.revision += 1
    line.save()
    record_edit(held, section, by=by, detail={"changed": str(key)})
    return line


@transaction.atomic
def remove_line(*, plan: SupportPlan, section: PlanSection, key: uuid.UUID, by: User) -> None:
    """Take a line out of a draft; one that is gone already is fine. Raises `PermissionDenied` or `BudgetRefused`."""
    held = locked_draft(plan, by)
    line = _rows(section).filter(plan=held, key=key).first()
    if line is None:
        return
    if isinstance(line, PlanOutcome) and line.services.exists():
        names = ", ".join(f"“{service.description}”" for service in line.services.all())
        raise refused(f"Change or remove the services for this outcome first: {names}")
    line.delete()
    record_edit(held, section, by=by, detail={"removed": str(key)})


@transaction.atomic
def approve_exception(*, plan: SupportPlan, key: uuid.UUID, by: User, on: dt.date | None = None) -> PlanService:
    """Approve that somebody of the same household is paid; never by whoever wrote the line.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held, day = locked_draft(plan, by, Permission.APPROVE_BUDGETS), on or clock.today()
    service = _line(held, PlanSection.SERVICES, key)
    assert isinstance(service, PlanService)  # noqa: S101  the section says so
    if service.asked_by_id is None or service.approved_by_id is not None:
        raise refused("There is no exception to approve here any more")
    if by.pk in (service.asked_by_id, service.edited_by_id):
        raise refused("You wrote this line, so somebody else must approve the exception")
    if service.asked_on and day < service.asked_on:
        raise refused(f"Date must be on or after {agreement.day(service.asked_on)}, when it was asked for", "on")
    service.approved_by, service.approved_on = by, day
    service.save(update_fields=["approved_by", "approved_on"])
    record_edit(held, "exception", by=by, detail={"approved": str(key)})
    return service


def _rows(section: PlanSection) -> Any:
    return MODELS[section]._default_manager


def _line(plan: SupportPlan, section: PlanSection, key: uuid.UUID) -> PlanPart:
    found: PlanPart | None = _rows(section).filter(plan=plan, key=key).first()
    if found is None:
        raise refused("This line was removed meanwhile. Add it again if it is still needed")
    return found


def _write(
    line: PlanPart, plan: SupportPlan, section: PlanSection, values: Mapping[str, Any], *, by: User, on: dt.date
) -> None:
    """Put the values into the line, if the rules allow them. Raises `BudgetRefused`."""
    cleaned = {name: _clean(values.get(name, "")) for name in FIELDS[section]}
    problems = [Problem(name, remedy) for name, remedy in _NEEDED.items() if name in cleaned and not cleaned[name]]
    problems += _CHECKS.get(section, _nothing)(cleaned, plan, on)
    if problems:
        raise BudgetRefused(problems)
    if isinstance(line, PlanService):
        _settle_exception(line, cleaned, by=by, on=on)
    for name, value in cleaned.items():
        setattr(line, name, value)
    line.edited_by = by


def _nothing(cleaned: dict[str, Any], plan: SupportPlan, on: dt.date) -> list[Problem]:
    return []


def _check_service(cleaned: dict[str, Any], plan: SupportPlan, on: dt.date) -> list[Problem]:
    """What may be bought, from whom, for how much. What does not belong to the answers is dropped."""
    cleaned["provider"] = cleaned["provider"] or None
    cleaned["outcome"] = cleaned["outcome"] or None
    cleaned["lives_in_same_household"] = bool(cleaned["lives_in_same_household"])
    cleaned["relationship"] = cleaned["relationship"] or PayeeRelationship.NOT_CONNECTED
    if cleaned["relationship"] == PayeeRelationship.NOT_CONNECTED:
        cleaned["lives_in_same_household"] = False
    payee = Payee(
        cleaned["method"],
        cleaned["relationship"],
        cleaned["lives_in_same_household"],
        cleaned["exception_reason"],
        cleaned["exception_necessity"],
    )
    if not payee.is_of_household:
        cleaned["exception_reason"] = cleaned["exception_necessity"] = ""
    listed = prohibited_for(plan.referral.commissioner, on)
    said = f"{cleaned['description']} {cleaned['provider_name']}"
    return [
        *check_purchase(cleaned["category"], said, cleaned["why_not_prohibited"], listed),
        *_check_money(cleaned),
        *_check_who(cleaned, plan),
        *check_payee(payee, on),
    ]


def _check_money(cleaned: dict[str, Any]) -> list[Problem]:
    problems = []
    if cleaned["method"] not in Method.values:
        problems.append(Problem("method", "Select how the money for it is managed"))
    if cleaned["recurrence"] not in Recurrence.values:
        problems.append(Problem("recurrence", "Select how often it costs this"))
    amount = cleaned["amount"]
    if not amount or amount <= 0 or amount != amount.quantize(agreement.PENCE):
        problems.append(Problem("amount", "Enter an amount above 0 in pounds and pence, such as 250.00"))
    return problems


def _check_who(cleaned: dict[str, Any], plan: SupportPlan) -> list[Problem]:
    outcome, problems = cleaned["outcome"], []
    if cleaned["provider"] is None and not cleaned["provider_name"]:
        problems.append(Problem("provider_name", "Select an organisation, or enter who provides it"))
    if isinstance(outcome, Model) and outcome.plan_id != plan.pk:  # type: ignore[attr-defined]
        problems.append(Problem("outcome", "Select an outcome of this plan"))
    return problems


def _settle_exception(line: PlanService, cleaned: dict[str, Any], *, by: User, on: dt.date) -> None:
    """Ask for the exception again where what it was approved for changed; forget it where it is not needed."""
    if not cleaned["exception_reason"]:
        for name in _EXCEPTION:
            setattr(line, name, "" if name.startswith("exception_") else None)
    elif line.asked_by_id is None or any(getattr(line, name) != cleaned[name] for name in _APPROVED_FOR):
        line.asked_by, line.asked_on, line.approved_by, line.approved_on = by, on, None, None


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


_CHECKS: dict[PlanSection, Callable[[dict[str, Any], SupportPlan, dt.date], list[Problem]]] = {
    PlanSection.SERVICES: _check_service
}
