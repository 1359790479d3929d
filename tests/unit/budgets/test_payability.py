"""Whether a payment may be made, decided for every rule by itself."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.enums import AccountKind, CapacityBasis, Method, PayeeKind
from budgets.rules.court_orders import Order, kind_of, prohibition
from budgets.rules.one_off import check_one_off
from budgets.rules.payability import (
    Agreed,
    ArrangedPayment,
    ArrangedThirdParty,
    Payable,
    Payee,
    Record,
    Screened,
    Spell,
    decide,
    is_excluded,
    payee_on,
)

START, PAYS_ON = dt.date(2026, 4, 1), dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
TO = Payee("Testfamily, Testa", "P1", "1234")
ARRANGED = ArrangedPayment(
    spell=Spell(START, None),
    was_stopped=False,
    payee=PayeeKind.PATIENT,
    capacity_basis=CapacityBasis.PRESUMED,
    representative=None,
    consent_given_on=START,
    nominee_is_close=None,
    nominee_agreed_on=None,
    commissioner_agreed_on=None,
    dbs_seen_on=None,
    nomination_withdrawn_on=None,
    account_kind=AccountKind.DEDICATED,
    account_approved_on=START,
    one_off_items=None,
    to=TO,
)
NOMINEE: dict[str, Any] = {
    "payee": PayeeKind.NOMINEE,
    "nominee_is_close": True,
    "nominee_agreed_on": START,
    "commissioner_agreed_on": START,
}


def record(arranged: ArrangedPayment | None = ARRANGED, **given: Any) -> Record:
    """A direct payment to which nothing stands in the way."""
    values: dict[str, Any] = {
        "person_id": 1,
        "born_on": dt.date(1970, 6, 15),
        "died_on": None,
        "started_on": START,
        "ended_on": None,
        "agreed": [Agreed(1, START, is_confirmed=True)],
        "plans": [Spell(START, None)],
        "direct_payments": [arranged] if arranged else [],
        **given,
    }
    return Record(**values)


def codes(found: Record, on: dt.date = PAYS_ON, method: Method = Method.DIRECT_PAYMENT, **given: Any) -> list[str]:
    return [problem.field for problem in decide(found, Payable(1, method, on), **given)]


def test_payment_with_everything_in_place_may_be_made() -> None:
    assert codes(record()) == []
    assert payee_on(record(), Payable(1, Method.DIRECT_PAYMENT, PAYS_ON)) == TO


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"started_on": None}, "in_place"),
        ({"started_on": PAYS_ON + DAY}, "in_place"),
        ({"ended_on": PAYS_ON}, "in_place"),
        ({"died_on": PAYS_ON}, "in_place"),
        ({"agreed": []}, "agreed"),
        ({"agreed": [Agreed(1, START, is_confirmed=False)]}, "agreed"),
        ({"agreed": [Agreed(1, START, is_confirmed=True), Agreed(2, PAYS_ON, is_confirmed=False)]}, "agreed"),
        ({"plans": []}, "plan"),
        ({"plans": [Spell(START, PAYS_ON)]}, "plan"),
        ({"plans": [Spell(PAYS_ON + DAY, None)]}, "plan"),
        ({"arranged": None}, "payee"),
        ({"refused_on": START}, "refused"),
        ({"orders": [Order("alcohol_treatment", START, PAYS_ON)]}, "not_possible"),
        ({"screened": Screened(is_excluded=True, assessed_on=START)}, "not_possible"),
    ],
)
def test_payment_that_lacks_something_is_hindered_by_that_alone(given: dict[str, Any], code: str) -> None:
    assert codes(record(**given)) == [code]


@pytest.mark.parametrize(
    "given",
    [
        {"ended_on": PAYS_ON + DAY},
        {"agreed": [Agreed(1, START, is_confirmed=False), Agreed(2, PAYS_ON, is_confirmed=True)]},
        {"agreed": [Agreed(1, START, is_confirmed=True), Agreed(2, PAYS_ON + DAY, is_confirmed=False)]},
        {"plans": [Spell(START, PAYS_ON), Spell(PAYS_ON, None)]},
        {"orders": [Order("alcohol_treatment", START, PAYS_ON - DAY)]},
        {"orders": [Order("alcohol_treatment", PAYS_ON + DAY, None)]},
        {"screened": Screened(is_excluded=False, assessed_on=START)},
    ],
)
def test_payment_is_not_hindered_by_what_is_over_or_to_come(given: dict[str, Any]) -> None:
    assert codes(record(**given)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"consent_given_on": None}, "consent"),
        ({"consent_given_on": PAYS_ON + DAY}, "consent"),
        ({"account_kind": "", "account_approved_on": None}, "account"),
        ({"account_approved_on": PAYS_ON + DAY}, "account"),
        ({"capacity_basis": CapacityBasis.LACKS, "payee": PayeeKind.REPRESENTATIVE}, "payee"),
        (
            {
                "capacity_basis": CapacityBasis.LACKS,
                "payee": PayeeKind.REPRESENTATIVE,
                "representative": Spell(START, PAYS_ON),
            },
            "payee",
        ),
        ({"capacity_basis": CapacityBasis.CHILD, "representative": Spell(START, None)}, "payee"),
        ({"spell": Spell(START, PAYS_ON), "was_stopped": True}, "payee"),
        ({"spell": Spell(PAYS_ON + DAY, None)}, "payee"),
        ({**NOMINEE, "nominee_is_close": False}, "nominee"),
        ({**NOMINEE, "nominee_is_close": False, "dbs_seen_on": PAYS_ON + DAY}, "nominee"),
        ({**NOMINEE, "nomination_withdrawn_on": PAYS_ON}, "nominee"),
    ],
)
def test_arrangement_that_lacks_something_hinders(changed: dict[str, Any], code: str) -> None:
    assert codes(record(replace(ARRANGED, **changed))) == [code]


@pytest.mark.parametrize("missing", ["nominee_agreed_on", "commissioner_agreed_on"])
def test_case_48_payment_to_a_nominee_needs_both_agreements(missing: str) -> None:
    nominee = replace(ARRANGED, **NOMINEE)
    assert codes(record(nominee)) == []
    found = decide(record(replace(nominee, **{missing: None})), Payable(1, Method.DIRECT_PAYMENT, PAYS_ON))
    assert ["regulation 6" in problem.message for problem in found] == [True]
    assert codes(record(replace(nominee, **{missing: PAYS_ON + DAY}))) == ["nominee"]
    assert codes(record(replace(nominee, **{missing: PAYS_ON}))) == []


def test_child_is_paid_through_a_representative_until_16() -> None:
    child = replace(
        ARRANGED,
        capacity_basis=CapacityBasis.CHILD,
        payee=PayeeKind.REPRESENTATIVE,
        representative=Spell(START, None),
    )
    sixteenth = PAYS_ON + DAY
    found = record(child, born_on=sixteenth.replace(year=sixteenth.year - 16))
    assert codes(found) == []
    assert codes(found, sixteenth) == ["payee"]
    own = record(born_on=sixteenth.replace(year=sixteenth.year - 16))
    assert codes(own) == ["payee"]
    assert codes(own, sixteenth) == []


def test_case_31_order_prohibits_until_its_last_day_and_the_budget_stays() -> None:
    order = Order("alcohol_treatment", START, PAYS_ON)
    found = record(orders=[order])
    assert codes(found, PAYS_ON) == ["not_possible"]
    assert codes(found, PAYS_ON + DAY) == []
    # Whoever may know of it reads the paragraph; whoever may not reads that it cannot be, not why.
    assert "Schedule (b)" in prohibition(order).message
    said = decide(found, Payable(1, Method.DIRECT_PAYMENT, PAYS_ON))[0].message
    assert not any(word in said.lower() for word in ("order", "court", "alcohol", "licence", "schedule"))
    assert codes(found, PAYS_ON, Method.NOTIONAL) == []
    held = ArrangedThirdParty(Spell(START, None), START, None, Payee("Testing Fund", "V1"))
    assert codes(record(orders=[order], third_parties=[held]), PAYS_ON, Method.THIRD_PARTY) == []


def test_screening_that_found_an_order_counts_as_long_as_the_dated_order_it_found() -> None:
    screened = Screened(is_excluded=True, assessed_on=START)
    dated = Order("alcohol_treatment", START - DAY, PAYS_ON)
    other = Order("alcohol_treatment", START + DAY, PAYS_ON)
    assert is_excluded([dated], screened, PAYS_ON)
    assert not is_excluded([dated], screened, PAYS_ON + DAY)
    assert is_excluded([other], screened, PAYS_ON + DAY)


@given(
    spans=st.lists(
        st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 20))).map(
            lambda span: (span[0], None if span[1] is None else span[0] + span[1])
        ),
        max_size=4,
    )
)
def test_days_with_an_order_are_just_the_days_it_covers(spans: list[tuple[int, int | None]]) -> None:
    orders = [
        Order("scottish", START + DAY * first, None if last is None else START + DAY * last) for first, last in spans
    ]
    for number in range(70):
        covered = any(first <= number and (last is None or number <= last) for first, last in spans)
        assert is_excluded(orders, None, START + DAY * number) == covered


def test_payment_in_arrears_asks_for_the_days_it_pays_for_and_for_orders_on_its_own() -> None:
    found = record(replace(ARRANGED, spell=Spell(START, PAYS_ON)), ended_on=PAYS_ON, plans=[Spell(START, PAYS_ON)])
    late = Payable(1, Method.DIRECT_PAYMENT, PAYS_ON + 9 * DAY, paid_until=PAYS_ON - DAY)
    assert decide(found, late) == []
    found.orders = [Order("scottish", PAYS_ON, None)]
    assert [problem.field for problem in decide(found, late)] == ["not_possible"]
    stopped = replace(ARRANGED, spell=Spell(START, PAYS_ON), was_stopped=True)
    assert [problem.field for problem in decide(record(stopped, ended_on=PAYS_ON), late)] == ["payee"]


def test_third_party_needs_its_signed_agreement() -> None:
    to = Payee("Testing Fund", "V1")
    held = ArrangedThirdParty(Spell(START, None), START, None, to)
    whole = record(third_parties=[held])
    assert codes(whole, method=Method.THIRD_PARTY) == []
    assert payee_on(whole, Payable(1, Method.THIRD_PARTY, PAYS_ON)) == to
    for wrong in (
        replace(held, agreed_on=None),
        replace(held, agreed_on=PAYS_ON + DAY),
        replace(held, closed_on=PAYS_ON),
        replace(held, to=Payee("Testing Fund", "")),
        replace(held, spell=Spell(START, PAYS_ON)),
    ):
        assert codes(record(third_parties=[wrong]), method=Method.THIRD_PARTY) == ["third_party"]


def test_notional_part_has_no_payee_of_its_own() -> None:
    bare = record(None, plans=[])
    assert codes(bare, method=Method.NOTIONAL) == []
    assert payee_on(bare, Payable(1, Method.NOTIONAL, PAYS_ON)) is None


@pytest.mark.parametrize(
    ("items", "others", "is_allowed"), [(1, 0, True), (5, 0, True), (6, 0, False), (0, 0, False), (1, 1, False)]
)
def test_one_off_counts_items_and_payments_and_no_pounds(items: int, others: int, is_allowed: bool) -> None:
    assert (check_one_off(items=items, other_payments=others, amount=Decimal(1_000_000)) == []) is is_allowed
    own = replace(ARRANGED, account_kind=AccountKind.OWN, one_off_items=items)
    assert (codes(record(own), other_payments=others) == []) is is_allowed


def test_one_off_has_a_limit_in_pounds_only_where_the_commissioner_set_one() -> None:
    at, above = Decimal("500.00"), Decimal("500.01")
    assert check_one_off(items=1, other_payments=0, amount=at, limit=at) == []
    assert "£500.00" in check_one_off(items=1, other_payments=0, amount=above, limit=at)[0].message


def test_kinds_of_orders_say_where_they_were_read() -> None:
    assert (kind_of("alcohol_treatment").paragraph, kind_of("alcohol_treatment").is_verified) == ("(b)", True)
    assert not kind_of("scottish").is_verified
