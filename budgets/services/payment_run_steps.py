"""What every step of a payment run does: change its status, leave the record of the step and the line in the log."""

import datetime as dt

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PaymentRun, PaymentRunTransition
from budgets.rules.payment_run_states import RunStep, step_for
from phb_register import audit, scope
from phb_register.models import User

DONE_ALREADY = "This was done already, perhaps by somebody else. Look at the run before you do anything else"


def locked(run: PaymentRun) -> PaymentRun:
    """The run, held for this transaction."""
    rows = PaymentRun.objects.select_for_update(of=("self",)).select_related("commissioner", "prepared_by")
    return rows.get(pk=run.pk)


def may_take(run: PaymentRun, action: str, by: User) -> RunStep:
    """The step, if the user may take it now. Raises `PermissionDenied`, or `BudgetRefused` with what to do."""
    step = step_for(action, run.status)
    if step is None:
        raise BudgetRefused([Problem("", DONE_ALREADY)])
    scope.check(by, step.permission, run.commissioner)
    if step.by_another and by.pk == run.prepared_by_id:
        raise BudgetRefused([Problem("", "You prepared this run, so somebody else must check and release it")])
    return step


def take_step(run: PaymentRun, step: RunStep, *, by: User, on: dt.date, note: str = "") -> None:
    """Save the run in its new status. Whoever calls has locked it and checked."""
    before = run.status
    run.status = step.to_status
    run.save()
    record_step(run, step, from_status=before, by=by, on=on, note=note)


def record_step(run: PaymentRun, step: RunStep, *, from_status: str, by: User, on: dt.date, note: str = "") -> None:
    """Leave the record of a step."""
    PaymentRunTransition.objects.create(
        run=run,
        action=step.action,
        from_status=from_status,
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    detail = {"run": run.label, "to": str(step.to_status)}
    audit.record(actor=by, action=f"{step.action.replace('_', '-')}-payment-run", subject=run, detail=detail)


def refused(message: str, field: str = "") -> BudgetRefused:
    """A refusal with one problem."""
    return BudgetRefused([Problem(field, message)])
