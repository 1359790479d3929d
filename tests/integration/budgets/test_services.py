import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection

from budgets.enums import EndReason, Funder, Method, State
from budgets.exceptions import BudgetRefused
from budgets.models import PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from budgets.services import agree_budget, change_methods, end_budget, start_budget
from budgets.services.checks import check_direct_payment
from eligibility.services.referrals import decline_referral
from phb_register.models import AccessLogEntry, Commissioner, LegalBasis, Succession, User
from phb_register.services.people import add_representative
from tests.factories.budgets import NHS_ONLY, make_accepted_referral, make_budget
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.factories.proposals import make_panellist

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
RECEIVED, ACCEPTED, AGREED, STARTED = (dt.date(2026, 11, day) for day in (2, 3, 10, 16))
WHOLE = Decimal("52000.00")
NOTIONAL = [MethodAmount(Method.NOTIONAL, WHOLE)]
DIRECT_PAYMENT = [MethodAmount(Method.DIRECT_PAYMENT, WHOLE)]


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


def agree(commissioner: Commissioner, team: User, **changes: Any) -> PersonalHealthBudget:
    given = {
        "by": team,
        "agreed_on": AGREED,
        "annual_amount": WHOLE,
        "methods": NOTIONAL,
        "shares": NHS_ONLY,
        **changes,
    }
    referral = given.pop("referral", None) or make_accepted_referral(commissioner, by=team)
    return agree_budget(referral=referral, **given)


def fields(refusal: pytest.ExceptionInfo[BudgetRefused]) -> list[str]:
    return [problem.field for problem in refusal.value.problems]


def test_agree_records_the_budget_its_parts_and_the_act(commissioner: Commissioner, team: User) -> None:
    shares = [Share(Funder.NHS, Decimal("66.67")), Share(Funder.LOCAL_AUTHORITY, Decimal("33.33"), "Testing Council")]
    phb = agree(commissioner, team, shares=shares, previous_annual_amount=Decimal("60000.00"))
    phb.refresh_from_db()
    assert (phb.state_on(TODAY), phb.commissioner, phb.cohort.code) == (State.AGREED, commissioner, "chc")
    assert [(part.method, part.starts_on, part.annual_amount) for part in phb.method_parts.all()] == [
        ("notional", AGREED, WHOLE)
    ]
    assert [(share.funder, share.percent) for share in phb.funding_shares.all()] == [
        ("nhs", Decimal("66.67")),
        ("local_authority", Decimal("33.33")),
    ]
    entry = AccessLogEntry.objects.get(action="budget-agreed")
    assert (entry.actor, entry.subject_id, entry.commissioner) == (team, str(phb.pk), commissioner)


def test_agree_from_a_referral_that_waits_or_was_declined_is_refused(commissioner: Commissioner, team: User) -> None:
    waiting = make_referral(commissioner)
    with pytest.raises(BudgetRefused, match="Accept the referral first"):
        agree(commissioner, team, referral=waiting)
    decline_referral(
        referral=waiting,
        reason_code="not_appropriate",
        reasons="For a test",
        reconsideration_route="Write to us",
        by=team,
        on=ACCEPTED,
    )
    with pytest.raises(BudgetRefused, match="Accept the referral first"):
        agree(commissioner, team, referral=waiting)


def test_agree_twice_from_one_referral_is_refused(commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    agree(commissioner, team, referral=referral)
    with pytest.raises(BudgetRefused, match="agreed from this referral already"):
        agree(commissioner, team, referral=referral)


def test_agree_by_somebody_elses_team_or_by_a_nurse_is_denied(commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    for outsider in (make_team(CommissionerFactory()), referral.referred_by):
        with pytest.raises(PermissionDenied):
            agree(commissioner, outsider, referral=referral)


def test_agree_tells_every_problem_at_once(commissioner: Commissioner, team: User) -> None:
    with pytest.raises(BudgetRefused) as refusal:
        agree(
            commissioner,
            team,
            agreed_on=ACCEPTED - dt.timedelta(days=1),
            shares=[Share(Funder.NHS, Decimal(99))],
            methods=[],
            previous_annual_amount=Decimal(-1),
        )
    assert fields(refusal) == ["agreed_on", "previous_annual_amount", "methods", "nhs_percent"]
    assert not PersonalHealthBudget.objects.exists()


def test_agree_while_another_runs_in_the_cohort_is_refused_with_the_remedy(
    commissioner: Commissioner, team: User
) -> None:
    first = agree(commissioner, team)
    second = make_accepted_referral(commissioner, person=first.person, by=team)
    with pytest.raises(BudgetRefused, match="End it first"):
        agree(commissioner, team, referral=second)
    end_budget(phb=first, by=team, ended_on=STARTED, reason=EndReason.NOT_STARTED)
    with pytest.raises(BudgetRefused, match="on or after 16 November 2026"):
        agree(commissioner, team, referral=second)
    assert agree(commissioner, team, referral=second, agreed_on=STARTED).pk != first.pk


def test_agree_after_the_ccg_closed_falls_to_its_successor(team: User, commissioner: Commissioner) -> None:
    ccg = CommissionerFactory(closed_on=dt.date(2022, 6, 30))
    Succession.objects.create(predecessor=ccg, successor=commissioner, took_effect_on=dt.date(2022, 7, 1))
    received_on = dt.date(2022, 6, 20)
    for agreed_on, accountable in ((dt.date(2022, 6, 30), ccg), (dt.date(2022, 7, 1), commissioner)):
        referral = make_accepted_referral(ccg, received_on=received_on)
        assert agree(ccg, team, referral=referral, agreed_on=agreed_on).commissioner == accountable


def test_agree_for_a_body_that_closed_without_successor_is_refused(commissioner: Commissioner, team: User) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    Commissioner.objects.filter(pk=commissioner.pk).update(closed_on=ACCEPTED)
    team.__dict__.pop("_scope", None)
    with pytest.raises((BudgetRefused, PermissionDenied)):
        agree(commissioner, team, referral=referral)


def test_direct_payment_case_31_is_refused_while_an_order_stands_and_the_budget_is_not(
    commissioner: Commissioner, team: User
) -> None:
    facts = {"chc": "eligible", "drug_or_alcohol_order": True}
    referral = make_accepted_referral(commissioner, by=team, facts=facts)
    with pytest.raises(BudgetRefused, match="Schedule to the NHS"):
        agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT, is_free_of_orders=True)
    assert agree(commissioner, team, referral=referral, methods=NOTIONAL).pk


def test_direct_payment_is_refused_to_the_panel_without_a_word_of_orders(
    commissioner: Commissioner, team: User
) -> None:
    facts = {"chc": "eligible", "drug_or_alcohol_order": True}
    referral = make_accepted_referral(commissioner, by=team, facts=facts)
    told = {
        user: str(
            check_direct_payment(referral, referral.person, DIRECT_PAYMENT, ACCEPTED, is_free_of_orders=True, by=user)
        )
        for user in (team, make_panellist(commissioner))
    }
    assert [("Schedule" in words, "order" in words, "not possible" in words) for words in told.values()] == [
        (True, True, False),
        (False, False, True),
    ]


def test_direct_payment_without_an_answer_about_orders_needs_the_teams_word(
    commissioner: Commissioner, team: User
) -> None:
    referral = make_accepted_referral(commissioner, by=team)
    with pytest.raises(BudgetRefused) as refusal:
        agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT)
    assert fields(refusal) == ["is_free_of_orders"]
    assert agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT, is_free_of_orders=True).pk


def test_direct_payment_to_a_child_needs_somebody_who_acts_for_them(commissioner: Commissioner, team: User) -> None:
    child = PersonFactory(commissioner=commissioner, born_on=dt.date(2015, 5, 5))
    facts = {"continuing_care": "eligible", "drug_or_alcohol_order": False}
    referral = make_accepted_referral(commissioner, person=child, by=team, cohort="continuing-care", facts=facts)
    with pytest.raises(BudgetRefused, match="regulation 4"):
        agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT)
    details = {"name": "Parenta Kestrel", "relationship": "Parent", "evidence_seen_on": RECEIVED, "starts_on": RECEIVED}
    add_representative(
        person=child, by=team, legal_basis=LegalBasis.NOMINEE, **{**details, "name": "A nominee is not enough"}
    )
    with pytest.raises(BudgetRefused, match="regulation 4"):
        agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT)
    add_representative(person=child, by=team, legal_basis=LegalBasis.PARENTAL_RESPONSIBILITY, **details)
    assert agree(commissioner, team, referral=referral, methods=DIRECT_PAYMENT).pk


def test_start_moves_the_parts_to_the_day_it_starts(commissioner: Commissioner, team: User) -> None:
    phb = start_budget(phb=agree(commissioner, team), by=team, started_on=STARTED)
    assert phb.state_on(STARTED) == State.IN_PLACE
    assert [part.starts_on for part in phb.method_parts.all()] == [STARTED]
    with pytest.raises(BudgetRefused, match="cannot start twice"):
        start_budget(phb=phb, by=team, started_on=STARTED)


def test_agree_and_start_in_one(commissioner: Commissioner, team: User) -> None:
    phb = agree(commissioner, team, started_on=STARTED)
    assert phb.state_on(TODAY) == State.IN_PLACE
    assert [part.starts_on for part in phb.method_parts.all()] == [STARTED]


def test_end_closes_the_parts_and_keeps_the_reason(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    ended = end_budget(phb=phb, by=team, ended_on=TODAY, reason=EndReason.CARE_HOME)
    assert (ended.end_reason, ended.state_on(TODAY)) == ("moved_to_a_care_home", State.ENDED)
    assert [part.ends_on for part in ended.method_parts.all()] == [TODAY]
    with pytest.raises(BudgetRefused, match="cannot end twice"):
        end_budget(phb=phb, by=team, ended_on=TODAY, reason=EndReason.DIED)
    with pytest.raises(BudgetRefused, match="cannot change"):
        change_methods(phb=phb, by=team, changed_on=TODAY, methods=NOTIONAL)
    with pytest.raises(BudgetRefused, match="new referral"):
        start_budget(phb=make_ended(commissioner, team), by=team, started_on=TODAY)


def make_ended(commissioner: Commissioner, team: User) -> PersonalHealthBudget:
    phb = agree(commissioner, team)
    return end_budget(phb=phb, by=team, ended_on=STARTED, reason=EndReason.NOT_STARTED)


def test_change_methods_closes_what_ran_and_opens_the_new(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    mixed = [MethodAmount(Method.NOTIONAL, Decimal(40000)), MethodAmount(Method.THIRD_PARTY, Decimal(12000))]
    change_methods(phb=phb, by=team, changed_on=dt.date(2026, 11, 20), methods=mixed)
    parts = [(part.method, part.starts_on.day, part.ends_on and part.ends_on.day) for part in phb.method_parts.all()]
    assert parts == [("notional", 16, 20), ("notional", 20, None), ("third_party", 20, None)]


def test_change_methods_again_on_the_same_day_replaces_the_first_change(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    for method in (Method.THIRD_PARTY, Method.NOTIONAL):
        change_methods(phb=phb, by=team, changed_on=TODAY, methods=[MethodAmount(method, WHOLE)])
    parts = [(part.method, part.starts_on, part.ends_on) for part in phb.method_parts.order_by("pk")]
    assert parts == [("notional", STARTED, TODAY), ("third_party", TODAY, TODAY), ("notional", TODAY, None)]
    assert [part.method for part in phb.method_parts.in_force_on(TODAY)] == ["notional"]


def test_change_methods_keeps_the_amount(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    more = [MethodAmount(Method.NOTIONAL, Decimal("60000.00"))]
    with pytest.raises(BudgetRefused, match=r"the annual amount is £52,000\.00"):
        change_methods(phb=phb, by=team, changed_on=TODAY, methods=more)
    with pytest.raises(BudgetRefused) as refusal:
        change_methods(phb=phb, by=team, changed_on=dt.date(2026, 11, 15), methods=NOTIONAL)
    assert "changed_on" in fields(refusal)


def test_methods_changed_before_the_start_leave_no_day_to_the_first_ones(
    commissioner: Commissioner, team: User
) -> None:
    phb = make_budget(commissioner, by=team)
    change_methods(
        phb=phb, by=team, changed_on=dt.date(2026, 11, 12), methods=[MethodAmount(Method.THIRD_PARTY, WHOLE)]
    )
    start_budget(phb=phb, by=team, started_on=STARTED)
    parts = [(part.method, part.starts_on, part.ends_on) for part in phb.method_parts.order_by("pk")]
    assert parts == [("notional", AGREED, AGREED), ("third_party", STARTED, None)]


def test_losing_a_direct_payment_never_ends_the_budget(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED, methods=DIRECT_PAYMENT, is_free_of_orders=True)
    change_methods(phb=phb, by=team, changed_on=TODAY, methods=NOTIONAL)
    phb.refresh_from_db()
    assert phb.state_on(TODAY) == State.IN_PLACE


def test_end_before_a_later_change_of_methods_is_refused(commissioner: Commissioner, team: User) -> None:
    phb = make_budget(commissioner, by=team, started_on=STARTED)
    change_methods(
        phb=phb, by=team, changed_on=dt.date(2026, 11, 20), methods=[MethodAmount(Method.THIRD_PARTY, WHOLE)]
    )
    with pytest.raises(BudgetRefused, match="20 November 2026"):
        end_budget(phb=phb, by=team, ended_on=dt.date(2026, 11, 19), reason=EndReason.DIED)


@pytest.mark.parametrize("act", ["start", "change", "end"])
def test_acts_of_somebody_elses_team_are_denied(commissioner: Commissioner, team: User, act: str) -> None:
    phb, outsider = agree(commissioner, team), make_team(CommissionerFactory())
    acts: dict[str, Any] = {
        "start": lambda: start_budget(phb=phb, by=outsider, started_on=STARTED),
        "change": lambda: change_methods(phb=phb, by=outsider, changed_on=STARTED, methods=NOTIONAL),
        "end": lambda: end_budget(phb=phb, by=outsider, ended_on=STARTED, reason=EndReason.DIED),
    }
    with pytest.raises(PermissionDenied):
        acts[act]()


@pytest.mark.django_db(transaction=True)
def test_two_users_agreeing_at_once_make_one_budget() -> None:
    commissioner = CommissionerFactory()
    team = make_team(commissioner)
    referral = make_accepted_referral(commissioner, by=team, cohort="chc")
    gate, outcomes = threading.Barrier(2), []

    def press() -> None:
        gate.wait()
        try:
            outcomes.append(agree(commissioner, User.objects.get(pk=team.pk), referral=referral).pk)
        except BudgetRefused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert PersonalHealthBudget.objects.count() == 1
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["int", "str"]
