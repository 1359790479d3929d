import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.enums import EndReason, Funder, Method, State
from budgets.rules import agreement
from budgets.rules.agreement import DirectPaymentFacts, MethodAmount, Share
from phb_register.rules import age_on

DAY = dt.timedelta(days=1)
AGREED, STARTED, ENDED = dt.date(2017, 1, 10), dt.date(2017, 2, 7), dt.date(2017, 3, 31)
TODAY = dt.date(2017, 6, 1)
NHS = Share(Funder.NHS, Decimal(100))


def messages(problems: list[agreement.Problem]) -> list[str]:
    return [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (AGREED - DAY, None),
        (AGREED, State.AGREED),
        (STARTED - DAY, State.AGREED),
        (STARTED, State.IN_PLACE),
        (ENDED - DAY, State.IN_PLACE),
        (ENDED, State.ENDED),
        (ENDED + DAY, State.ENDED),
    ],
)
def test_state_on_the_edges_of_a_spell(day: dt.date, state: State | None) -> None:
    assert agreement.state_on(day, agreed_on=AGREED, started_on=STARTED, ended_on=ENDED) == state


def test_state_of_a_budget_that_ended_before_it_started() -> None:
    assert agreement.state_on(ENDED - DAY, agreed_on=AGREED, started_on=None, ended_on=ENDED) == State.AGREED
    assert agreement.state_on(ENDED, agreed_on=AGREED, started_on=None, ended_on=ENDED) == State.ENDED


def test_state_of_a_budget_that_ended_on_the_day_it_started_is_never_in_place() -> None:
    days = [AGREED + DAY * number for number in range(100)]
    states = {agreement.state_on(day, agreed_on=AGREED, started_on=STARTED, ended_on=STARTED) for day in days}
    assert states == {State.AGREED, State.ENDED}


def test_shares_of_the_nhs_alone_are_right() -> None:
    assert agreement.check_shares([NHS]) == []


def test_shares_that_add_to_a_hundred_by_pence_are_right() -> None:
    shares = [
        Share(Funder.NHS, Decimal("33.34")),
        Share(Funder.LOCAL_AUTHORITY, Decimal("33.33"), "Testing Council"),
        Share(Funder.EDUCATION, Decimal("33.33"), "Testing School"),
    ]
    assert agreement.check_shares(shares) == []


def test_shares_that_do_not_add_to_a_hundred_say_what_they_add_to() -> None:
    shares = [Share(Funder.NHS, Decimal("60")), Share(Funder.LOCAL_AUTHORITY, Decimal("39.99"), "Testing Council")]
    assert messages(agreement.check_shares(shares)) == [
        "The shares add to 99.99. Change them so that they add to 100",
    ]


def test_shares_without_the_nhs_are_no_personal_health_budget() -> None:
    found = messages(agreement.check_shares([Share(Funder.LOCAL_AUTHORITY, Decimal(100), "Testing Council")]))
    assert found == ["Enter an NHS share above 0. A budget without NHS money is not a personal health budget"]


@pytest.mark.parametrize("percent", [Decimal("-10"), Decimal("110")])
def test_share_outside_0_to_100_is_refused_even_where_the_sum_is_right(percent: Decimal) -> None:
    shares = [Share(Funder.NHS, percent), Share(Funder.LOCAL_AUTHORITY, 100 - percent, "Testing Council")]
    assert "Enter shares above 0 and no higher than 100" in messages(agreement.check_shares(shares))


def test_share_of_an_unnamed_body_is_asked_for_its_name() -> None:
    shares = [Share(Funder.NHS, Decimal(50)), Share(Funder.LOCAL_AUTHORITY, Decimal(50), " ")]
    (problem,) = agreement.check_shares(shares)
    assert problem.field == "local_authority_name"


def test_share_of_one_body_twice_is_refused() -> None:
    half = Decimal(25)
    shares = [
        Share(Funder.NHS, Decimal(50)),
        Share(Funder.LOCAL_AUTHORITY, half, "Testing Council"),
        Share(Funder.LOCAL_AUTHORITY, half, "testing council "),
    ]
    assert messages(agreement.check_shares(shares)) == ["Enter each funder once and add its shares together"]


def test_methods_none_chosen() -> None:
    assert [problem.field for problem in agreement.check_methods([], Decimal(100))] == ["methods"]


def test_methods_mixed_that_add_up_are_right() -> None:
    parts = [
        MethodAmount(Method.NOTIONAL, Decimal("60.01")),
        MethodAmount(Method.DIRECT_PAYMENT, Decimal("39.99")),
    ]
    assert agreement.check_methods(parts, Decimal(100)) == []


def test_methods_a_penny_short_are_refused_with_both_sums() -> None:
    parts = [MethodAmount(Method.NOTIONAL, Decimal("999.99"))]
    (problem,) = agreement.check_methods(parts, Decimal(1000))
    assert "£999.99" in problem.message
    assert "£1,000.00" in problem.message


def test_method_twice_is_refused() -> None:
    parts = [MethodAmount(Method.NOTIONAL, Decimal(50)), MethodAmount(Method.NOTIONAL, Decimal(50))]
    assert messages(agreement.check_methods(parts, Decimal(100))) == ["Select each way to manage the money once"]


def test_method_of_a_negative_amount_is_refused() -> None:
    parts = [
        MethodAmount(Method.NOTIONAL, Decimal(150)),
        MethodAmount(Method.THIRD_PARTY, Decimal(-50)),
    ]
    assert [problem.field for problem in agreement.check_methods(parts, Decimal(100))] == ["third_party_amount"]


def test_amounts_negative_or_with_parts_of_a_penny_are_refused() -> None:
    problems = agreement.check_amounts(Decimal("-0.01"), Decimal("10.001"))
    assert [problem.field for problem in problems] == ["annual_amount", "previous_annual_amount"]
    assert agreement.check_amounts(Decimal("0.00"), None) == []


def test_agreed_on_is_from_acceptance_to_today() -> None:
    for day in (AGREED, TODAY):
        assert agreement.check_agreed_on(day, accepted_on=AGREED, today=TODAY) == []
    (early,) = agreement.check_agreed_on(AGREED - DAY, accepted_on=AGREED, today=TODAY)
    assert "10 January 2017" in early.message
    (late,) = agreement.check_agreed_on(TODAY + DAY, accepted_on=AGREED, today=TODAY)
    assert late.message == "Enter an agreed date that is today or in the past"


def start(day: dt.date, **given: dt.date | None) -> list[agreement.Problem]:
    facts: dict[str, dt.date | None] = {"already_started_on": None, "ended_on": None, **given}
    return agreement.check_started_on(day, agreed_on=AGREED, today=TODAY, **facts)  # type: ignore[arg-type]


def test_started_on_is_from_agreement_to_today_and_once() -> None:
    assert start(AGREED) == start(TODAY) == []
    assert [problem.field for problem in start(AGREED - DAY)] == ["started_on"]
    assert [problem.field for problem in start(TODAY + DAY)] == ["started_on"]
    assert "cannot start twice" in start(STARTED, already_started_on=STARTED)[0].message
    assert "new referral" in start(STARTED, ended_on=ENDED)[0].message


def end(day: dt.date, reason: EndReason = EndReason.DIED, **given: dt.date | None) -> list[agreement.Problem]:
    facts: dict[str, dt.date | None] = {"started_on": STARTED, "already_ended_on": None, **given}
    return agreement.check_ended_on(day, reason, agreed_on=AGREED, today=TODAY, **facts)  # type: ignore[arg-type]


def test_ended_on_is_from_the_start_to_today_and_once() -> None:
    assert end(STARTED) == end(TODAY) == []
    assert "7 February 2017" in end(STARTED - DAY)[0].message
    assert "today or in the past" in end(TODAY + DAY)[0].message
    assert "cannot end twice" in end(ENDED, already_ended_on=ENDED)[0].message


def test_ended_on_of_one_that_never_started_is_from_agreement() -> None:
    assert end(AGREED, EndReason.NOT_STARTED, started_on=None) == []
    assert "10 January 2017" in end(AGREED - DAY, EndReason.NOT_STARTED, started_on=None)[0].message


def test_end_reason_did_not_go_ahead_is_for_those_that_never_started() -> None:
    assert [problem.field for problem in end(ENDED, EndReason.NOT_STARTED)] == ["end_reason"]


def direct_payment(**given: object) -> list[str]:
    facts: dict[str, object] = {
        "starts_on": STARTED,
        "age": 40,
        "is_excluded": False,
        "is_known_not_excluded": True,
        "lacks_capacity": False,
        "has_representative": False,
    }
    return messages(agreement.check_direct_payment(DirectPaymentFacts(**{**facts, **given})))  # type: ignore[arg-type]


def test_direct_payment_to_an_adult_who_consents_is_allowed() -> None:
    assert direct_payment() == []


def test_direct_payment_case_31_excluded_person_is_refused_with_the_schedule_and_the_alternatives() -> None:
    (refusal,) = direct_payment(is_excluded=True, is_known_not_excluded=False)
    assert "Schedule to the NHS (Direct Payments) Regulations 2013" in refusal
    assert refusal.startswith("Select notional or third party")


@pytest.mark.parametrize(("age", "is_allowed"), [(15, False), (16, True)])
def test_direct_payment_to_a_child_under_16_needs_a_representative(age: int, *, is_allowed: bool) -> None:
    assert (direct_payment(age=age) == []) is is_allowed
    assert direct_payment(age=age, has_representative=True) == []


def test_direct_payment_to_somebody_without_capacity_needs_a_representative() -> None:
    (refusal,) = direct_payment(lacks_capacity=True)
    assert "regulation 5" in refusal
    assert direct_payment(lacks_capacity=True, has_representative=True) == []


def test_direct_payment_waits_until_the_orders_are_answered() -> None:
    (refusal,) = direct_payment(is_known_not_excluded=False)
    assert "Confirm that no order" in refusal


@pytest.mark.parametrize(("day", "is_allowed"), [(dt.date(2013, 7, 31), False), (dt.date(2013, 8, 1), True)])
def test_direct_payment_began_with_the_regulations(day: dt.date, *, is_allowed: bool) -> None:
    assert (direct_payment(starts_on=day) == []) is is_allowed


@given(
    born_on=st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)), day=st.dates(dt.date(2013, 1, 1), dt.date(2035, 1, 1))
)
def test_adult_if_born_by_agrees_with_the_age(born_on: dt.date, day: dt.date) -> None:
    assert (born_on <= agreement.adult_if_born_by(day)) == (age_on(born_on, day) >= 18)


@pytest.mark.parametrize("day", [dt.date(2016, 2, 29), dt.date(2018, 2, 28), dt.date(2018, 3, 1), dt.date(2020, 2, 28)])
def test_adult_if_born_by_around_29_february(day: dt.date) -> None:
    around = agreement.adult_if_born_by(day)
    for born_on in (around - DAY, around, around + DAY, around + 2 * DAY):
        assert (born_on <= around) == (age_on(born_on, day) >= 18)
