"""What comes back of a recovery, what is written off, and looking at a notice again (regulation 15(4))."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import IntegrityError, transaction

from budgets.enums import Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import (
    LedgerEntry,
    Recovery,
    RecoveryOutcome,
    RecoveryReconsideration,
    Repayment,
    WriteOff,
)
from budgets.payment_enums import LedgerKind
from budgets.rules import agreement
from budgets.rules import recovery_states as states
from budgets.rules.recovery_states import RecoveryStatus
from budgets.rules.statement_cells import mask
from budgets.selectors.recoveries import open_reconsideration, open_write_off, sums_of
from phb_register.models import User
from phb_register.selectors.settings import settings_of

from .ledger import record_entry, reverse_entry
from .recoveries import NO_LONGER, RULE, ready, record_step, write_notice


@transaction.atomic
def record_repayment(
    *, recovery: Recovery, amount: Decimal, received_on: dt.date, by: User, key: uuid.UUID, note: str = ""
) -> Repayment:
    """Record money that came back, in pounds, here and in the ledger. The same ``key`` again changes nothing.

    Raises ``PermissionDenied``, or ``BudgetRefused`` for more than is owed.
    """
    existing = Repayment.objects.filter(key=key, recovery=recovery).first()
    if existing is not None:
        return existing
    held, day = ready(recovery, states.REPAY, by=by, on=received_on)
    repaid, written_off = sums_of(held)
    left = states.outstanding(held.amount, repaid, written_off)
    if not 0 < amount <= left:
        raise BudgetRefused(
            [Problem("amount", f"Enter an amount above £0 and no more than £{left:,.2f}, which is owed")]
        )
    repayment = Repayment.objects.create(
        recovery=held, key=key, amount=amount, received_on=day, note=mask(note.strip())[:200], recorded_by=by
    )
    record_entry(
        phb=held.phb,
        kind=LedgerKind.RECOVERY,
        amount=-amount,
        entered_on=day,
        by=by,
        method=_method_of(held),
        key=key,
        note=repayment.note,
    )
    _stand(held, states.REPAY, by=by, on=day, note=f"£{amount:,.2f}")
    return repayment


@transaction.atomic
def reverse_repayment(*, repayment: Repayment, reason: str, by: User, on: dt.date | None = None) -> Repayment:
    """Take back a repayment that was recorded by mistake, bounced, or was given back; here and in the ledger.

    Asked twice it is done once. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    existing = Repayment.objects.filter(reverses=repayment).first()
    if existing is not None:
        return existing
    held, day = ready(repayment.recovery, states.REVERSE, by=by, on=on)
    problems = []
    if repayment.amount <= 0 or repayment.recovery_id != held.pk:
        problems.append(Problem("repayment", "Select a repayment that came in"))
    if not reason.strip():
        problems.append(Problem("reason", "Enter the reason"))
    if day < repayment.received_on:
        problems.append(Problem("on", f"Date must be on or after {agreement.day(repayment.received_on)}"))
    if problems:
        raise BudgetRefused(problems)
    reversal = Repayment.objects.create(
        recovery=held,
        key=uuid.uuid4(),
        amount=-repayment.amount,
        received_on=day,
        reverses=repayment,
        note=mask(reason.strip())[:200],
        recorded_by=by,
    )
    entry = LedgerEntry.objects.get(key=repayment.key)
    reverse_entry(entry=entry, by=by, entered_on=day, reason=reversal.note)
    _stand(held, states.REVERSE, by=by, on=day, note=reversal.note)
    return reversal


@transaction.atomic
def propose_write_off(*, recovery: Recovery, reason: str, by: User, on: dt.date | None = None) -> WriteOff:
    """Propose to write off what is still owed; somebody else decides. Raises as the others do."""
    held, day = ready(recovery, states.PROPOSE_WRITE_OFF, by=by, on=on)
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why it is not worth, or not right, to go on asking")])
    repaid, written_off = sums_of(held)
    try:
        with transaction.atomic():
            proposed = WriteOff.objects.create(
                recovery=held,
                amount=states.outstanding(held.amount, repaid, written_off),
                reason=reason.strip(),
                proposed_on=day,
                proposed_by=by,
            )
    except IntegrityError as error:
        raise BudgetRefused([Problem("", "Writing it off was proposed already and waits for a decision")]) from error
    record_step(held, states.PROPOSE_WRITE_OFF, held.status, by=by, on=day, note=reason.strip())
    return proposed


@transaction.atomic
def decide_write_off(
    *, recovery: Recovery, is_approved: bool, note: str, by: User, on: dt.date | None = None
) -> Recovery:
    """Write off what is owed now, or go on asking for it; never by whoever proposed it. Raises as the others do."""
    held, day = ready(recovery, states.WRITE_OFF, by=by, on=on)
    waits = open_write_off(held)
    if waits is None:
        raise BudgetRefused([Problem("", NO_LONGER)])
    if waits.proposed_by_id == by.pk:
        raise BudgetRefused([Problem("", "You proposed this, so somebody else decides")])
    if not is_approved and not note.strip():
        raise BudgetRefused([Problem("note", "Enter why it is not written off")])
    repaid, written_off = sums_of(held)
    if is_approved and waits.amount != states.outstanding(held.amount, repaid, written_off):
        raise BudgetRefused([Problem("", "Something was repaid since. Say no, and have it proposed again")])
    waits.is_approved, waits.decided_by, waits.decided_on = is_approved, by, day
    waits.decision_note = note.strip()
    waits.save(update_fields=["is_approved", "decided_by", "decided_on", "decision_note"])
    if is_approved:
        _stand(held, states.WRITE_OFF, by=by, on=day, note=note.strip())
    else:
        record_step(held, states.WRITE_OFF, held.status, by=by, on=day, note=note.strip())
    return held


@transaction.atomic
def ask_again(
    *, recovery: Recovery, asked_by_name: str, statement: str, by: User, on: dt.date | None = None
) -> RecoveryReconsideration:
    """Record that somebody required the notice to be looked at again. Raises as the others do."""
    held, day = ready(recovery, states.ASK_AGAIN, by=by, on=on)
    problems = []
    if not asked_by_name.strip():
        problems.append(Problem("asked_by_name", "Enter who asked"))
    if not statement.strip():
        problems.append(Problem("statement", "Enter why they think the notice is wrong"))
    if open_write_off(held) is not None:
        problems.append(Problem("", "Decide first whether it is written off"))
    if problems:
        raise BudgetRefused(problems)
    days = settings_of(held.phb.commissioner, day).reconsideration_days
    asked = RecoveryReconsideration.objects.create(
        recovery=held,
        requested_on=day,
        asked_by_name=asked_by_name.strip(),
        statement=statement.strip(),
        due_on=day + dt.timedelta(days=days),
        recorded_by=by,
        amount_before=held.amount,
    )
    before, held.status = held.status, RecoveryStatus.RECONSIDERING
    held.save(update_fields=["status"])
    record_step(held, states.ASK_AGAIN, before, by=by, on=day, note=statement.strip())
    return asked


@transaction.atomic
def decide_again(
    *,
    recovery: Recovery,
    outcome: str,
    reasons: str,
    by: User,
    on: dt.date | None = None,
    amount: Decimal | None = None,
    repay_by: dt.date | None = None,
    address: str = "",
) -> Recovery:
    """Uphold a notice, change it (less, or later: a further notice), or withdraw it; by somebody who neither prepared
    nor approved it. What was repaid too much is then given back by reversing it. Raises as the others do.
    """
    held, day = ready(recovery, states.DECIDE_AGAIN, by=by, on=on)
    asked = open_reconsideration(held)
    if asked is None:
        raise BudgetRefused([Problem("", NO_LONGER)])
    if by.pk in (held.prepared_by_id, held.approved_by_id):
        raise BudgetRefused(
            [Problem("", f"You prepared or approved this, so somebody else looks at it again ({RULE})")]
        )
    problems = _check_outcome(held, outcome, reasons, amount, repay_by, day, asked.requested_on)
    if problems:
        raise BudgetRefused(problems)
    asked.outcome, asked.reasons, asked.decided_on, asked.decided_by = outcome, reasons.strip(), day, by
    asked.save(update_fields=["outcome", "reasons", "decided_on", "decided_by"])
    if outcome == RecoveryOutcome.CHANGED:
        held.amount, held.repay_by = amount or held.amount, repay_by or held.repay_by
        held.save(update_fields=["amount", "repay_by"])
        write_notice(held, address=address, by=by, on=day)
    if outcome == RecoveryOutcome.WITHDRAWN:
        before, held.status = held.status, RecoveryStatus.WITHDRAWN
        held.save(update_fields=["status"])
        record_step(held, states.DECIDE_AGAIN, before, by=by, on=day, note=asked.reasons, outcome=outcome)
    else:
        _stand(held, states.DECIDE_AGAIN, by=by, on=day, note=asked.reasons)
    return held


def _check_outcome(
    held: Recovery,
    outcome: str,
    reasons: str,
    amount: Decimal | None,
    repay_by: dt.date | None,
    day: dt.date,
    asked_on: dt.date,
) -> list[Problem]:
    problems = []
    if outcome not in RecoveryOutcome.values:
        problems.append(Problem("outcome", "Select the outcome"))
    if not reasons.strip():
        problems.append(Problem("reasons", "Enter the reasons, as they will be read"))
    if day < asked_on:
        problems.append(Problem("on", f"Date must be on or after {agreement.day(asked_on)}, when it was asked for"))
    if outcome == RecoveryOutcome.CHANGED:
        if amount is not None and not 0 < amount <= held.amount:
            problems.append(Problem("amount", f"Enter an amount above £0 and no more than £{held.amount:,.2f}"))
        if repay_by is not None and repay_by < held.repay_by:
            problems.append(Problem("repay_by", f"Enter a day on or after {agreement.day(held.repay_by)}"))
        if (amount or held.amount, repay_by or held.repay_by) == (held.amount, held.repay_by):
            problems.append(Problem("outcome", "Enter a smaller amount or a later day, or select another outcome"))
    return problems


def _stand(held: Recovery, step: states.RecoveryStep, *, by: User, on: dt.date, note: str) -> None:
    """Let the status be what the sums give; one that is reconsidered or withdrawn stays so until it is decided."""
    before = held.status
    stays = {(states.REPAY, RecoveryStatus.RECONSIDERING), (states.REVERSE, RecoveryStatus.WITHDRAWN)}
    if (step, before) not in stays:
        repaid, written_off = sums_of(held)
        held.status = states.status_by_sums(held.amount, repaid, written_off)
        held.save(update_fields=["status"])
    record_step(held, step, before, by=by, on=on, note=note)


def _method_of(held: Recovery) -> Method:
    """The way of paying whose money comes back: that of the surplus, else the direct payment."""
    if held.surplus is not None:
        return Method(held.surplus.monitoring_return.schedule.method)
    return Method.DIRECT_PAYMENT
