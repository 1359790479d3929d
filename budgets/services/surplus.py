"""Unspent money: putting some by, working a surplus out, deciding about it. The flag decides nothing by itself."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetSettings, MonitoringReturn, PersonalHealthBudget, RingFencedSaving, Surplus
from budgets.rules import agreement
from budgets.rules.surplus import SurplusDecision, SurplusFacts
from budgets.selectors.monitoring import ring_fenced_on, weekly_amount_on
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.roles import Permission

from .holding import held_budget

OVERTAKEN = "A later return shows what is unspent now"


def work_out_surplus(*, monitoring_return: MonitoringReturn, by: User, on: dt.date) -> Surplus | None:
    """Measure what a return shows as unspent against the threshold. Part of what records a balance.

    What was decided stands as long as the figures it rests on. Older ones that nobody decided about are overtaken.
    """
    if monitoring_return.closing_balance is None:
        return None
    schedule = monitoring_return.schedule
    facts = SurplusFacts(
        balance=monitoring_return.closing_balance,
        ring_fenced=ring_fenced_on(schedule.phb, monitoring_return.last_on),
        weekly_amount=weekly_amount_on(schedule.phb, schedule.method, monitoring_return.last_on),
        threshold_weeks=BudgetSettings.objects.of(schedule.phb.commissioner, on).surplus_weeks,
    )
    surplus = Surplus.objects.select_for_update().filter(monitoring_return=monitoring_return).first()
    if surplus is not None and surplus.facts == facts:
        return surplus
    surplus = surplus or Surplus(monitoring_return=monitoring_return)
    surplus.worked_out_on, surplus.is_over = on, facts.is_over
    surplus.balance, surplus.ring_fenced = facts.balance, facts.ring_fenced
    surplus.weekly_amount, surplus.threshold_weeks = facts.weekly_amount, facts.threshold_weeks
    surplus.decision, surplus.reason, surplus.decided_on, surplus.decided_by = "", "", None, None
    surplus.save()
    older = Surplus.objects.filter(
        monitoring_return__schedule=schedule,
        monitoring_return__last_on__lt=monitoring_return.last_on,
        decision="",
        is_over=True,
    )
    older.update(decision=SurplusDecision.OVERTAKEN, reason=OVERTAKEN, decided_on=on, decided_by=by)
    return surplus


@transaction.atomic
def decide_surplus(*, surplus: Surplus, decision: str, reason: str, by: User, on: dt.date | None = None) -> Surplus:
    """Leave unspent money, set it off or ask for it back; the further pages do the latter two.

    Raises ``PermissionDenied``, or ``BudgetRefused`` where it was decided already or says no reason.
    """
    rows = Surplus.objects.select_related("monitoring_return__schedule__phb__commissioner")
    held = rows.select_for_update(of=("self",)).get(pk=surplus.pk)
    commissioner = held.monitoring_return.schedule.phb.commissioner
    scope.check(by, Permission.MONITOR_BUDGETS, commissioner)
    if held.decision == decision:
        return held
    if held.decision or not held.is_over:
        raise BudgetRefused([Problem("", "This surplus needs no decision, or was decided already")])
    problems = []
    if decision not in (SurplusDecision.LEAVE, SurplusDecision.OFFSET, SurplusDecision.RECOVER):
        problems.append(Problem("decision", "Select what is to happen with the money"))
    if not reason.strip():
        problems.append(Problem("reason", "Enter the reason"))
    if problems:
        raise BudgetRefused(problems)
    held.decision, held.reason = decision, reason.strip()
    held.decided_on, held.decided_by = on or clock.today(), by
    held.save(update_fields=["decision", "reason", "decided_on", "decided_by"])
    audit.record(
        actor=by, action="surplus-decided", subject=held, commissioner=commissioner, detail={"decision": decision}
    )
    return held


@transaction.atomic
def ring_fence(
    *,
    phb: PersonalHealthBudget,
    purpose: str,
    amount: Decimal,
    agreed_on: dt.date,
    until: dt.date,
    by: User,
    key: uuid.UUID,
) -> RingFencedSaving:
    """Put money by for an agreed purpose until a day, so that it is no surplus. The same ``key`` again changes nothing.

    Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    phb = held_budget(phb, by, Permission.MONITOR_BUDGETS)
    if existing := RingFencedSaving.objects.filter(key=key, phb=phb).first():
        return existing
    problems = []
    if not purpose.strip():
        problems.append(Problem("purpose", "Enter what the money is put by for"))
    if amount <= 0:
        problems.append(Problem("amount", "Enter an amount above £0"))
    if agreed_on > clock.today():
        problems.append(Problem("agreed_on", "Date must be today or in the past"))
    if until < agreed_on:
        problems.append(Problem("until", "Enter a date on or after the day it was agreed"))
    if problems:
        raise BudgetRefused(problems)
    saving = RingFencedSaving.objects.create(
        phb=phb, key=key, purpose=purpose.strip(), amount=amount, agreed_on=agreed_on, until=until, agreed_by=by
    )
    audit.record(
        actor=by, action="ring-fenced", subject=saving, commissioner=phb.commissioner, detail={"amount": str(amount)}
    )
    _work_out_again(phb, by=by, on=clock.today())
    return saving


@transaction.atomic
def end_ring_fence(*, saving: RingFencedSaving, ended_on: dt.date, note: str, by: User) -> RingFencedSaving:
    """End a saving that was used or given up. Raises ``PermissionDenied`` or ``BudgetRefused``."""
    phb = held_budget(saving.phb, by, Permission.MONITOR_BUDGETS)
    held = RingFencedSaving.objects.select_for_update().get(pk=saving.pk)
    problems = []
    if held.ended_on is not None:
        problems.append(Problem("", "This saving has ended already"))
    if not held.agreed_on <= ended_on <= min(held.until, clock.today()):
        first, last = agreement.day(held.agreed_on), agreement.day(min(held.until, clock.today()))
        problems.append(Problem("ended_on", f"Enter a date from {first} to {last}"))
    if not note.strip():
        problems.append(Problem("note", "Enter what became of the money"))
    if problems:
        raise BudgetRefused(problems)
    held.ended_on, held.end_note = ended_on, note.strip()
    held.save(update_fields=["ended_on", "end_note"])
    audit.record(actor=by, action="ring-fence-ended", subject=held, commissioner=phb.commissioner)
    _work_out_again(phb, by=by, on=clock.today())
    return held


def _work_out_again(phb: PersonalHealthBudget, *, by: User, on: dt.date) -> None:
    """Measure again what nobody decided about yet: the latest return of each of its schedules."""
    for schedule in phb.return_schedules.all():
        latest = MonitoringReturn.objects.filter(schedule=schedule).with_balance().first()
        if latest is not None and not Surplus.objects.filter(monitoring_return=latest).exclude(decision="").exists():
            work_out_surplus(monitoring_return=latest, by=by, on=on)
