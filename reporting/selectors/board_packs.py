"""Reads of board packs: for their readers, for those who write them, and for the home page."""

import datetime as dt
import uuid
from typing import Any

from phb_register.models import Job, JobState, OutgoingEmail, StoredDocument
from phb_register.models.commissioners import CommissionerQuerySet
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.selectors.commissioners import named_commissioners
from reporting.board_pack_states import PackStatus
from reporting.board_packs import job_key
from reporting.models import BoardPack, BoardPackTransition, DecisionWanted
from reporting.models.board_packs import BoardPackQuerySet


def packs_for(user: Any) -> BoardPackQuerySet:
    """The packs that a user may read, the latest meeting first."""
    return BoardPack.objects.readable_by(user).for_lists()


def pack_for(user: Any, reference: uuid.UUID) -> BoardPack | None:
    """One of them."""
    found = BoardPack.objects.readable_by(user).filter(reference=reference)
    return found.select_related("commissioner", "planned_by", "pdf").defer("pdf__content").first()


def pack_to_write(user: Any, reference: uuid.UUID) -> BoardPack | None:
    """One that the user may write."""
    found = BoardPack.objects.visible_to(user, Permission.WRITE_BOARD_PACKS).filter(reference=reference)
    return found.select_related("commissioner", "planned_by").first()


def decision_to_write(user: Any, reference: uuid.UUID, pk: int) -> DecisionWanted | None:
    """A decision of a pack that the user may write."""
    packs = BoardPack.objects.visible_to(user, Permission.WRITE_BOARD_PACKS).filter(reference=reference)
    return DecisionWanted.objects.filter(pack__in=packs, pk=pk).select_related("pack__commissioner").first()


def decisions_of(pack: BoardPack) -> list[DecisionWanted]:
    """What the meeting is asked to decide, in order."""
    return list(pack.decisions.all())


def history_of(pack: BoardPack) -> list[BoardPackTransition]:
    """What happened to a pack, in order."""
    return list(pack.transitions.select_related("by"))


def told_of(pack: BoardPack) -> list[OutgoingEmail]:
    """The e-mails about a pack."""
    return list(OutgoingEmail.objects.about(pack).defer("body").order_by("to_address"))


def is_readable(pack: BoardPack) -> bool:
    """Whether what it says is shown: once it was made, until it is withdrawn."""
    return pack.status == PackStatus.MADE


def pdf_of(pack: BoardPack) -> StoredDocument | None:
    """The PDF of a pack whose words are shown."""
    if pack.pdf_id is None or not is_readable(pack):
        return None
    return StoredDocument.objects.get(pk=pack.pdf_id)


def reason_withdrawn(pack: BoardPack) -> str:
    """Why a pack was withdrawn; empty where it was not."""
    if pack.status != PackStatus.WITHDRAWN:
        return ""
    return pack.transitions.get(to_status=PackStatus.WITHDRAWN).reason


def commissioners_to_write_for(user: Any) -> CommissionerQuerySet:
    """Whom the user may plan packs for: partnerships first."""
    return named_commissioners(user, Permission.WRITE_BOARD_PACKS).order_by("-kind", "name")


def may_write(user: Any, pack: BoardPack) -> bool:
    """Whether the user writes packs for its commissioner."""
    return can(user, Permission.WRITE_BOARD_PACKS, pack.commissioner)


def packs_to_read(user: Any, today: dt.date, most: int) -> list[BoardPack]:
    """Packs that were made for meetings still to come, the next meeting first."""
    found = BoardPack.objects.visible_to(user).filter(status=PackStatus.MADE, meets_on__gte=today)
    return list(found.for_lists().order_by("meets_on", "pk")[:most])


def packs_not_made(user: Any, today: dt.date) -> list[BoardPack]:
    """Packs whose day has come and whose making was given up for now."""
    due = BoardPack.objects.visible_to(user, Permission.WRITE_BOARD_PACKS).due(today).for_lists()
    keys = {job_key(pack.pk, pack.version): pack for pack in due}
    stopped = Job.objects.filter(key__in=keys, state=JobState.FAILED).values_list("key", flat=True)
    return [keys[key] for key in stopped]
