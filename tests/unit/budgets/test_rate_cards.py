"""What a rate card may hold and what may happen to it, and when an amount departs too far from the indicative one."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules import rate_card_states as states
from budgets.rules.departures import check_departure
from budgets.rules.rate_cards import VALUES, CareKind, DeliveredBy, RateValue, check_complete, check_values, rate_code
from tests.support.indicative import rates_of

ROOT = Path(__file__).resolve().parents[3]


def test_documents_draw_the_table() -> None:
    document = (ROOT / "docs" / "states" / "rate-card-states.md").read_text()
    assert f"```mermaid\n{states.mermaid()}```" in document


def test_card_in_force_has_no_further_step() -> None:
    assert states.allowed_jumps() == [("draft", "in_force"), ("draft", "withdrawn")]
    assert [states.steps_from(status) for status in ("in_force", "withdrawn")] == [[], []]


def test_there_is_a_rate_for_each_kind_side_and_part_of_the_week() -> None:
    codes = {spec.code for spec in VALUES}
    assert len(codes) == len(VALUES)
    for by in DeliveredBy:
        for kind in CareKind:
            assert {rate_code(by, kind), rate_code(by, kind, "weekend")} <= codes


def test_weekend_costs_what_a_weekday_costs_unless_the_card_says_otherwise() -> None:
    rates = rates_of(agency_day_weekday="20", agency_nurse_weekday="38", agency_nurse_weekend="45")
    assert rates.of_care("agency", "day", "weekend") == rates.of_care("agency", "day", "weekday")
    assert rates.of_care("agency", "nurse", "weekend") == RateValue(
        Decimal(45), rates.values["agency_nurse_weekend"].source
    )
    assert rates.of_care("employed", "day", "weekday") is None


def test_card_needs_a_rate_of_care_and_a_draft_does_not() -> None:
    only_insurance = rates_of(insurance="80").values
    assert check_values(only_insurance) == []
    assert [problem.field for problem in check_complete(only_insurance)] == [""]
    assert check_complete(rates_of(agency_day_weekday="20").values) == []


@pytest.mark.parametrize(
    ("agreed", "indicative", "margin", "needs_reason", "shown"),
    [
        ("110.00", "100.00", "10", False, "10.0"),
        ("110.01", "100.00", "10", True, "10.0"),
        ("90.00", "100.00", "10", False, "-10.0"),
        ("89.99", "100.00", "10", True, "-10.0"),
        ("100.00", "100.00", "0", False, "0.0"),
        ("100.01", "100.00", "0", True, "0.0"),
        ("0.01", "0.00", "10", True, None),
        ("0.00", "0.00", "10", False, None),
    ],
)
def test_reason_is_needed_beyond_the_margin_and_not_at_it(
    agreed: str, indicative: str, margin: str, needs_reason: bool, shown: str | None
) -> None:
    found = check_departure(Decimal(agreed), Decimal(indicative), Decimal(margin))
    assert found.needs_reason is needs_reason
    assert found.percent == (None if shown is None else Decimal(shown))
    assert found.difference == Decimal(agreed) - Decimal(indicative)


AMOUNTS = st.decimals(min_value=0, max_value=1_000_000, places=2)


@given(AMOUNTS, AMOUNTS, st.decimals(min_value=0, max_value=100, places=2), AMOUNTS)
def test_wider_margin_never_asks_for_more(
    agreed: Decimal, indicative: Decimal, margin: Decimal, wider: Decimal
) -> None:
    if check_departure(agreed, indicative, margin + wider).needs_reason:
        assert check_departure(agreed, indicative, margin).needs_reason
