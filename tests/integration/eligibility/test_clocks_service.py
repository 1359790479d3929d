"""Acknowledging, pausing, going on, asking again and reopening, through the services and by SQL."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import Referral, ReferralPause
from eligibility.services.clocks import acknowledge_referral, follow_up_later, pause_referral, resume_referral
from eligibility.services.referrals import accept_referral, reopen_referral, withdraw_referral
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings, User
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)  # a Friday
RECEIVED = dt.date(2026, 11, 5)
DUE = dt.date(2026, 12, 3)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def referral(icb: Commissioner) -> Referral:
    return make_referral(icb, received_on=RECEIVED)


def nov(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def paused(referral: Referral, by: User, on: int = 10, **changes: Any) -> Referral:
    asked: dict[str, Any] = {"reason": "information", "follow_up_on": nov(19), "on": nov(on), **changes}
    return pause_referral(referral=referral, by=by, **asked)


def test_pause_keeps_the_date_and_going_on_moves_it_by_the_days(referral: Referral, team: User) -> None:
    held = paused(referral, team)
    assert (held.decision_due_on, held.follow_up_on, held.is_paused) == (DUE, nov(19), True)
    held = resume_referral(referral=referral, by=team, on=nov(12))
    assert (held.decision_due_on, held.follow_up_on) == (DUE + dt.timedelta(days=2), None)
    referral.refresh_from_db()
    assert (referral.decision_due_on, referral.is_paused) == (dt.date(2026, 12, 5), False)
    assert referral.clock.first_due_on == DUE
    logged = AccessLogEntry.objects.filter(action__in=["referral-pause", "referral-resume"])
    assert [entry.actor for entry in logged] == [team, team]


def test_working_days_are_what_the_commissioner_promised_that_day(icb: Commissioner, team: User) -> None:
    settings = CommissionerSettings.objects.create(
        commissioner=icb, decision_days=20, decision_days_counted="working", acknowledge_working_days=2
    )
    referral = make_referral(icb, received_on=RECEIVED)  # a Thursday
    settings.decision_days_counted = "calendar"
    settings.save()
    assert referral.decision_due_on == DUE
    assert referral.acknowledge_due_on == nov(9)
    paused(referral, team, on=13)  # a Friday
    assert resume_referral(referral=referral, by=team, on=nov(16)).decision_due_on == dt.date(2026, 12, 4)


def test_two_pauses_add_up_and_may_touch(referral: Referral, team: User) -> None:
    paused(referral, team)
    resume_referral(referral=referral, by=team, on=nov(12))
    paused(referral, team, on=12, reason="in_hospital")
    assert resume_referral(referral=referral, by=team, on=nov(17)).decision_due_on == dt.date(2026, 12, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "withdrawn"}, "reason"),
        ({"reason": "nonsense"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"follow_up_on": nov(10)}, "follow_up_on"),
        ({"on": nov(4)}, "on"),
        ({"on": nov(21), "follow_up_on": nov(30)}, "on"),
    ],
)
def test_pause_that_cannot_be_is_refused(referral: Referral, team: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        pause_referral(
            **{"referral": referral, "by": team, "reason": "information", "follow_up_on": nov(19), "on": nov(10)}
            | changes
        )
    assert refused.value.field == field
    assert not ReferralPause.objects.exists()


def test_pause_may_not_begin_inside_the_last_one_nor_end_before_it_began(referral: Referral, team: User) -> None:
    paused(referral, team)
    with pytest.raises(Refused, match="when the clock was paused"):
        resume_referral(referral=referral, by=team, on=nov(9))
    resume_referral(referral=referral, by=team, on=nov(12))
    with pytest.raises(Refused, match="12 November 2026"):
        paused(referral, team, on=11)


def test_what_is_done_already_is_refused_with_what_stands(referral: Referral, team: User) -> None:
    with pytest.raises(TransitionNotAllowed, match="not paused"):
        resume_referral(referral=referral, by=team)
    with pytest.raises(TransitionNotAllowed, match="not paused"):
        follow_up_later(referral=referral, follow_up_on=nov(30), by=team)
    paused(referral, team)
    with pytest.raises(TransitionNotAllowed, match="paused already"):
        paused(referral, team, on=12)
    withdraw_referral(referral=referral, reason="Asked", by=team)
    for act in (
        lambda: paused(referral, team, on=12),
        lambda: resume_referral(referral=referral, by=team),
        lambda: acknowledge_referral(referral=referral, by=team),
    ):
        with pytest.raises(TransitionNotAllowed, match="withdrawn"):
            act()


def test_day_to_ask_again_is_put_off_and_lies_ahead(referral: Referral, team: User) -> None:
    paused(referral, team)
    assert follow_up_later(referral=referral, follow_up_on=nov(30), by=team).follow_up_on == nov(30)
    with pytest.raises(Refused, match="after 20 November 2026"):
        follow_up_later(referral=referral, follow_up_on=TODAY, by=team)


def test_deciding_ends_the_pause(referral: Referral, team: User) -> None:
    paused(referral, team)
    held = accept_referral(referral=referral, cohort=Cohort.objects.get(code="chc"), by=team, on=nov(15))
    pause = ReferralPause.objects.get()
    assert (pause.ended_on, pause.ended_by) == (nov(15), team)
    held.refresh_from_db()
    assert (held.follow_up_on, held.decision_due_on) == (None, dt.date(2026, 12, 8))


def test_decision_dated_before_the_pause_leaves_it_without_days(referral: Referral, team: User) -> None:
    paused(referral, team, on=18, follow_up_on=nov(19))
    accept_referral(referral=referral, cohort=Cohort.objects.get(code="chc"), by=team, on=nov(15))
    assert ReferralPause.objects.get().ended_on == nov(18)
    referral.refresh_from_db()
    assert referral.decision_due_on == DUE


def test_time_withdrawn_counts_as_a_pause(referral: Referral, team: User) -> None:
    nurse = make_nurse(referral.commissioner)
    withdraw_referral(referral=referral, reason="Asked", by=nurse, on=nov(10))
    held = reopen_referral(referral=referral, reason="They asked again", by=nurse, on=nov(17))
    assert (held.status, held.decision_due_on) == ("submitted", dt.date(2026, 12, 10))
    assert ReferralPause.objects.get().reason == "withdrawn"
    last = held.transitions.last()
    assert last is not None
    assert (last.action, last.from_status, last.to_status, last.note) == (
        "reopen",
        "withdrawn",
        "submitted",
        "They asked again",
    )
    accept_referral(referral=referral, cohort=Cohort.objects.get(code="chc"), by=team)


def test_withdrawal_dated_into_a_pause_that_ended_counts_no_day_twice(referral: Referral, team: User) -> None:
    paused(referral, team)
    resume_referral(referral=referral, by=team, on=nov(15))
    withdraw_referral(referral=referral, reason="Asked", by=team, on=nov(12))
    held = reopen_referral(referral=referral, reason="Again", by=team, on=nov(17))
    assert held.decision_due_on == DUE + dt.timedelta(days=7)  # the 10th to the 16th


def test_reopening_is_refused_without_reason_or_before_the_withdrawal(referral: Referral, team: User) -> None:
    with pytest.raises(TransitionNotAllowed):
        reopen_referral(referral=referral, reason="Again", by=team)
    withdraw_referral(referral=referral, reason="Asked", by=team, on=nov(10))
    with pytest.raises(Refused, match="why the referral is reopened"):
        reopen_referral(referral=referral, reason=" ", by=team)
    with pytest.raises(Refused, match="10 November 2026, when it was withdrawn"):
        reopen_referral(referral=referral, reason="Again", by=team, on=nov(9))


def test_acknowledging_twice_keeps_the_first(referral: Referral, team: User) -> None:
    acknowledge_referral(referral=referral, by=team, on=nov(9))
    held = acknowledge_referral(referral=referral, by=make_team(referral.commissioner))
    assert (held.acknowledged_on, held.acknowledged_by) == (nov(9), team)


def test_clock_is_moved_by_the_team_of_the_commissioner_only(referral: Referral) -> None:
    for user in (make_nurse(referral.commissioner), make_team(CommissionerFactory())):
        for act in (
            lambda by: paused(referral, by),
            lambda by: resume_referral(referral=referral, by=by),
            lambda by: follow_up_later(referral=referral, follow_up_on=nov(30), by=by),
            lambda by: acknowledge_referral(referral=referral, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(user)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE eligibility_referral SET status = 'withdrawn'",
        "UPDATE eligibility_referral SET status = 'withdrawn', follow_up_on = NULL",
        "UPDATE eligibility_referral SET decision_days = 60",
        "UPDATE eligibility_referral SET acknowledge_due_on = NULL",
        "UPDATE eligibility_referral SET acknowledged_on = '2026-11-10'",
        "UPDATE eligibility_referralpause SET started_on = '2026-11-06'",
        "UPDATE eligibility_referralpause SET ended_on = '2026-11-15'",
        "UPDATE eligibility_referralpause SET ended_on = '2026-11-01', ended_by_id = started_by_id",
        "DELETE FROM eligibility_referralpause",
        """INSERT INTO eligibility_referralpause (referral_id, reason, note, started_on, started_by_id, recorded_at)
           SELECT referral_id, reason, note, '2026-11-15', started_by_id, now() FROM eligibility_referralpause""",
    ],
)
def test_database_refuses(referral: Referral, team: User, sql: str) -> None:
    paused(referral, team)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_pauses_only_what_waits_and_lets_a_pause_end_once(referral: Referral, team: User) -> None:
    paused(referral, team)
    resume_referral(referral=referral, by=team, on=nov(12))
    withdraw_referral(referral=referral, reason="Asked", by=team)
    again = """INSERT INTO eligibility_referralpause (referral_id, reason, note, started_on, started_by_id, recorded_at)
        SELECT referral_id, reason, note, '2026-11-15', started_by_id, now() FROM eligibility_referralpause"""
    for sql in (again, "UPDATE eligibility_referralpause SET ended_on = '2026-11-13'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
