"""What moves the clocks of a referral: acknowledging it, pausing it, going on, and asking again later."""

import datetime as dt

from django.db import transaction

from eligibility import policies
from eligibility.enums import PauseReason
from eligibility.models.pauses import ReferralPause
from eligibility.models.referrals import Referral
from eligibility.rules.clocks import Pause, next_pause_from, settled_due_on
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def acknowledge_referral(*, referral: Referral, by: User, on: dt.date | None = None) -> Referral:
    """Record that whoever made the referral was told that it arrived. Done twice, the first time stands.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    held, day = _held(referral, by=by, on=on)
    if held.acknowledged_on is None:
        held.acknowledged_on, held.acknowledged_by = day, by
        held.save(update_fields=["acknowledged_on", "acknowledged_by"])
        _log("acknowledge", held, by, on=day.isoformat())
    return held


@transaction.atomic
def pause_referral(
    *, referral: Referral, reason: str, follow_up_on: dt.date, by: User, on: dt.date | None = None, note: str = ""
) -> Referral:
    """Stop the clock of a referral, and say when to ask again. It goes on when resumed or decided.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` (decided, or paused already) or ``Refused``.
    """
    held, day = _held(referral, by=by, on=on)
    policies.check_is_paused(held, expected=False)
    if reason not in PauseReason.values or reason == PauseReason.WITHDRAWN:
        raise Refused("Select why the clock is paused", field="reason")
    if reason == PauseReason.OTHER and not note.strip():
        raise Refused("Enter why the clock is paused", field="note")
    earliest = next_pause_from(_pauses(held), held.received_on)
    if day < earliest:
        raise Refused(f"Date must be on or after {earliest:%-d %B %Y}, when the last pause ended", field="on")
    _check_follow_up(follow_up_on, day)
    ReferralPause.objects.create(referral=held, reason=reason, note=note, started_on=day, started_by=by)
    held.follow_up_on = follow_up_on
    held.save(update_fields=["follow_up_on"])
    _log("pause", held, by, on=day.isoformat(), reason=reason)
    return held


@transaction.atomic
def resume_referral(*, referral: Referral, by: User, on: dt.date | None = None) -> Referral:
    """Let the clock of a paused referral go on: the due date moves by the days it stood still.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` (decided, or not paused) or ``Refused``.
    """
    held, day = _held(referral, by=by, on=on)
    policies.check_is_paused(held, expected=True)
    started_on = _open_pause(held).started_on
    if day < started_on:
        raise Refused(f"Date must be on or after {started_on:%-d %B %Y}, when the clock was paused", field="on")
    end_pause(held, by=by, on=day)
    held.save(update_fields=["follow_up_on", "decision_due_on"])
    _log("resume", held, by, on=day.isoformat(), due=held.decision_due_on.isoformat())
    return held


@transaction.atomic
def follow_up_later(*, referral: Referral, follow_up_on: dt.date, by: User) -> Referral:
    """Set another day on which to ask again about a paused referral. Raises as ``resume_referral`` does."""
    held, day = _held(referral, by=by, on=None)
    policies.check_is_paused(held, expected=True)
    _check_follow_up(follow_up_on, day)
    held.follow_up_on = follow_up_on
    held.save(update_fields=["follow_up_on"])
    _log("follow-up", held, by, until=follow_up_on.isoformat())
    return held


def end_pause(held: Referral, *, by: User, on: dt.date) -> None:
    """End the pause of a referral held by the caller, who saves it. Nothing where its clock runs.

    What is dated before the pause began leaves a pause of no days.
    """
    if held.is_paused:
        pause = _open_pause(held)
        pause.ended_on, pause.ended_by = max(on, pause.started_on), by
        pause.save(update_fields=["ended_on", "ended_by"])
        held.follow_up_on = None
        held.decision_due_on = settled_due_on(held.clock, _pauses(held))


def count_time_withdrawn(held: Referral, *, since: dt.date, by: User, on: dt.date) -> None:
    """Let the days on which a reopened referral was withdrawn count as a pause; the caller saves the referral."""
    begins = max(since, next_pause_from(_pauses(held), held.received_on))
    if begins < on:
        ReferralPause.objects.create(
            referral=held, reason=PauseReason.WITHDRAWN, started_on=begins, started_by=by, ended_on=on, ended_by=by
        )
        held.decision_due_on = settled_due_on(held.clock, _pauses(held))


def _held(referral: Referral, *, by: User, on: dt.date | None) -> tuple[Referral, dt.date]:
    """The referral as it now stands, held until the end of the transaction, if its clock is the user's to move."""
    today = clock.today()
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    scope.check(by, Permission.DECIDE_REFERRALS, held.commissioner)
    policies.check_waits(held)
    policies.check_moment(held, on or today, today)
    return held, on or today


def _open_pause(held: Referral) -> ReferralPause:
    return ReferralPause.objects.get(referral=held, ended_on__isnull=True)


def _pauses(held: Referral) -> list[Pause]:
    return [pause.days for pause in ReferralPause.objects.filter(referral=held)]


def _check_follow_up(follow_up_on: dt.date, day: dt.date) -> None:
    if follow_up_on <= day:
        raise Refused(f"Date to ask again must be after {day:%-d %B %Y}", field="follow_up_on")


def _log(what: str, held: Referral, by: User, **detail: str) -> None:
    audit.record(actor=by, action=f"referral-{what}", subject=held, commissioner=held.commissioner, detail=dict(detail))
