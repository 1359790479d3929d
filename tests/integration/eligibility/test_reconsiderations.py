"""Looking at a refusal again: through the services, and what the database itself refuses."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from eligibility.enums import RefusalKind
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import Decision, Reconsideration, ReconsiderationTransition, Referral, ReferralTransition
from eligibility.panels.follow_up import reconsiderations_due
from eligibility.rules.refusals import RefusedBeside
from eligibility.selectors.reconsiderations import decision_to_reconsider, refusals_of
from eligibility.selectors.referrals import accepted_on, current_decision
from eligibility.services.decisions import Ruling
from eligibility.services.reconsiderations import (
    decide_reconsideration,
    give_notice,
    request_reconsideration,
    withdraw_reconsideration,
)
from eligibility.services.referrals import accept_referral, accept_referral_in_part
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings, User
from tests.factories.aftermath import ASKED, DECIDED, REFUSAL, make_declined, make_reconsideration
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

NO_PAYMENT = RefusedBeside(
    direct_payment_reason="cannot_manage", direct_payment_explanation="Nobody can keep the account"
)
NO_SERVICE = RefusedBeside(
    refused_services="Swimming lessons", service_reason="need_not_met", service_explanation="No health need is met"
)
BOTH = RefusedBeside(
    **{**NO_PAYMENT.columns(), **{name: value for name, value in NO_SERVICE.columns().items() if value}}
)
LATER = dt.date(2026, 11, 20)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def first(icb: Commissioner) -> User:
    """Who makes the first decision."""
    return make_team(icb)


@pytest.fixture
def second(icb: Commissioner) -> User:
    """Who looks at it again."""
    return make_team(icb)


@pytest.fixture
def chc() -> Cohort:
    return Cohort.objects.get(code="chc")


def accepted(icb: Commissioner, by: User, chc: Cohort, beside: RefusedBeside) -> Referral:
    return accept_referral(
        referral=make_referral(icb), cohort=chc, by=by, on=DECIDED, beside=beside, reconsideration_route="Write to us"
    )


# ── Refusing beside the budget ────────────────────────────────────────────────────────────────────────────────


def test_direct_payment_is_refused_while_the_budget_is_accepted(icb: Commissioner, first: User, chc: Cohort) -> None:
    referral = accepted(icb, first, chc, NO_PAYMENT)
    decision = current_decision(referral)
    assert decision is not None
    assert (referral.status, decision.outcome) == ("accepted", "accepted")
    assert refusals_of(decision) == [RefusalKind.DIRECT_PAYMENT]


@pytest.mark.parametrize(
    ("beside", "route", "field"),
    [
        (RefusedBeside(direct_payment_reason="nonsense", direct_payment_explanation="x"), "r", "direct_payment_reason"),
        (RefusedBeside(direct_payment_reason="other"), "r", "direct_payment_explanation"),
        (RefusedBeside(direct_payment_explanation="x"), "r", "direct_payment_reason"),
        (RefusedBeside(service_reason="other", service_explanation="x"), "r", "refused_services"),
        (RefusedBeside(refused_services="Swimming", service_explanation="x"), "r", "service_reason"),
        (RefusedBeside(refused_services="Swimming", service_reason="other"), "r", "service_explanation"),
        (NO_PAYMENT, " ", "reconsideration_route"),
    ],
)
def test_refusal_beside_the_budget_needs_all_that_the_law_asks(
    icb: Commissioner, first: User, chc: Cohort, beside: RefusedBeside, route: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        accept_referral(referral=make_referral(icb), cohort=chc, by=first, beside=beside, reconsideration_route=route)
    assert refusal.value.field == field
    assert not Decision.objects.exists()


# ── Asking ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_request_is_due_in_the_commissioners_days(icb: Commissioner) -> None:
    CommissionerSettings.objects.create(commissioner=icb, reconsideration_days=14)
    asked = make_reconsideration(icb)
    assert (asked.status, asked.due_on) == ("requested", dt.date(2026, 11, 26))
    assert AccessLogEntry.objects.get(action="reconsideration-request").commissioner == icb


def test_one_decision_is_looked_at_once_at_a_time(icb: Commissioner, second: User) -> None:
    asked = make_reconsideration(icb)
    referral = asked.decision.referral
    assert decision_to_reconsider(second, referral) is None
    with pytest.raises(TransitionNotAllowed):
        make_reconsideration(icb, referral=referral)
    withdraw_reconsideration(reconsideration=asked, reason="The family agreed", by=second)
    assert make_reconsideration(icb, referral=referral).status == "requested"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"refusal": "service"}, "refusal"),
        ({"asked_by": "neighbour"}, "asked_by"),
        ({"asked_by": "representative"}, "representative"),
        ({"statement": " "}, "statement"),
        ({"on": dt.date(2026, 11, 8)}, "on"),
        ({"on": dt.date(2999, 1, 1)}, "on"),
    ],
)
def test_request_that_lacks_something_is_refused(
    icb: Commissioner, second: User, change: dict[str, Any], field: str
) -> None:
    decision = current_decision(make_declined(icb))
    asked = {"refusal": "whole", "asked_by": "person", "statement": "Why", "on": ASKED, **change}
    with pytest.raises(Refused) as refusal:
        request_reconsideration(decision=decision, by=second, **asked)
    assert refusal.value.field == field


def test_representative_asks_only_while_acting(icb: Commissioner, second: User) -> None:
    referral = make_declined(icb)
    decision = current_decision(referral)
    acting = {"relationship": "Mother", "legal_basis": "deputy", "evidence_seen_on": dt.date(2020, 1, 1)}
    people = referral.person.representatives
    before = people.create(name="Past", starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2021, 1, 1), **acting)
    now = people.create(name="Present", starts_on=dt.date(2020, 1, 1), **acting)
    asking = {"refusal": "whole", "asked_by": "representative", "statement": "Why", "on": ASKED, "by": second}
    with pytest.raises(Refused):
        request_reconsideration(decision=decision, representative=before, **asking)
    assert request_reconsideration(decision=decision, representative=now, **asking).representative == now


# ── Deciding ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_decided_first_does_not_decide_again(icb: Commissioner, first: User) -> None:
    asked = make_reconsideration(icb, referral=make_declined(icb, by=first))
    with pytest.raises(TransitionNotAllowed, match="somebody else"):
        decide_reconsideration(reconsideration=asked, outcome="upheld", reasons="Still", by=first)
    with pytest.raises(PermissionDenied):
        decide_reconsideration(reconsideration=asked, outcome="upheld", reasons="Still", by=make_nurse(icb))


def test_upheld_refusal_leaves_the_decision_and_the_referral(icb: Commissioner, second: User) -> None:
    asked = make_reconsideration(icb)
    done = decide_reconsideration(reconsideration=asked, outcome="upheld", reasons="Nothing new", by=second, on=LATER)
    assert (done.status, done.outcome, done.decided_by) == ("decided", "upheld", second)
    referral = Referral.objects.get()
    assert (referral.status, Decision.objects.count()) == ("declined", 1)
    assert give_notice(reconsideration=done, by=second, on=LATER).notice_given_on == LATER
    steps = ReconsiderationTransition.objects.values_list("action", "from_status", "to_status")
    assert list(steps) == [
        ("request", "", "requested"),
        ("decide", "requested", "decided"),
        ("give_notice", "decided", "notified"),
    ]


def test_declined_referral_is_accepted_after_all(icb: Commissioner, second: User, chc: Cohort) -> None:
    asked = make_reconsideration(icb)
    decide_reconsideration(
        reconsideration=asked, outcome="changed", reasons="It is", by=second, on=LATER, ruling=Ruling(cohort=chc)
    )
    referral = Referral.objects.get()
    further = current_decision(referral)
    assert further is not None
    assert (referral.status, referral.cohort, accepted_on(referral)) == ("accepted", chc, LATER)
    assert (further.number, further.outcome, further.decided_by, further.reconsideration) == (
        2,
        "accepted",
        second,
        asked,
    )
    assert further.reconsideration_route == ""
    last = ReferralTransition.objects.last()
    assert last is not None
    assert (last.action, last.from_status, last.to_status) == ("accept_later", "declined", "accepted")
    # The first decision stays as it was.
    assert Decision.objects.get(number=1).outcome == "declined"


def test_declined_referral_is_accepted_in_part_after_all(icb: Commissioner, second: User, chc: Cohort) -> None:
    asked = make_reconsideration(icb)
    partly = {"reconsideration": asked, "outcome": "changed_in_part", "reasons": "Days, not nights", "by": second}
    with pytest.raises(Refused) as refusal:
        decide_reconsideration(**partly, ruling=Ruling(cohort=chc, reason_code="not_appropriate"))
    assert refusal.value.field == "refused_part"
    asked.refresh_from_db()
    assert asked.status == "requested"
    ruling = Ruling(cohort=chc, reason_code="not_appropriate", refused_part="Nights", reconsideration_route="Write")
    decide_reconsideration(**partly, ruling=ruling)
    further = current_decision(Referral.objects.get())
    assert further is not None
    assert (further.outcome, further.refused_part, further.reasons) == ("accepted_in_part", "Nights", partly["reasons"])


def test_group_is_needed_to_accept_after_all(icb: Commissioner, second: User) -> None:
    asked = make_reconsideration(icb)
    with pytest.raises(Refused) as refusal:
        decide_reconsideration(reconsideration=asked, outcome="changed", reasons="It is", by=second)
    assert refusal.value.field == "cohort"


def test_changed_refusal_of_a_direct_payment_leaves_what_else_was_refused(
    icb: Commissioner, first: User, second: User, chc: Cohort
) -> None:
    referral = accept_referral_in_part(
        referral=make_referral(icb), cohort=chc, by=first, on=DECIDED, refused_part="Nights", beside=BOTH, **REFUSAL
    )
    asked = make_reconsideration(icb, referral=referral, refusal="direct_payment")
    with pytest.raises(Refused):
        decide_reconsideration(reconsideration=asked, outcome="changed_in_part", reasons="A bit", by=second)
    decide_reconsideration(reconsideration=asked, outcome="changed", reasons="A brother will keep it", by=second)
    further = current_decision(referral)
    assert further is not None
    assert (further.outcome, further.refused_part, further.refused_services, further.direct_payment_reason) == (
        "accepted_in_part",
        "Nights",
        "Swimming lessons",
        "",
    )
    assert accepted_on(referral) == DECIDED


def test_fewer_services_are_left_out(icb: Commissioner, first: User, second: User, chc: Cohort) -> None:
    asked = make_reconsideration(icb, referral=accepted(icb, first, chc, BOTH), refusal="service")
    less = RefusedBeside(refused_services="Lessons abroad", service_reason="too_costly", service_explanation="Cost")
    decide_reconsideration(
        reconsideration=asked, outcome="changed_in_part", reasons="Some", by=second, ruling=Ruling(beside=less)
    )
    further = current_decision(Referral.objects.get())
    assert further is not None
    assert (further.outcome, further.refused_services) == ("accepted", "Lessons abroad")
    assert further.direct_payment_reason == "cannot_manage"


def test_further_decision_can_be_reconsidered_and_the_first_one_no_longer(
    icb: Commissioner, first: User, second: User, chc: Cohort
) -> None:
    asked = make_reconsideration(icb, referral=make_declined(icb, by=first))
    ruling = Ruling(cohort=chc, reason_code="not_appropriate", refused_part="Nights", reconsideration_route="Write")
    decide_reconsideration(
        reconsideration=asked, outcome="changed_in_part", reasons="Days", by=second, on=LATER, ruling=ruling
    )
    referral = Referral.objects.get()
    with pytest.raises(TransitionNotAllowed, match="further decision"):
        request_reconsideration(
            decision=asked.decision, refusal="whole", asked_by="person", statement="Why", by=second, on=LATER
        )
    again = make_reconsideration(icb, referral=referral, refusal="part", on=LATER)
    decide_reconsideration(reconsideration=again, outcome="changed", reasons="Nights too", by=first, on=clock.today())
    assert list(referral.decisions.values_list("number", "outcome")) == [
        (1, "declined"),
        (2, "accepted_in_part"),
        (3, "accepted"),
    ]
    assert accepted_on(referral) == LATER


def test_worklist_says_what_is_due_and_who_may_not_decide(icb: Commissioner, first: User, second: User) -> None:
    make_reconsideration(icb, referral=make_declined(icb, by=first))
    (item,) = reconsiderations_due(second, clock.today())
    assert item.due_on == dt.date(2026, 12, 10)
    assert "you" not in item.why.lower()
    (own,) = reconsiderations_due(first, clock.today())
    assert "You made the decision" in own.why
    assert reconsiderations_due(make_team(CommissionerFactory()), clock.today()) == []


# ── The database's own refusals ───────────────────────────────────────────────────────────────────────────────


def refused_by_the_database(sql: str, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")


SETTLE = "UPDATE eligibility_reconsideration SET status = 'decided', outcome = '{}', reasons = 'x', decided_on = due_on"


@pytest.mark.parametrize(
    ("sql", "match"),
    [
        ("UPDATE eligibility_reconsideration SET status = 'notified'", "Invalid transition"),
        ("UPDATE eligibility_reconsideration SET status = 'decided'", "reconsideration_settled_whole"),
        ("UPDATE eligibility_reconsideration SET statement = 'x'", "Cannot update"),
        ("UPDATE eligibility_reconsideration SET due_on = due_on + 1", "Cannot update"),
        ("DELETE FROM eligibility_reconsideration", "Cannot delete"),
        ("UPDATE eligibility_reconsiderationtransition SET note = 'x'", "Cannot update"),
        (
            f"{SETTLE.format('upheld')}, decided_by_id = (SELECT decided_by_id FROM eligibility_decision)",  # noqa: S608
            "cannot reconsider it",
        ),
        (
            f"{SETTLE.format('changed')}, decided_by_id = recorded_by_id",
            "is a further decision",
        ),
        (
            "INSERT INTO eligibility_reconsideration (reference, decision_id, refusal, status, requested_on, asked_by,"
            " statement, new_information, due_on, recorded_by_id, recorded_at, outcome, reasons)"
            " SELECT gen_random_uuid(), decision_id, 'service', status, requested_on, asked_by, 'x', '', due_on,"
            " recorded_by_id, now(), '', '' FROM eligibility_reconsideration",
            "did not refuse this",
        ),
        (
            "INSERT INTO eligibility_reconsideration (reference, decision_id, refusal, status, requested_on, asked_by,"
            " statement, new_information, due_on, recorded_by_id, recorded_at, outcome, reasons)"
            " SELECT gen_random_uuid(), decision_id, refusal, status, requested_on, asked_by, 'x', '', due_on,"
            " recorded_by_id, now(), '', '' FROM eligibility_reconsideration",
            "reconsideration_one_open",
        ),
        (
            "INSERT INTO eligibility_decision (referral_id, number, outcome, is_right_to_have, reason_code, reasons,"
            " refused_part, direct_payment_reason, direct_payment_explanation, refused_services, service_reason,"
            " service_explanation, reconsideration_route, decided_on, decided_by_id, recorded_at)"
            " SELECT referral_id, 2, outcome, is_right_to_have, reason_code, reasons, '', '', '', '', '', '', 'x',"
            " decided_on, decided_by_id, now() FROM eligibility_decision",
            "decision_further_by_reconsideration",
        ),
    ],
)
def test_database_refuses(icb: Commissioner, sql: str, match: str) -> None:
    make_reconsideration(icb)
    refused_by_the_database(sql, match)


@pytest.mark.parametrize(
    ("column", "match"),
    [
        ("outcome = 'changed'", "Cannot update"),
        ("reasons = 'x'", "Cannot update"),
        ("decided_on = decided_on + 1", "Cannot update"),
        ("status = 'notified'", "reconsideration_notice_once_notified"),
    ],
)
def test_database_keeps_what_was_decided(icb: Commissioner, second: User, column: str, match: str) -> None:
    asked = make_reconsideration(icb)
    decide_reconsideration(reconsideration=asked, outcome="upheld", reasons="Nothing new", by=second)
    refused_by_the_database(f"UPDATE eligibility_reconsideration SET {column}", match)  # noqa: S608


def test_state_walk_leads_where_the_table_says(icb: Commissioner, second: User) -> None:
    done = {
        "requested": lambda each: each,
        "decided": lambda each: decide_reconsideration(
            reconsideration=each, outcome="upheld", reasons="Nothing new", by=second
        ),
        "notified": lambda each: give_notice(reconsideration=each, by=second),
        "withdrawn": lambda each: withdraw_reconsideration(reconsideration=each, reason="Agreed", by=second),
    }
    ways = {"requested": [], "decided": ["decided"], "notified": ["decided", "notified"], "withdrawn": ["withdrawn"]}
    open_from = {"decided": "requested", "notified": "decided", "withdrawn": "requested"}
    for way in ways.values():
        for action, start in open_from.items():
            asked = make_reconsideration(icb)
            for each in way:
                done[each](asked)
            asked = Reconsideration.objects.get(pk=asked.pk)
            if asked.status == start:
                assert done[action](asked).status == action
            else:
                with pytest.raises(TransitionNotAllowed):
                    done[action](asked)
