"""Moving a person to another commissioner: proposed by one PHB team, answered by the other's, never silent."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from eligibility.enums import CheckResult, ReferralStatus, ResponsibilityBasis, TransferReason, TransferStatus
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import PersonTransfer, PersonTransferTransition, Referral, ResponsibilityCheck
from eligibility.rules import transfer_states as steps
from eligibility.selectors.transfers import uses_this_register
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.services.people import counted_person

#: What of a person decides who is responsible for them.
DECIDING_FIELDS = {"gp_practice": "GP practice", "postcode": "postcode"}


@transaction.atomic
def propose_transfer(
    *,
    person: Person,
    to_commissioner: Commissioner,
    reason: str,
    basis: str,
    effective_on: dt.date,
    by: User,
    note: str = "",
    on: dt.date | None = None,
) -> PersonTransfer:
    """Ask another commissioner to take responsibility for a person. Nothing moves until it is accepted.

    Where nobody of the other commissioner uses this register it is recorded as sent, and the answer is recorded here.
    An open check of who is responsible is thereby answered. Raises ``PermissionDenied``, ``TransitionNotAllowed`` or
    ``Refused``.
    """
    day = on or clock.today()
    held = counted_person(person)
    scope.check(by, Permission.DECIDE_REFERRALS, held.commissioner)
    _check_proposal(held, to_commissioner, reason, basis, note, effective_on)
    if day > clock.today():
        raise Refused("Date must be today or in the past", field="on")
    step = steps.PROPOSE if uses_this_register(to_commissioner, clock.today()) else steps.SEND
    try:
        with transaction.atomic():
            transfer = PersonTransfer.objects.create(
                person=held,
                from_commissioner=held.commissioner,
                to_commissioner=to_commissioner,
                reason=reason,
                basis=basis,
                note=note.strip(),
                effective_on=effective_on,
                status=step.to_status,
                requested_on=day,
                requested_by=by,
            )
    except IntegrityError as error:
        if "transfer_one_open" not in str(error):
            raise
        raise TransitionNotAllowed("A transfer of this person waits for an answer already") from error
    _close_check(held, CheckResult.TRANSFER, basis=basis, note="", by=by, on=day)
    _record(transfer, step, by=by, on=day, note=note)
    return transfer


@transaction.atomic
def accept_transfer(
    *, transfer: PersonTransfer, by: User, note: str = "", on: dt.date | None = None, answered_for: str = ""
) -> PersonTransfer:
    """Take responsibility for a person: the person and the referrals that wait move; what was decided stays.

    By the receiver's PHB team; where the receiver does not use this register, by the sender's, who says who answered
    there (``answered_for``). Only once it takes effect. Raises as ``propose_transfer`` does.
    """
    held, day = _locked(transfer, TransferStatus.ACCEPTED, by=by, on=on, answered_for=answered_for)
    if day < held.effective_on:
        raise Refused(
            f"It takes effect on {held.effective_on:%-d %B %Y}, and can be accepted from that day", field="on"
        )
    if not held.to_commissioner.is_open_on(day):
        raise Refused(
            f"{held.to_commissioner} was not open on {day:%-d %B %Y}. Refuse the transfer, so that the person is moved "
            "to whoever took over",
            field="on",
        )
    person = Person.objects.select_for_update().get(pk=held.person_id)
    if person.commissioner_id != held.from_commissioner_id:
        raise TransitionNotAllowed("Another commissioner is responsible for this person by now")
    step = _answer(held, TransferStatus.ACCEPTED, by=by, on=day, note=note, answered_for=answered_for)
    person.commissioner = held.to_commissioner
    person.save(update_fields=["commissioner"])
    waiting = Referral.objects.select_for_update().filter(person=person, status=ReferralStatus.SUBMITTED)
    moved = [referral.pk for referral in waiting]
    # Nobody of the sender's team decides them any longer.
    for referral in waiting:
        referral.commissioner, referral.allocated_to = held.to_commissioner, None
        referral.save(update_fields=["commissioner", "allocated_to"])
    _record(held, step, by=by, on=day, note=note, detail={"referrals": moved})
    return held


@transaction.atomic
def refuse_transfer(
    *, transfer: PersonTransfer, note: str, by: User, on: dt.date | None = None, answered_for: str = ""
) -> PersonTransfer:
    """Refuse a transfer, saying why; the person stays where they are. By the same side as an acceptance."""
    held, day = _locked(transfer, TransferStatus.REFUSED, by=by, on=on, answered_for=answered_for)
    if not note.strip():
        raise Refused("Enter why it is refused", field="note")
    step = _answer(held, TransferStatus.REFUSED, by=by, on=day, note=note, answered_for=answered_for)
    _record(held, step, by=by, on=day, note=note)
    return held


@transaction.atomic
def cancel_transfer(*, transfer: PersonTransfer, note: str, by: User, on: dt.date | None = None) -> PersonTransfer:
    """Take back a transfer that was not answered yet, saying why. By the side that asked for it."""
    held, day = _locked(transfer, TransferStatus.CANCELLED, by=by, on=on)
    if not note.strip():
        raise Refused("Enter why it is cancelled", field="note")
    step = _step(held, TransferStatus.CANCELLED)
    held.status = step.to_status
    held.save(update_fields=["status"])
    _record(held, step, by=by, on=day, note=note)
    return held


@transaction.atomic
def confirm_responsible(*, person: Person, basis: str, by: User, note: str = "", on: dt.date | None = None) -> Person:
    """Answer an open check: the same commissioner is still responsible, and on what basis. Raises as above."""
    day = on or clock.today()
    held = counted_person(person)
    scope.check(by, Permission.DECIDE_REFERRALS, held.commissioner)
    if basis not in ResponsibilityBasis.values:
        raise Refused("Select the basis of responsibility", field="basis")
    if basis == ResponsibilityBasis.OTHER and not note.strip():
        raise Refused("Enter what the other basis is", field="note")
    if not _close_check(held, CheckResult.SAME, basis=basis, note=note, by=by, on=day):
        raise TransitionNotAllowed("Nothing waits to be checked, perhaps because somebody else answered")
    return held


def person_changed(person: Person, by: User, changed: list[str]) -> None:
    """Open a check of who is responsible where the GP practice or the postcode of a person changed.

    Called by ``phb_register`` inside the transaction that made the change. One open check is enough.
    """
    deciding = [name for name in DECIDING_FIELDS if name in changed]
    if not deciding or person.died_on:
        return
    labels = [DECIDING_FIELDS[name] for name in deciding]
    with transaction.atomic():
        check, is_new = ResponsibilityCheck.objects.get_or_create(
            person=person,
            result="",
            defaults={"changed": " and ".join(labels), "opened_on": clock.today(), "opened_by": by},
        )
    if is_new:
        audit.record(actor=by, action="open-responsibility-check", subject=check, commissioner=person.commissioner)


def _check_proposal(
    person: Person, to_commissioner: Commissioner, reason: str, basis: str, note: str, effective_on: dt.date
) -> None:
    if not to_commissioner.is_body:
        raise Refused("Select a CCG or an ICB", field="to_commissioner")
    if to_commissioner.pk == person.commissioner_id:
        raise Refused("Select another commissioner: this one is responsible already", field="to_commissioner")
    if not to_commissioner.is_open_on(max(effective_on, clock.today())):
        raise Refused(f"{to_commissioner} is not open on that day. Select another", field="to_commissioner")
    if reason not in TransferReason.values:
        raise Refused("Select the reason", field="reason")
    if basis not in ResponsibilityBasis.values:
        raise Refused("Select the basis of responsibility", field="basis")
    is_unusual = reason == TransferReason.OTHER or basis == ResponsibilityBasis.OTHER
    if is_unusual and not note.strip():
        raise Refused("Enter what the other reason or basis is", field="note")


def _locked(
    transfer: PersonTransfer, to_status: TransferStatus, *, by: User, on: dt.date | None, answered_for: str = ""
) -> tuple[PersonTransfer, dt.date]:
    """The transfer as it now stands, held to the end of the transaction, if the user's side may take this step."""
    rows = PersonTransfer.objects.select_related("from_commissioner", "to_commissioner", "person")
    held = rows.select_for_update(of=("self",)).get(pk=transfer.pk)
    if not any(scope.can(by, Permission.DECIDE_REFERRALS, _side(held, side)) for side in steps.Side):
        raise PermissionDenied("This needs to be on one side of the transfer")
    step = _step(held, to_status)
    scope.check(by, Permission.DECIDE_REFERRALS, _side(held, step.side))
    if step in (steps.RECORD_ACCEPTED, steps.RECORD_REFUSED) and not answered_for.strip():
        raise Refused("Enter who answered, and how", field="answered_for")
    day = on or clock.today()
    if day < held.requested_on:
        raise Refused(f"Date must be on or after {held.requested_on:%-d %B %Y}, when it was asked for", field="on")
    if day > clock.today():
        raise Refused("Date must be today or in the past", field="on")
    return held, day


def _step(transfer: PersonTransfer, to_status: TransferStatus) -> steps.TransferStep:
    for step in steps.steps_from(transfer.status):
        if step.to_status == to_status:
            return step
    raise TransitionNotAllowed(f"This transfer is already {transfer.get_status_display().lower()}")


def _side(transfer: PersonTransfer, side: steps.Side) -> Commissioner:
    return transfer.from_commissioner if side is steps.Side.SENDER else transfer.to_commissioner


def _answer(
    transfer: PersonTransfer, to_status: TransferStatus, *, by: User, on: dt.date, note: str, answered_for: str
) -> steps.TransferStep:
    step = _step(transfer, to_status)
    transfer.status, transfer.answered_on, transfer.answered_by = step.to_status, on, by
    transfer.answer_note, transfer.answered_for = note.strip(), answered_for.strip()
    transfer.save(update_fields=["status", "answered_on", "answered_by", "answer_note", "answered_for"])
    return step


def _close_check(person: Person, result: CheckResult, *, basis: str, note: str, by: User, on: dt.date) -> bool:
    """Answer the open check of a person, if there is one. Whether there was."""
    check = ResponsibilityCheck.objects.select_for_update().filter(person=person, result="").first()
    if check is None:
        return False
    check.result, check.basis, check.note = result, basis, note.strip()
    check.closed_on, check.closed_by = max(on, check.opened_on), by
    check.save(update_fields=["result", "basis", "note", "closed_on", "closed_by"])
    audit.record(
        actor=by,
        action="close-responsibility-check",
        subject=check,
        commissioner=person.commissioner,
        detail={"result": result.value, "basis": basis},
    )
    return True


def _record(
    transfer: PersonTransfer,
    step: steps.TransferStep,
    *,
    by: User,
    on: dt.date,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """The append-only row, and an entry in the access log of each side."""
    PersonTransferTransition.objects.create(
        transfer=transfer,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note.strip(),
        occurred_on=on,
        made_by=by,
    )
    for commissioner in (transfer.from_commissioner, transfer.to_commissioner):
        audit.record(
            actor=by,
            action=f"transfer-{step.action.replace('_', '-')}",
            subject=transfer,
            commissioner=commissioner,
            detail={"on": on.isoformat(), **(detail or {})},
        )
