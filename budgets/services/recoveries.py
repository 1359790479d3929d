"""Asking money back (regulation 15): drafting, approving, giving notice, and withdrawing."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget, Recovery, RecoveryNotice, RecoveryTransition, Surplus
from budgets.rules import agreement
from budgets.rules import recovery_states as states
from budgets.rules.agreement import REGULATIONS
from budgets.rules.notice_text import NoticeFacts, notice_body, notice_heading
from budgets.rules.recovery_states import PayerKind, RecoveryReason, RecoveryStatus, RecoveryStep
from budgets.selectors.offsets import taken_of
from budgets.selectors.recoveries import PDF_JOB, needs_approval, pdf_job_key
from eligibility.rules import letter_text
from phb_register import audit, clock, documents, jobs, scope
from phb_register.models import CommunicationFormat, Job, User
from phb_register.pdf import render_pdf
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.settings import settings_of

from .holding import held_budget

NO_LONGER = "This was done already, perhaps by somebody else. Look at what was recorded before you do anything else"
RULE = f"regulation 15 of the {REGULATIONS}"
PDF_TEMPLATE = "budgets/recoveries/notice_pdf.html"
LARGEST = Decimal("9999999999.99")


@transaction.atomic
def open_recovery(
    *,
    phb: PersonalHealthBudget,
    reason: str,
    reasons: str,
    amount: Decimal,
    repay_by: dt.date,
    payer_kind: str,
    payer_name: str,
    by: User,
    key: uuid.UUID | None = None,
    on: dt.date | None = None,
    surplus: Surplus | None = None,
) -> Recovery:
    """Draft a recovery: the reason (a ``RecoveryReason``) and the reasons in words, the amount in pounds, by when, and
    who must repay. The same ``key`` again gives the same one.

    Raises ``PermissionDenied``, or ``BudgetRefused`` where one of the four things a notice must say is missing.
    """
    phb = held_budget(phb, by, Permission.MONITOR_BUDGETS)
    key = key or uuid.uuid4()
    if existing := Recovery.objects.filter(key=key, phb=phb).first():
        return existing
    day = on or clock.today()
    problems = _check(phb, reason, reasons, amount, repay_by, payer_kind, payer_name, day)
    problems += _check_not_taken(surplus, amount)
    if problems:
        raise BudgetRefused(problems)
    recovery = Recovery.objects.create(
        key=key,
        phb=phb,
        surplus=surplus,
        reason_code=reason,
        reasons=reasons.strip(),
        amount=amount,
        repay_by=repay_by,
        payer_kind=payer_kind,
        payer_name=payer_name.strip(),
        needs_approval=needs_approval(phb, amount, day),
        prepared_on=day,
        prepared_by=by,
    )
    record_step(recovery, states.DRAFT, "", by=by, on=day)
    return recovery


def _check(
    phb: PersonalHealthBudget,
    reason: str,
    reasons: str,
    amount: Decimal,
    repay_by: dt.date,
    payer_kind: str,
    payer_name: str,
    day: dt.date,
) -> list[Problem]:
    problems = []
    if reason not in RecoveryReason.values:
        problems.append(Problem("reason", f"Select the reason ({RULE})"))
    if not reasons.strip():
        problems.append(Problem("reasons", f"Enter the reasons, which the notice must state ({RULE})"))
    if not 0 < amount <= LARGEST:
        problems.append(Problem("amount", f"Enter the amount to repay, above £0 ({RULE})"))
    if repay_by <= day:
        problems.append(Problem("repay_by", f"Enter a day to repay by that leaves time, after {agreement.day(day)}"))
    if payer_kind not in PayerKind.values:
        problems.append(Problem("payer_kind", f"Select who must repay ({RULE})"))
    if not payer_name.strip():
        problems.append(Problem("payer_name", f"Enter the name of who must repay ({RULE})"))
    died = phb.person.died_on is not None
    if (reason == RecoveryReason.DEATH or died) and payer_kind == PayerKind.PERSON:
        problems.append(Problem("payer_kind", f"Select the personal representatives: the person has died ({RULE})"))
    elif reason == RecoveryReason.DEATH and payer_kind != PayerKind.PERSONAL_REPRESENTATIVES:
        problems.append(Problem("payer_kind", f"Select the personal representatives ({RULE})"))
    return problems


def _check_not_taken(surplus: Surplus | None, amount: Decimal) -> list[Problem]:
    """Money of a surplus that is set off or asked for back already is not asked for again."""
    taken = taken_of(surplus) if surplus is not None else Decimal(0)
    if surplus is None or not taken or amount <= surplus.balance - taken:
        return []
    left = max(surplus.balance - taken, Decimal(0))
    return [
        Problem(
            "amount",
            f"£{taken:,.2f} of this money is set off or asked for back already. Enter no more than £{left:,.2f}, or "
            f"withdraw the other first ({RULE})",
        )
    ]


@transaction.atomic
def approve_recovery(*, recovery: Recovery, by: User, on: dt.date | None = None) -> Recovery:
    """Approve a recovery that somebody else prepared. Raises ``PermissionDenied`` or ``BudgetRefused``."""
    held, day = ready(recovery, states.APPROVE, by=by, on=on)
    if held.prepared_by_id == by.pk:
        raise BudgetRefused([Problem("", "You prepared this, so somebody else approves it")])
    before, held.status = held.status, RecoveryStatus.APPROVED
    held.approved_by, held.approved_on = by, day
    held.save(update_fields=["status", "approved_by", "approved_on"])
    record_step(held, states.APPROVE, before, by=by, on=day)
    return held


@transaction.atomic
def withdraw_recovery(*, recovery: Recovery, reason: str, by: User, on: dt.date | None = None) -> Recovery:
    """Withdraw a recovery before notice of it is given. Raises ``PermissionDenied`` or ``BudgetRefused``."""
    held, day = ready(recovery, states.WITHDRAW, by=by, on=on)
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why it is withdrawn")])
    before, held.status = held.status, RecoveryStatus.WITHDRAWN
    held.save(update_fields=["status"])
    record_step(held, states.WITHDRAW, before, by=by, on=day, note=reason.strip())
    return held


@transaction.atomic
def give_notice(
    *, recovery: Recovery, address: str, by: User, on: dt.date | None = None, body: str = ""
) -> RecoveryNotice:
    """Give notice of a recovery: its four things, as a letter to the address the writer entered. Its PDF is a job.

    ``body`` is the letter's text where the writer changed it. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    held, day = ready(recovery, states.GIVE_NOTICE, by=by, on=on)
    if held.needs_approval and held.status != RecoveryStatus.APPROVED:
        raise BudgetRefused([Problem("", "Somebody other than whoever prepared it must approve it first")])
    before, held.status = held.status, RecoveryStatus.NOTIFIED
    held.save(update_fields=["status"])
    notice = write_notice(held, address=address, by=by, on=day, body=body)
    record_step(held, states.GIVE_NOTICE, before, by=by, on=day)
    return notice


def write_notice(recovery: Recovery, *, address: str, by: User, on: dt.date, body: str = "") -> RecoveryNotice:
    """A notice of a recovery as it now stands, numbered after the one before; part of what gives or changes one."""
    problems = []
    if len(address.strip().splitlines()) < 2:
        problems.append(Problem("address", "Enter the name and the address, on two lines or more"))
    if recovery.repay_by <= on:
        problems.append(Problem("", "The time to repay is over. Withdraw this recovery and draft it again"))
    if problems:
        raise BudgetRefused(problems)
    facts = facts_of(recovery, on)
    notice = RecoveryNotice.objects.create(
        recovery=recovery,
        number=recovery.notices.count() + 1,
        reasons=recovery.reasons,
        amount=recovery.amount,
        repay_by=recovery.repay_by,
        payer_kind=recovery.payer_kind,
        payer_name=recovery.payer_name,
        given_on=on,
        given_by=by,
        communication_format=_format_of(recovery),
        address="\n".join(line.strip() for line in address.strip().splitlines()),
        heading=notice_heading(),
        body=_checked_body(body, facts) if body.strip() else notice_body(facts),
    )
    request_pdf(notice=notice, by=by)
    return notice


def facts_of(recovery: Recovery, on: dt.date) -> NoticeFacts:
    """What the letter of a recovery says. Only the person's own letters are in the format the person needs."""
    phb = recovery.phb
    sender = accountable_on(phb.commissioner, on)
    return NoticeFacts(
        payer_name=recovery.payer_name,
        payer_kind=recovery.payer_kind,
        person_name=f"{phb.person.given_name} {phb.person.family_name}",
        commissioner=sender.name,
        contact=settings_of(phb.commissioner, on).letter_contact,
        reasons=recovery.reasons,
        amount=recovery.amount,
        repay_by=recovery.repay_by,
        is_easy_read=_format_of(recovery) == CommunicationFormat.EASY_READ,
    )


def _format_of(recovery: Recovery) -> str:
    """The format of a recovery's letter: the person's own where it is to them, who else needs none we know of."""
    is_own = recovery.payer_kind == PayerKind.PERSON
    return recovery.phb.person.communication_format if is_own else CommunicationFormat.STANDARD


def _checked_body(body: str, facts: NoticeFacts) -> str:
    """A text that the writer changed still says the four things."""
    missing = [said for said, words in facts.must_say().items() if words not in body]
    if missing:
        listed = ", ".join(missing)
        raise BudgetRefused([Problem("body", f"The letter must state {listed} ({RULE}). Put back what was taken out")])
    return body.strip()


def request_pdf(*, notice: RecoveryNotice, by: User) -> Job:
    """Ask for a notice's PDF. Asking again gives the same job; one that failed is tried again."""
    return jobs.enqueue(
        kind=PDF_JOB,
        key=pdf_job_key(notice),
        parameters={"notice": notice.pk},
        requested_by=by,
        commissioner=notice.recovery.phb.commissioner,
    )


@transaction.atomic
def make_notice_pdf(*, notice_id: int) -> RecoveryNotice:
    """Render a notice from what is kept of it, and keep the PDF with it. Making it again changes nothing."""
    rows = RecoveryNotice.objects.select_related("recovery__phb__commissioner", "given_by")
    notice = rows.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.pdf_id is not None:
        return notice
    sender = accountable_on(notice.recovery.phb.commissioner, notice.given_on)
    context = {
        "notice": notice,
        "css_class": notice.communication_format.replace("_", "-"),
        "commissioner": sender.name,
        "address": notice.address.splitlines(),
        "written_on": agreement.day(notice.given_on),
        "reference": notice.reference.hex[:8].upper(),
        "html": letter_text.html(notice.body, top_level=2),
    }
    notice.pdf = documents.store(
        title=notice.heading,
        filename=f"repayment-notice-{notice.reference.hex[:8]}.pdf",
        media_type="application/pdf",
        content=render_pdf(PDF_TEMPLATE, context, title=notice.heading),
        made_by=notice.given_by,
    )
    notice.save(update_fields=["pdf"])
    return notice


def ready(recovery: Recovery, step: RecoveryStep, *, by: User, on: dt.date | None) -> tuple[Recovery, dt.date]:
    """The recovery as it now stands, held to the end of the transaction, if this may be done to it on the day."""
    rows = Recovery.objects.select_related("phb__commissioner", "phb__person")
    held = rows.select_for_update(of=("self",)).get(pk=recovery.pk)
    scope.check(by, step.permission, held.phb.commissioner)
    if step not in states.steps_from(held.status):
        raise BudgetRefused([Problem("", NO_LONGER)])
    today = clock.today()
    day = on or today
    if not held.prepared_on <= day <= today:
        earliest = agreement.day(held.prepared_on)
        raise BudgetRefused([Problem("on", f"Date must be today or in the past, and on or after {earliest}")])
    return held, day


def record_step(
    recovery: Recovery, step: RecoveryStep, before: str, *, by: User, on: dt.date, note: str = "", **detail: str
) -> None:
    """The append-only row and the access log entry of one step."""
    RecoveryTransition.objects.create(
        recovery=recovery,
        action=step.action,
        from_status=before,
        to_status=recovery.status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    audit.record(
        actor=by,
        action=f"recovery-{step.action.replace('_', '-')}",
        subject=recovery,
        commissioner=recovery.phb.commissioner,
        detail={"on": on.isoformat(), "amount": str(recovery.amount), **detail},
    )
