"""Reads of recoveries. Those that take a user see only their commissioners."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from budgets.models import (
    BudgetSettings,
    PersonalHealthBudget,
    Recovery,
    RecoveryNotice,
    RecoveryReconsideration,
    RecoveryTransition,
    Repayment,
    Surplus,
    WriteOff,
)
from budgets.models.recoveries import RecoveryQuerySet
from budgets.rules import recovery_states as states
from budgets.rules.recovery_states import PayerKind, RecoveryReason, RecoveryStatus, RecoveryStep
from phb_register.models import Job, User
from phb_register.roles import Permission
from phb_register.scope import can

PDF_JOB = "recovery-notice-pdf"
_WITH_ALL = ("phb__person__commissioner", "phb__commissioner", "phb__referral", "prepared_by", "approved_by", "surplus")


def recovery_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> Recovery | None:
    """The recovery with this reference and its sums, if the user may see it."""
    rows = Recovery.objects.visible_to(user, permission).filter(reference=reference)
    return rows.with_sums().select_related(*_WITH_ALL).first()


def recoveries_of(phb: PersonalHealthBudget) -> list[Recovery]:
    """Every recovery of a PHB with its sums, the latest first."""
    return list(Recovery.objects.filter(phb=phb).with_sums())


def sums_of(recovery: Recovery) -> tuple[Decimal, Decimal]:
    """What was repaid, and what was written off, in pounds."""
    found = Recovery.objects.with_sums().get(pk=recovery.pk)
    return found.repaid_amount, found.written_off_amount  # type: ignore[attr-defined]


def outstanding_of(recovery: Recovery) -> Decimal:
    """What is still owed, in pounds; below nought where more was repaid than is asked for since a reconsideration."""
    repaid, written_off = sums_of(recovery)
    owed = Decimal(0) if recovery.status == RecoveryStatus.WITHDRAWN else recovery.amount
    return states.outstanding(owed, repaid, written_off)


def all_recoveries(user: User) -> RecoveryQuerySet:
    """The recoveries the user may see, for their list, the first to be repaid first."""
    rows = Recovery.objects.visible_to(user).with_sums()
    return rows.select_related("phb__person", "phb__cohort").order_by("repay_by", "pk")


def overdue_recoveries(user: User, today: dt.date, limit: int) -> list[Recovery]:
    """Recoveries whose time to repay is over, the longest first."""
    rows = Recovery.objects.visible_to(user, Permission.MONITOR_BUDGETS).open().filter(repay_by__lt=today)
    return list(rows.exclude(status=RecoveryStatus.RECONSIDERING).select_related("phb__person")[:limit])


def recoveries_to_approve(user: User, limit: int) -> list[Recovery]:
    """Drafts that somebody else prepared and that need approval."""
    rows = Recovery.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_approve().exclude(prepared_by=user)
    return list(rows.select_related("phb__person")[:limit])


def notices_to_give(user: User, limit: int) -> list[Recovery]:
    """Recoveries of which notice can be given now."""
    rows = Recovery.objects.visible_to(user, Permission.MONITOR_BUDGETS).to_notify()
    return list(rows.select_related("phb__person")[:limit])


def to_reconsider(user: User, limit: int) -> list[RecoveryReconsideration]:
    """Notices to look at again, the first due first, by somebody who neither prepared nor approved them."""
    visible = Recovery.objects.visible_to(user, Permission.MONITOR_BUDGETS).filter(status=RecoveryStatus.RECONSIDERING)
    rows = RecoveryReconsideration.objects.filter(outcome="", recovery__in=visible).exclude(
        Q(recovery__prepared_by=user) | Q(recovery__approved_by__isnull=False, recovery__approved_by=user)
    )
    return list(rows.select_related("recovery__phb__person").order_by("due_on", "pk")[:limit])


def write_offs_to_decide(user: User, limit: int) -> list[WriteOff]:
    """Proposals to write off that somebody else made."""
    visible = Recovery.objects.visible_to(user, Permission.MONITOR_BUDGETS)
    rows = WriteOff.objects.filter(is_approved__isnull=True, recovery__in=visible).exclude(proposed_by=user)
    return list(rows.select_related("recovery__phb__person").order_by("proposed_on", "pk")[:limit])


def steps_for(user: User, recovery: Recovery) -> list[RecoveryStep]:
    """What the user may do to a recovery now: the buttons on its page. Nobody approves what they prepared."""
    waits = open_write_off(recovery)
    return [
        step
        for step in states.steps_from(recovery.status)
        if can(user, step.permission, recovery.phb.commissioner) and _may(user, recovery, step, waits)
    ]


def _may(user: User, recovery: Recovery, step: RecoveryStep, waits: WriteOff | None) -> bool:
    if step is states.APPROVE:
        return recovery.needs_approval and recovery.prepared_by_id != user.pk
    if step is states.GIVE_NOTICE:
        return not recovery.needs_approval or recovery.status == RecoveryStatus.APPROVED
    if step is states.DECIDE_AGAIN:
        return user.pk not in (recovery.prepared_by_id, recovery.approved_by_id)
    if step is states.PROPOSE_WRITE_OFF:
        return waits is None
    if step is states.WRITE_OFF:
        return waits is not None and waits.proposed_by_id != user.pk
    if step is states.REVERSE:
        return recovery.repayments.filter(amount__gt=0, reversed_by__isnull=True).exists()
    return True


def open_write_off(recovery: Recovery) -> WriteOff | None:
    """The proposal to write off that waits for a decision."""
    return recovery.write_offs.filter(is_approved__isnull=True).select_related("proposed_by").first()


def open_reconsideration(recovery: Recovery) -> RecoveryReconsideration | None:
    """The request to look again that waits for a decision."""
    return recovery.reconsiderations.filter(outcome="").first()


def reconsiderations_of(recovery: Recovery) -> list[RecoveryReconsideration]:
    """Each time the notice was looked at again, the latest first."""
    return list(recovery.reconsiderations.select_related("recorded_by", "decided_by"))


def repayments_of(recovery: Recovery) -> list[Repayment]:
    """What came back, the earliest first."""
    return list(recovery.repayments.select_related("recorded_by", "reversed_by", "reverses"))


def reversible_repayments(recovery: Recovery) -> list[Repayment]:
    """What was recorded as repaid and can be reversed."""
    return list(recovery.repayments.filter(amount__gt=0, reversed_by__isnull=True))


def write_offs_of(recovery: Recovery) -> list[WriteOff]:
    """Each proposal to write off, the latest first."""
    return list(recovery.write_offs.select_related("proposed_by", "decided_by"))


def notices_of(recovery: Recovery) -> list[RecoveryNotice]:
    """The notices that were given, the earliest first."""
    return list(recovery.notices.select_related("given_by", "pdf"))


def notice_for(user: User, reference: uuid.UUID) -> RecoveryNotice | None:
    """A notice, if the user may see its recovery."""
    visible = Recovery.objects.visible_to(user)
    rows = RecoveryNotice.objects.filter(reference=reference, recovery__in=visible)
    return rows.select_related("recovery__phb__person__commissioner", "recovery__phb__commissioner", "given_by").first()


def pdf_content(notice: RecoveryNotice) -> bytes | None:
    """The PDF of a notice; None while it is being made."""
    return bytes(notice.pdf.content) if notice.pdf else None


def pdf_job(notice: RecoveryNotice) -> Job | None:
    """The job that makes a notice's PDF."""
    return Job.objects.filter(key=pdf_job_key(notice)).first()


def pdf_job_key(notice: RecoveryNotice) -> str:
    """By which the job of a notice's PDF is known."""
    return f"{PDF_JOB}/{notice.reference}"


def transitions_of(recovery: Recovery) -> QuerySet[RecoveryTransition]:
    """What happened to a recovery, the oldest first."""
    return RecoveryTransition.objects.filter(recovery=recovery).select_related("made_by")


def settings_for(phb: PersonalHealthBudget, on: dt.date) -> BudgetSettings:
    """What the commissioner decided about asking money back."""
    return BudgetSettings.objects.of(phb.commissioner, on)


def needs_approval(phb: PersonalHealthBudget, amount: Decimal, on: dt.date) -> bool:
    """Whether asking for an amount (pounds) back needs the approval of a second person."""
    return amount > settings_for(phb, on).recovery_approval_amount


def first_words(phb: PersonalHealthBudget, surplus: Surplus | None, today: dt.date) -> dict[str, Any]:
    """What a draft begins with: after a death the personal representatives; of a surplus what is unspent of it."""
    died = phb.person.died_on is not None
    weeks = settings_for(phb, today).repayment_weeks
    found: dict[str, Any] = {"repay_by": today + dt.timedelta(weeks=weeks)}
    if died:
        found |= {"reason": RecoveryReason.DEATH, "payer_kind": PayerKind.PERSONAL_REPRESENTATIVES}
    elif surplus is not None:
        found |= {"reason": RecoveryReason.ACCUMULATION}
    if surplus is not None:
        found |= {"amount": surplus.facts.unspent}
    return found
