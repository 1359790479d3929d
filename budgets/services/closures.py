"""The final reconciliation of a PHB that ended, by a second person."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetClosure
from budgets.rules import closure_states as steps
from budgets.rules import ending
from budgets.selectors.closures import facts_of
from phb_register import audit, clock, scope
from phb_register.models import User

from .ending import record_step

NO_LONGER = "This was done already, perhaps by somebody else. Check what was recorded before you do anything else"


@transaction.atomic
def reconcile_closure(
    *, closure: BudgetClosure, by: User, final_balance: Decimal, note: str = "", today: dt.date | None = None
) -> BudgetClosure:
    """Close the money of a PHB for good. `final_balance` is pounds that were paid and not spent: above nought it was
    recovered or written off, below nought a final payment was made, and `note` says how.

    Refused while a payment, a recovery or a return is on its way, and to whoever recorded the end. Raises
    `PermissionDenied` or `BudgetRefused`.
    """
    today = today or clock.today()
    rows = BudgetClosure.objects.select_related("phb__commissioner")
    held = rows.select_for_update(of=("self", "phb")).get(pk=closure.pk)
    scope.check(by, steps.RECONCILE.permission, held.phb.commissioner)
    if steps.RECONCILE not in steps.steps_from(held.status):
        raise BudgetRefused([Problem("", NO_LONGER)])
    facts = facts_of(held.phb, today)
    problems = ending.check_reconciled(
        is_own_end=held.opened_by_id == by.pk, final_balance=final_balance, note=note, unsettled=facts.unsettled
    )
    if problems:
        raise BudgetRefused(problems)
    held.status, held.reconciled_on, held.reconciled_by = steps.RECONCILE.to_status, today, by
    held.final_balance, held.note = final_balance, note.strip()
    held.settlement = ending.settlement_of(final_balance)
    held.last_payment_on = facts.last_payment_on
    held.save()
    record_step(held, steps.RECONCILE, by=by, on=today, note=held.note, from_status=steps.RECONCILE.from_status)
    audit.record(actor=by, action="budget-reconciled", subject=held.phb, detail={"settlement": held.settlement})
    return held
