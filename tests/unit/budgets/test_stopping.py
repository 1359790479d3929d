"""Stopping and lowering direct payments, and the options of a wheelchair: the pure rules."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from budgets.enums import CapacityBasis, Method, PayeeKind, StopReason, WheelchairOption
from budgets.rules.reductions import check_reduction_notice
from budgets.rules.stopping import check_stop, is_mandatory
from budgets.rules.wheelchairs import check_wheelchair, usual_expiry

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


def stop(reason: StopReason, **given: Any) -> list[str]:
    values: dict[str, Any] = {
        "stops_on": TODAY,
        "notice_given_on": TODAY - DAY,
        "explanation": "As you asked",
        "alternatives": [Method.NOTIONAL],
        "payee": PayeeKind.NOMINEE,
        "capacity_basis": CapacityBasis.PRESUMED,
        "today": TODAY,
        **given,
    }
    return [problem.field for problem in check_stop(reason=reason, **values)]


def test_case_35_consent_withdrawn_leaves_no_choice_and_needs_no_notice_before() -> None:
    assert is_mandatory(StopReason.CONSENT_WITHDRAWN)
    assert stop(StopReason.CONSENT_WITHDRAWN, notice_given_on=TODAY, stops_on=TODAY - 3 * DAY) == []


@pytest.mark.parametrize("reason", [reason for reason in StopReason if not is_mandatory(reason)])
def test_stop_by_choice_comes_after_its_notice(reason: StopReason) -> None:
    assert stop(reason) == []
    assert stop(reason, notice_given_on=TODAY) == ["notice_given_on"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"explanation": " "}, "explanation"),
        ({"alternatives": []}, "alternatives"),
        ({"alternatives": [Method.DIRECT_PAYMENT]}, "alternatives"),
        ({"notice_given_on": TODAY + DAY, "stops_on": TODAY + 2 * DAY}, "notice_given_on"),
    ],
)
def test_stop_says_why_and_offers_something_else(changed: dict[str, Any], field: str) -> None:
    assert stop(StopReason.NEEDS_NOT_MET, **changed) == [field]


@pytest.mark.parametrize(
    ("reason", "payee", "basis", "is_allowed"),
    [
        (StopReason.CONSENT_WITHDRAWN, PayeeKind.REPRESENTATIVE, CapacityBasis.LACKS, False),
        (StopReason.REPRESENTATIVE_WITHDREW, PayeeKind.REPRESENTATIVE, CapacityBasis.LACKS, True),
        (StopReason.REPRESENTATIVE_WITHDREW, PayeeKind.PATIENT, CapacityBasis.PRESUMED, False),
        (StopReason.TURNED_16, PayeeKind.REPRESENTATIVE, CapacityBasis.CHILD, True),
        (StopReason.TURNED_16, PayeeKind.REPRESENTATIVE, CapacityBasis.LACKS, False),
        (StopReason.REGAINED_CAPACITY, PayeeKind.REPRESENTATIVE, CapacityBasis.LACKS, True),
        (StopReason.NOMINEE_DECLINED, PayeeKind.NOMINEE, CapacityBasis.ASSESSED, True),
        (StopReason.NOMINATION_WITHDRAWN, PayeeKind.PATIENT, CapacityBasis.ASSESSED, False),
    ],
)
def test_reason_fits_who_consents_and_who_is_paid(
    reason: StopReason, payee: PayeeKind, basis: CapacityBasis, is_allowed: bool
) -> None:
    assert (stop(reason, payee=payee, capacity_basis=basis) == []) is is_allowed


def test_reason_read_by_everybody_says_nothing_of_orders() -> None:
    assert is_mandatory(StopReason.NOT_POSSIBLE)
    assert "order" not in StopReason.NOT_POSSIBLE.label.lower()


def notice(after: str, **given: Any) -> list[str]:
    values: dict[str, Any] = {
        "takes_effect_on": TODAY,
        "notice_given_on": TODAY - 14 * DAY,
        "reasons": "You need fewer hours",
        "notice_days": 14,
        **given,
    }
    found = check_reduction_notice(before=Decimal("100.00"), after=Decimal(after), **values)
    assert all("regulation 13" in problem.message for problem in found)
    return [problem.field for problem in found]


def test_lower_direct_payment_needs_written_notice_with_reasons_in_time() -> None:
    assert notice("99.99") == []
    assert notice("100.00", notice_given_on=None, reasons="") == []
    assert notice("99.99", notice_given_on=None, reasons=" ") == ["reasons", "notice_given_on"]
    assert notice("99.99", notice_given_on=TODAY - 13 * DAY) == ["notice_given_on"]


@pytest.mark.parametrize(
    ("born_on", "issued_on", "expires_on"),
    [
        (dt.date(2008, 11, 22), TODAY, dt.date(2031, 11, 22)),
        (dt.date(2008, 11, 23), TODAY, dt.date(2029, 11, 22)),
        (dt.date(1970, 1, 1), dt.date(2024, 2, 29), dt.date(2029, 2, 28)),
    ],
)
def test_wheelchair_runs_five_years_for_an_adult_and_three_for_a_child(
    born_on: dt.date, issued_on: dt.date, expires_on: dt.date
) -> None:
    assert usual_expiry(issued_on, born_on) == expires_on


@pytest.mark.parametrize(
    ("option", "contribution", "repair", "fields"),
    [
        (WheelchairOption.NOTIONAL, 0, 0, []),
        (WheelchairOption.NOTIONAL, 1, 0, ["contribution_amount"]),
        (WheelchairOption.NOTIONAL, 0, 1, ["repair_amount"]),
        (WheelchairOption.CONTRIBUTION, 1, 0, []),
        (WheelchairOption.CONTRIBUTION, 0, 0, ["contribution_amount"]),
        (WheelchairOption.THIRD_PARTY, 0, 1, []),
        (WheelchairOption.THIRD_PARTY, 1, 0, ["contribution_amount"]),
    ],
)
def test_wheelchair_option_says_who_adds_what(
    option: WheelchairOption, contribution: int, repair: int, fields: list[str]
) -> None:
    found = check_wheelchair(
        option=option,
        cohort="wheelchair",
        starts_on=TODAY,
        expires_on=TODAY + DAY,
        contribution_amount=Decimal(contribution),
        repair_amount=Decimal(repair),
    )
    assert [problem.field for problem in found] == fields
