"""Reads of transfers between commissioners, and of checks of who is responsible."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet

from eligibility.enums import ReferralStatus, TransferStatus
from eligibility.models import PersonTransfer, PersonTransferTransition, Referral, ResponsibilityCheck
from eligibility.rules.transfer_states import OPEN, Side, TransferStep, steps_from
from phb_register import scope
from phb_register.models import Commissioner, Membership, PartnershipMember, Person, User
from phb_register.roles import Permission, roles_with
from phb_register.selectors.people import person_for

_WITH_ALL = ("person__commissioner", "from_commissioner", "to_commissioner", "requested_by", "answered_by")


@dataclass(frozen=True)
class Moving:
    """What moves with a person, as far as the other side may know before it accepts: counts and a date."""

    waiting_referrals: int
    first_due_on: dt.date | None


def uses_this_register(commissioner: Commissioner, on: dt.date) -> bool:
    """Whether somebody decides for a commissioner here on a date: on its own account, or for a partnership it is in."""
    partnerships = PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
    held = Membership.objects.held_on(on).filter(role__in=roles_with(Permission.DECIDE_REFERRALS), user__is_active=True)
    return held.filter(Q(commissioner=commissioner) | Q(commissioner__in=partnerships)).exists()


def commissioners_to_choose(person: Person, on: dt.date) -> list[Commissioner]:
    """The commissioners a person can move to: every one that is open, but for their own."""
    rows = Commissioner.objects.bodies().open_on(on).exclude(pk=person.commissioner_id)
    return list(rows.order_by("name"))


def transfers_for(user: User) -> QuerySet[PersonTransfer]:
    """The transfers from and to the user's commissioners, the latest first."""
    return PersonTransfer.objects.visible_to(user).select_related(*_WITH_ALL)


def transfer_for(user: User, reference: uuid.UUID) -> PersonTransfer | None:
    """The transfer with this reference, if it is from or to one of the user's commissioners."""
    return transfers_for(user).filter(reference=reference).first()


def transfers_to_answer(user: User, limit: int) -> list[PersonTransfer]:
    """Those that wait for the user's own side, the first to take effect first."""
    return list(PersonTransfer.objects.all().to_answer(user).select_related(*_WITH_ALL)[:limit])


def transfers_sent(user: User, limit: int) -> list[PersonTransfer]:
    """Those that were sent outside this register and whose answer is still to be recorded here."""
    rows = PersonTransfer.objects.all().out_of(user).filter(status=TransferStatus.SENT).order_by("effective_on", "pk")
    return list(rows.select_related(*_WITH_ALL)[:limit])


def steps_for(user: User, transfer: PersonTransfer) -> list[TransferStep]:
    """What the user may do to a transfer now: the buttons on its page."""
    sides = {Side.SENDER: transfer.from_commissioner, Side.RECEIVER: transfer.to_commissioner}
    return [
        step for step in steps_from(transfer.status) if scope.can(user, Permission.DECIDE_REFERRALS, sides[step.side])
    ]


def transitions_of(transfer: PersonTransfer) -> QuerySet[PersonTransferTransition]:
    """What happened to a transfer, the oldest first."""
    return PersonTransferTransition.objects.filter(transfer=transfer).select_related("made_by")


def moving_with(transfer: PersonTransfer) -> Moving:
    """How many referrals wait that would move, and when the first is due."""
    waiting = Referral.objects.filter(person=transfer.person_id, status=ReferralStatus.SUBMITTED)
    return Moving(waiting.count(), waiting.aggregate(first=Min("decision_due_on"))["first"])


def may_see_person(user: User, person: Person) -> bool:
    """Whether the person's record is the user's to read: for one side of a transfer before it, for the other after."""
    return scope.can(user, Permission.VIEW_PEOPLE, person.commissioner)


def shows_name(user: User, transfer: PersonTransfer) -> bool:
    """Whether the user may read who a transfer is about: the sender always, the receiver unless it came to nothing."""
    is_sender = scope.can(user, Permission.DECIDE_REFERRALS, transfer.from_commissioner)
    return is_sender or transfer.is_open or transfer.status == TransferStatus.ACCEPTED


def shows_person(user: User, transfer: PersonTransfer) -> bool:
    """Whether the page shows what decides who is responsible: while it waits, and to whoever has the record."""
    return transfer.is_open or may_see_person(user, transfer.person)


def person_to_move(user: User, reference: uuid.UUID) -> Person | None:
    """The person with this reference, if the user's PHB team is responsible for them."""
    return person_for(user, reference, Permission.DECIDE_REFERRALS)


def person_transfers(user: User, person: Person) -> list[PersonTransfer]:
    """The transfers of a person to or from the commissioners whose people the user sees, the latest first."""
    rows = PersonTransfer.objects.visible_to(user, Permission.VIEW_REFERRALS).filter(person=person)
    return list(rows.select_related(*_WITH_ALL))


def open_transfer_of(person: Person) -> PersonTransfer | None:
    """The transfer of a person that waits for an answer."""
    return PersonTransfer.objects.filter(person=person, status__in=OPEN).select_related("to_commissioner").first()


def open_check_of(person: Person) -> ResponsibilityCheck | None:
    """The check of who is responsible for a person that nobody answered yet."""
    return ResponsibilityCheck.objects.all().open().filter(person=person).first()


def checks_of(person: Person) -> list[ResponsibilityCheck]:
    """Every check of who is responsible for a person, the latest first."""
    return list(ResponsibilityCheck.objects.filter(person=person).select_related("opened_by", "closed_by"))


def checks_to_answer(user: User, limit: int) -> list[ResponsibilityCheck]:
    """The open checks of the user's people, the longest open first."""
    return list(ResponsibilityCheck.objects.visible_to(user).open().select_related("person")[:limit])
