"""Deciding and withdrawing, through the services and through the pages."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from eligibility.enums import DecisionOutcome, ReasonCode, ReferralStatus
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import Decision, Referral, ReferralTransition, Screening
from eligibility.services.referrals import (
    accept_referral,
    accept_referral_in_part,
    decline_referral,
    submit_referral,
    withdraw_referral,
)
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings, User
from phb_register.roles import Role
from tests.factories.eligibility import CHC_ADULT, NOTHING, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

REFUSAL: dict[str, Any] = {
    "reason_code": ReasonCode.NOT_APPROPRIATE,
    "reasons": "The care is given in one short stay",
    "reconsideration_route": "Write to the PHB team",
}


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def chc() -> Cohort:
    return Cohort.objects.get(code="chc")


def url(name: str, referral: Referral) -> str:
    return reverse(f"eligibility:{name}", args=[referral.reference])


# ── Services ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_accepted_referral_has_cohort_decision_transition_and_log(icb: Commissioner, team: User, chc: Cohort) -> None:
    referral = make_referral(icb)
    accepted = accept_referral(referral=referral, cohort=chc, by=team, on=dt.date(2026, 11, 9), note="As discussed")
    referral.refresh_from_db()
    assert (referral.status, referral.cohort, accepted.pk) == (ReferralStatus.ACCEPTED, chc, referral.pk)
    decision = Decision.objects.get(referral=referral)
    assert (decision.outcome, decision.decided_on, decision.decided_by) == ("accepted", dt.date(2026, 11, 9), team)
    assert decision.is_right_to_have
    last = ReferralTransition.objects.filter(referral=referral).last()
    assert last is not None
    assert (last.action, last.from_status, last.to_status) == ("accept", "submitted", "accepted")
    entry = AccessLogEntry.objects.get(action="referral-accept")
    assert (entry.actor, entry.commissioner, entry.detail["cohort"]) == (team, icb, "chc")


def test_cohort_that_screening_did_not_find_needs_a_note(icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    wheelchair = Cohort.objects.get(code="wheelchair")
    with pytest.raises(Refused) as refusal:
        accept_referral(referral=referral, cohort=wheelchair, by=team)
    assert refusal.value.field == "note"
    accept_referral(referral=referral, cohort=wheelchair, by=team, note="The wheelchair service agreed")
    assert Referral.objects.get().cohort == wheelchair


def test_cohort_that_is_offered_only_later_needs_a_note() -> None:
    leicester = Commissioner.objects.get(code="04C")
    # Scope is that of today, when the CCG is closed and its records belong to its successor.
    successor = Commissioner.objects.get(code="QK1")
    nurse, team = make_nurse(successor), make_team(successor)
    person = PersonFactory(commissioner=leicester)
    referral = make_referral(
        leicester, person=person, by=nurse, received_on=dt.date(2017, 3, 1), facts={**NOTHING, "s117_aftercare": True}
    )
    assert Screening.objects.get(referral=referral).outcome == "not_yet_offered"
    s117 = Cohort.objects.get(code="s117")
    with pytest.raises(Refused):
        accept_referral(referral=referral, cohort=s117, by=team, on=dt.date(2017, 3, 20))
    accepted = accept_referral(referral=referral, cohort=s117, by=team, on=dt.date(2017, 3, 20), note="Agreed early")
    assert accepted.cohort == s117


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason_code": ""}, "reason_code"),
        ({"reason_code": "nonsense"}, "reason_code"),
        ({"reasons": "  "}, "reasons"),
        ({"reconsideration_route": ""}, "reconsideration_route"),
        ({"reason_code": ReasonCode.NOT_YET_OFFERED}, "reason_code"),
        ({"reason_code": ReasonCode.OTHER}, "reason_code"),
    ],
)
def test_case_48_right_to_have_is_refused_only_with_all_that_the_law_asks(
    icb: Commissioner, team: User, change: dict[str, str], field: str
) -> None:
    referral = make_referral(icb)
    with pytest.raises(Refused) as refusal:
        decline_referral(referral=referral, by=team, **{**REFUSAL, **change})
    assert refusal.value.field == field
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.SUBMITTED
    assert not Decision.objects.exists()


def test_case_48_right_to_have_is_refused_in_whole_with_reasons_and_route(icb: Commissioner, team: User) -> None:
    referral = decline_referral(referral=make_referral(icb), by=team, **REFUSAL)
    decision = Decision.objects.get(referral=referral)
    assert (decision.outcome, decision.is_right_to_have) == (DecisionOutcome.DECLINED, True)
    assert (decision.reasons, decision.reconsideration_route) == (REFUSAL["reasons"], "Write to the PHB team")
    assert (referral.status, referral.cohort) == (ReferralStatus.DECLINED, None)


def test_case_48_right_to_have_is_refused_in_part(icb: Commissioner, team: User, chc: Cohort) -> None:
    with pytest.raises(Refused) as refusal:
        accept_referral_in_part(referral=make_referral(icb), cohort=chc, refused_part="", by=team, **REFUSAL)
    assert refusal.value.field == "refused_part"
    referral = accept_referral_in_part(
        referral=make_referral(icb), cohort=chc, refused_part="Nursing at night", by=team, **REFUSAL
    )
    decision = Decision.objects.get(referral=referral)
    assert (decision.outcome, decision.refused_part) == (DecisionOutcome.ACCEPTED_IN_PART, "Nursing at night")
    assert (referral.status, referral.cohort) == (ReferralStatus.ACCEPTED, chc)


def test_refusal_without_a_right_needs_no_route(icb: Commissioner, team: User) -> None:
    referral = make_referral(icb, facts=NOTHING, note="The family asks")
    declined = decline_referral(
        referral=referral, reason_code=ReasonCode.CRITERIA_NOT_MET, reasons="Nothing applies", by=team
    )
    assert declined.status == ReferralStatus.DECLINED
    assert not Decision.objects.get().is_right_to_have


def test_withdrawal_is_open_to_the_nurse_and_needs_a_reason(icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    referral = make_referral(icb, by=nurse)
    with pytest.raises(Refused) as refusal:
        withdraw_referral(referral=referral, reason=" ", by=nurse)
    assert refusal.value.field == "reason"
    assert withdraw_referral(referral=referral, reason="The person asked", by=nurse).status == "withdrawn"
    assert not Decision.objects.exists()


def test_decided_referral_cannot_be_decided_again(icb: Commissioner, team: User, chc: Cohort) -> None:
    stale = make_referral(icb)
    accept_referral(referral=Referral.objects.get(), cohort=chc, by=team)
    with pytest.raises(TransitionNotAllowed):
        decline_referral(referral=stale, by=team, **REFUSAL)
    with pytest.raises(TransitionNotAllowed):
        withdraw_referral(referral=stale, reason="Late", by=team)
    assert ReferralTransition.objects.count() == 2


@pytest.mark.parametrize("day", [dt.date(2026, 11, 1), dt.date(2999, 1, 1)])
def test_decision_is_dated_between_receipt_and_today(icb: Commissioner, team: User, chc: Cohort, day: dt.date) -> None:
    with pytest.raises(Refused) as refusal:
        accept_referral(referral=make_referral(icb), cohort=chc, by=team, on=day)
    assert refusal.value.field == "on"


def test_nurse_cannot_decide_and_a_stranger_cannot_withdraw(icb: Commissioner, chc: Cohort) -> None:
    nurse = make_nurse(icb)
    referral = make_referral(icb, by=nurse)
    with pytest.raises(PermissionDenied):
        accept_referral(referral=referral, cohort=chc, by=nurse)
    with pytest.raises(PermissionDenied):
        withdraw_referral(referral=referral, reason="Mine now", by=make_team(CommissionerFactory()))


def test_referral_cannot_be_made_for_another_commissioner(icb: Commissioner) -> None:
    elsewhere = CommissionerFactory()
    nurse = make_nurse(icb)
    for person, commissioner in (
        (PersonFactory(commissioner=icb), elsewhere),
        (PersonFactory(commissioner=elsewhere), icb),
    ):
        with pytest.raises(PermissionDenied):
            submit_referral(
                person=person,
                commissioner=commissioner,
                received_on=dt.date(2026, 11, 2),
                facts=CHC_ADULT,
                by=nurse,
                key=uuid.uuid4(),
            )


@pytest.mark.parametrize(
    ("received_on", "field"),
    [
        (dt.date(2999, 1, 1), "received_on"),
        (dt.date(1970, 6, 14), "received_on"),
        (dt.date(2013, 3, 31), "commissioner"),
    ],
)
def test_referral_has_a_possible_day(icb: Commissioner, received_on: dt.date, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_referral(icb, received_on=received_on)
    assert refusal.value.field == field


def test_same_key_again_gives_the_same_referral(icb: Commissioner) -> None:
    nurse, key = make_nurse(icb), uuid.uuid4()
    person = PersonFactory(commissioner=icb)
    asked: dict[str, Any] = {
        "person": person,
        "commissioner": icb,
        "received_on": dt.date(2026, 11, 2),
        "facts": CHC_ADULT,
        "key": key,
    }
    assert submit_referral(by=nurse, **asked) == submit_referral(by=nurse, **asked)
    assert (Referral.objects.count(), Screening.objects.count(), ReferralTransition.objects.count()) == (1, 1, 1)
    with pytest.raises(PermissionDenied):
        submit_referral(by=make_nurse(icb), **asked)


def test_decide_by_follows_the_settings_of_the_day_and_stays(icb: Commissioner) -> None:
    settings = CommissionerSettings.objects.create(commissioner=icb, decision_days=10)
    referral = make_referral(icb, received_on=dt.date(2026, 11, 2))
    assert referral.decision_due_on == dt.date(2026, 11, 12)
    settings.decision_days = 40
    settings.save()
    referral.refresh_from_db()
    assert referral.decision_due_on == dt.date(2026, 11, 12)


# ── The database's own refusals ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE eligibility_screening SET outcome = 'not_offered'",
        "DELETE FROM eligibility_screening",
        "TRUNCATE eligibility_screening CASCADE",
        "UPDATE eligibility_referraltransition SET note = 'x'",
        "DELETE FROM eligibility_referraltransition",
        "UPDATE eligibility_decision SET reasons = 'x'",
        "DELETE FROM eligibility_decision",
        "UPDATE eligibility_referral SET status = 'submitted', cohort_id = NULL",
        "UPDATE eligibility_referral SET status = 'declined', cohort_id = NULL",
        "UPDATE eligibility_referral SET cohort_id = NULL",
        "UPDATE eligibility_referral SET received_on = received_on - 1",
        "UPDATE eligibility_referral SET submission_key = gen_random_uuid()",
        "DELETE FROM eligibility_referral",
    ],
)
def test_database_refuses_to_rewrite(icb: Commissioner, team: User, chc: Cohort, sql: str) -> None:
    accept_referral(referral=make_referral(icb), cohort=chc, by=team)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_refuses_a_partnership_as_commissioner(icb: Commissioner) -> None:
    make_referral(icb)
    partnership = CommissionerFactory(kind="partnership")
    with pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.update(commissioner=partnership)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"outcome": "declined", "reason_code": "other", "reasons": ""}, "decision_refusal_has_reasons"),
        ({"outcome": "accepted"}, "decision_acceptance_has_cohort"),
        (
            {"outcome": "declined", "reason_code": "other", "reasons": "x", "is_right_to_have": True},
            "decision_right_refused_has_route",
        ),
    ],
)
def test_database_refuses_an_incomplete_decision(
    icb: Commissioner, team: User, fields: dict[str, Any], constraint: str
) -> None:
    referral = make_referral(icb)
    whole = {"is_right_to_have": False, "decided_on": dt.date(2026, 11, 9), "decided_by": team, **fields}
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Decision.objects.create(referral=referral, **whole)


def test_referral_history_keeps_each_status(icb: Commissioner, team: User, chc: Cohort) -> None:
    referral = accept_referral(referral=make_referral(icb), cohort=chc, by=team)
    events = referral.events.order_by("pgh_id").values_list("status", flat=True)  # type: ignore[attr-defined]
    assert list(events) == ["submitted", "accepted"]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────────


def day(on: dt.date) -> dict[str, int]:
    return {"on_day": on.day, "on_month": on.month, "on_year": on.year}


def test_team_accepts_on_the_page(client: Client, icb: Commissioner, team: User, chc: Cohort) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    page = client.get(url("referral", referral)).content.decode()
    for name in ("accept", "accept-in-part", "decline", "withdraw"):
        assert url(name, referral) in page
    form = client.get(url("accept", referral)).context["form"]
    assert [code for code, _ in form.fields["cohort"].choices] == ["chc"]
    answered = client.post(url("accept", referral), {"cohort": "chc", "note": "", **day(clock.today())}, follow=True)
    content = answered.content.decode()
    assert "Referral accepted" in content
    assert url("decline", referral) not in content
    assert Referral.objects.get().cohort == chc


def test_team_declines_on_the_page_with_reasons_and_route(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    page = client.get(url("decline", referral)).content.decode()
    assert "This person has a right to have a budget" in page
    assert "look at this decision again" in page
    answered = client.post(url("decline", referral), {"reasons": "Because", **day(clock.today())})
    assert answered.status_code == 422
    content = answered.content.decode()
    assert "Select the reason" in content
    assert "Because" in content
    sent = {"reason_code": "not_appropriate", "reasons": "Because", "reconsideration_route": "Write to us"}
    answered = client.post(url("decline", referral), {**sent, **day(clock.today())}, follow=True)
    content = answered.content.decode()
    assert "Referral declined" in content
    assert "Write to us" in content


def test_team_accepts_in_part_on_the_page(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    assert client.post(url("accept-in-part", referral), {}).status_code == 422
    sent = {"cohort": "chc", "refused_part": "Night care", "reason_code": "not_appropriate", "reasons": "Because"}
    sent |= {"reconsideration_route": "Write to us"}
    answered = client.post(url("accept-in-part", referral), {**sent, **day(clock.today())}, follow=True)
    assert "Night care" in answered.content.decode()


def test_nurse_withdraws_on_the_page_and_sees_no_decision_buttons(client: Client, icb: Commissioner) -> None:
    nurse = make_nurse(icb)
    referral = make_referral(icb, by=nurse)
    client.force_login(nurse)
    page = client.get(url("referral", referral)).content.decode()
    assert url("withdraw", referral) in page
    assert url("accept", referral) not in page
    assert client.get(url("accept", referral)).status_code == 403
    assert client.post(url("withdraw", referral), {"reason": "", **day(clock.today())}).status_code == 422
    sent = {"reason": "The person asked", **day(clock.today())}
    answered = client.post(url("withdraw", referral), sent, follow=True)
    assert "Referral withdrawn" in answered.content.decode()


def test_page_of_a_decided_referral_says_that_it_is_decided(
    client: Client, icb: Commissioner, team: User, chc: Cohort
) -> None:
    referral = accept_referral(referral=make_referral(icb), cohort=chc, by=team)
    client.force_login(team)
    answered = client.get(url("decline", referral), follow=True)
    assert answered.request["PATH_INFO"] == url("referral", referral)
    assert "you cannot do that now" in answered.content.decode()


def test_day_before_receipt_is_answered_422(client: Client, icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    client.force_login(team)
    answered = client.post(url("accept", referral), {"cohort": "chc", **day(dt.date(2026, 11, 1))})
    assert answered.status_code == 422
    assert "must be on or after 2 November 2026" in answered.content.decode()


def test_referral_that_screening_gives_nothing_can_be_accepted_with_a_note(
    client: Client, icb: Commissioner, team: User
) -> None:
    referral = make_referral(icb, facts=NOTHING, note="The family asks")
    client.force_login(team)
    sent = {"cohort": "end-of-life", **day(clock.today())}
    assert client.post(url("accept", referral), sent).status_code == 422
    client.post(url("accept", referral), {**sent, "note": "The panel agreed"})
    assert Referral.objects.get().status == "accepted"


@pytest.mark.parametrize("role", [Role.REFERRING_NURSE, Role.PHB_TEAM])
def test_referral_of_another_commissioner_is_not_found(client: Client, icb: Commissioner, role: Role) -> None:
    referral = make_referral(icb)
    client.force_login(UserFactory(role=role, role__commissioner=CommissionerFactory()))
    names = ["referral", "withdraw", "submitted"] if role == Role.REFERRING_NURSE else ["accept", "decline", "referral"]
    for name in names:
        assert client.get(url(name, referral)).status_code == 404
        assert client.post(url(name, referral), {}).status_code in (404, 405)


def test_screening_is_shown_as_it_was_when_the_rules_have_moved_on(
    client: Client, icb: Commissioner, team: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = make_referral(icb)
    client.force_login(team)

    def no_rules(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the page must show what is stored")

    monkeypatch.setattr("eligibility.selectors.rule_sets.rule_book", no_rules)
    monkeypatch.setattr("eligibility.services.screening.rule_book", no_rules)
    content = client.get(url("referral", referral)).content.decode()
    assert "This person has a right to have a personal health budget" in content
    assert AccessLogEntry.objects.filter(action="read", subject_id=str(referral.pk), actor=team).exists()
