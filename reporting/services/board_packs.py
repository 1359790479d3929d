"""Board packs: planned and changed by the PHB team, made by the register on their day, withdrawn with a reason."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse

from offers.rules.snapshots import content_hash
from offers.selectors.lines import offer_for
from phb_register import audit, clock, documents, emails, jobs
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Job, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import check
from phb_register.selectors.users import users_who_may
from reporting.board_pack_states import CANCEL, MAKE, PLAN, TABLE, WITHDRAW, PackPart, PackStatus, PackStep
from reporting.board_packs import JOB_KIND, ReadPack, job_key, read
from reporting.models import BoardPack, BoardPackTransition, DecisionWanted
from reporting.selectors.pack_content import snapshot_of
from reporting.selectors.scope import counted
from reporting.services import equity_release
from reporting.services.releases import fix_figures

MOST_DECISIONS = 20
#: About ten pages: an introduction of more is a paper of its own.
LONGEST_INTRODUCTION = 20_000
#: Where the figures are shown that a pack fixes.
PURPOSE = "board pack"
HAS_ONE = "This meeting has a board pack already. Change that one, or cancel it first"

#: Writes the PDF of a pack with this fingerprint.
PdfWriter = Callable[[ReadPack, str], bytes]


@transaction.atomic
def plan(
    *,
    commissioner: Commissioner,
    by: User,
    meeting: str,
    meets_on: dt.date,
    as_at: dt.date,
    make_on: dt.date,
    parts: Sequence[str],
    introduction: str = "",
) -> BoardPack:
    """Plan a pack for a meeting: it is made by itself on `make_on`. Raises `PermissionDenied`; `Refused` where the
    days are out of order, or the meeting has a pack already.
    """
    check(by, Permission.WRITE_BOARD_PACKS, commissioner)
    pack = BoardPack(commissioner=commissioner, planned_by=by, planned_at=clock.now())
    _write(pack, meeting=meeting, meets_on=meets_on, as_at=as_at, make_on=make_on, parts=parts, text=introduction)
    _note(pack, PLAN, by=by)
    return pack


@transaction.atomic
def change(
    *,
    pack: BoardPack,
    by: User,
    expected_version: int,
    meeting: str,
    meets_on: dt.date,
    as_at: dt.date,
    make_on: dt.date,
    parts: Sequence[str],
    introduction: str = "",
) -> BoardPack:
    """Change a planned pack over the version its writer opened. Raises as `plan`; `Refused` where it was changed
    since, or is no longer planned.
    """
    pack = _planned(pack, by)
    if pack.version != expected_version:
        raise Refused("Somebody else changed this board pack since you opened it. See what it says now, then save")
    pack.version += 1
    _write(pack, meeting=meeting, meets_on=meets_on, as_at=as_at, make_on=make_on, parts=parts, text=introduction)
    audit.record(actor=by, action="change-board-pack", subject=pack, detail={"version": pack.version})
    return pack


@transaction.atomic
def save_decision(
    *, pack: BoardPack, by: User, question: str, recommendation: str, why: str, decision: DecisionWanted | None = None
) -> DecisionWanted:
    """Add a decision that the meeting is asked for, at the end; or change one. Only while the pack is planned."""
    pack = _planned(pack, by)
    if decision is None:
        last = pack.decisions.aggregate(last=Max("position"))["last"] or 0
        if pack.decisions.count() >= MOST_DECISIONS:
            raise Refused(f"A board pack asks for {MOST_DECISIONS} decisions at most. Remove one, or plan another pack")
        decision = DecisionWanted(pack=pack, position=last + 1)
    elif not pack.decisions.filter(pk=decision.pk).exists():
        raise Refused("Somebody removed this decision after you opened it. Add it again if it is still wanted")
    decision.question, decision.recommendation, decision.why = question.strip(), recommendation.strip(), why.strip()
    decision.save()
    audit.record(actor=by, action="save-decision-wanted", subject=decision, commissioner=pack.commissioner)
    return decision


@transaction.atomic
def remove_decision(*, decision: DecisionWanted, by: User) -> None:
    """Take a decision out of a planned pack."""
    pack = _planned(decision.pack, by)
    audit.record(actor=by, action="remove-decision-wanted", subject=decision, commissioner=pack.commissioner)
    decision.delete()


@transaction.atomic
def request_making(*, pack: BoardPack, by: User) -> Job:
    """Have a planned pack made now and not on its day. Asking twice makes one."""
    pack = _planned(pack, by)
    today = clock.today()
    if pack.as_at > today:
        raise Refused(f"The figures are to be as at {spoken_date(pack.as_at)}, which is still to come. Change that day")
    if pack.make_on > today:
        pack.make_on = today
        pack.version += 1
        pack.save(update_fields=["make_on", "version"])
    return _enqueue(pack, by)


def ask_for_due() -> int:
    """Have every pack made whose day has come. Returns how many. Beat calls it; asking again makes no second."""
    due = list(BoardPack.objects.due(clock.today()).select_related("commissioner"))
    for pack in due:
        _enqueue(pack, None)
    return len(due)


def make(*, pack: BoardPack, write_pdf: PdfWriter) -> BoardPack:
    """Make a pack whose day has come: freeze what it says, write the PDF, tell the members. All of it or nothing.

    Made, cancelled or put off meanwhile, it is left as it is, so that a job may run again at any point.
    """
    found = BoardPack.objects.select_related("commissioner").get(pk=pack.pk)
    if _is_due(found, clock.today()):
        # Before the pack is locked: whoever else is shown figures for the first time waits for the end of this step
        # only, and not until the PDF is written.
        _fix_figures(found)
    return _make(pack, write_pdf)


@transaction.atomic
def _make(pack: BoardPack, write_pdf: PdfWriter) -> BoardPack:
    pack = _locked(pack)
    today = clock.today()
    if not _is_due(pack, today):
        return pack
    # Again, for it may have been changed at this very moment; what is fixed already takes no lock.
    _fix_figures(pack)
    snapshot = snapshot_of(pack, as_at=pack.as_at, made_on=today)
    digest = content_hash(snapshot)
    title = f"Board pack: {pack}"
    pack.snapshot, pack.content_hash, pack.made_at = snapshot, digest, clock.now()
    pack.pdf = documents.store(
        title=title,
        filename=f"board-pack-{pack.commissioner.code}-{pack.meets_on.isoformat()}.pdf",
        media_type="application/pdf",
        content=write_pdf(read(snapshot), digest),
        made_by=None,
    )
    _note(pack, MAKE, by=None, detail={"content_hash": digest})
    _tell_members(pack)
    return pack


@transaction.atomic
def cancel(*, pack: BoardPack, by: User, reason: str) -> BoardPack:
    """Give up a planned pack, for good: it is not made."""
    return _end(pack, CANCEL, by, reason)


@transaction.atomic
def withdraw(*, pack: BoardPack, by: User, reason: str) -> BoardPack:
    """Take a pack back that was made. Its members see that and why; the record keeps what it said."""
    return _end(pack, WITHDRAW, by, reason)


def _write(
    pack: BoardPack,
    *,
    meeting: str,
    meets_on: dt.date,
    as_at: dt.date,
    make_on: dt.date,
    parts: Sequence[str],
    text: str,
) -> None:
    if make_on < clock.today():
        raise Refused("The day it is made must be today or later", field="make_on")
    if meets_on < make_on:
        raise Refused("The meeting must be on or after the day the pack is made", field="meets_on")
    if as_at > make_on:
        raise Refused("The figures must be as at a day up to the one the pack is made on", field="as_at")
    if not set(parts) & set(PackPart.values):
        raise Refused("Select at least one part", field="parts")
    if len(text) > LONGEST_INTRODUCTION:
        raise Refused(f"The introduction must be {LONGEST_INTRODUCTION:,} characters or fewer", field="introduction")
    name = " ".join(meeting.split())
    others = BoardPack.objects.standing_for(pack.commissioner, name, meets_on).exclude(pk=pack.pk)
    if others.exists():
        raise Refused(HAS_ONE, field="meeting")
    pack.meeting, pack.meets_on, pack.as_at, pack.make_on = name, meets_on, as_at, make_on
    pack.parts = [part.value for part in PackPart if part in parts]
    pack.introduction = text
    try:
        with transaction.atomic():
            pack.save()
    except IntegrityError as taken:
        # Somebody else planned one for it at this very moment.
        if "board_pack_one_a_meeting" not in str(taken):
            raise
        raise Refused(HAS_ONE, field="meeting") from taken


def _locked(pack: BoardPack) -> BoardPack:
    return BoardPack.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=pack.pk)


def _planned(pack: BoardPack, by: User) -> BoardPack:
    """The pack, locked, if this user may change it now."""
    found = _locked(pack)
    check(by, Permission.WRITE_BOARD_PACKS, found.commissioner)
    if found.status != PackStatus.PLANNED:
        raise Refused(f"This board pack is {found.get_status_display().lower()} and cannot be changed. Plan another")
    return found


def _end(pack: BoardPack, step: PackStep, by: User, reason: str) -> BoardPack:
    found = _locked(pack)
    check(by, Permission.WRITE_BOARD_PACKS, found.commissioner)
    if step not in TABLE.steps_from(found.status):
        raise Refused(f"This board pack is {found.get_status_display().lower()}. Look at what can be done with it now")
    if not reason.strip():
        raise Refused("Enter the reason", field="reason")
    _note(found, step, by=by, reason=reason.strip())
    return found


def _note(
    pack: BoardPack, step: PackStep, *, by: User | None, reason: str = "", detail: dict[str, str] | None = None
) -> None:
    """Write a checked step: the status, what the caller set on the pack, the transition and the audit entry."""
    pack.status = step.to_status
    pack.save()
    BoardPackTransition.objects.create(
        pack=pack,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        by=by,
        at=clock.now(),
        reason=reason,
    )
    audit.record(actor=by, action=f"{step.action}-board-pack", subject=pack, detail=detail)


def _enqueue(pack: BoardPack, by: User | None) -> Job:
    return jobs.enqueue(
        kind=JOB_KIND,
        key=job_key(pack.pk, pack.version),
        parameters={"pack": pack.pk},
        requested_by=by,
        commissioner=pack.commissioner,
    )


def _is_due(pack: BoardPack, today: dt.date) -> bool:
    return pack.status == PackStatus.PLANNED and pack.make_on <= today


def _fix_figures(pack: BoardPack) -> None:
    """Fix what the pack shows: its readers are shown the same ever after, here and on the dashboard."""
    scope = counted(pack.commissioner, pack.as_at)
    fix_figures(scope, purpose=PURPOSE, to=None)
    if PackPart.EQUALITY in pack.chosen_parts:
        equity_release.fix(scope, purpose=PURPOSE)
    offer = offer_for(pack.commissioner, pack.as_at)
    if offer is not None and offer.commissioner_id != pack.commissioner_id:
        # The caps and indicators of a programme are those of whoever publishes the offer.
        fix_figures(counted(offer.commissioner, pack.as_at), purpose=PURPOSE, to=None)


def _tell_members(pack: BoardPack) -> None:
    """An e-mail to each member who gets board packs. It holds no figure: those stay behind the sign-in."""
    named = ", ".join(part.label.lower() for part in pack.chosen_parts)
    for member in users_who_may(Permission.RECEIVE_BOARD_PACKS, [pack.commissioner.pk], clock.today()):
        emails.send(
            to=member.email,
            subject=f"Board pack for {pack.meeting}, {spoken_date(pack.meets_on)}",
            body=(
                f"The board pack of {pack.commissioner} for {pack.meeting}, {spoken_date(pack.meets_on)}, is ready.\n\n"
                f"It has: {named}. The figures are as at {spoken_date(pack.as_at)}.\n\nSign in to read it:"
            ),
            link=reverse("reporting:board-pack", args=[pack.reference]),
            commissioner=pack.commissioner,
            about=pack,
        )
