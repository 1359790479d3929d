"""Instalments beside an oracle that knows nothing of running totals: a fraction for every single day, added up."""

import calendar
import datetime as dt
import itertools
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.payment_enums import Frequency, PaidWhen
from budgets.rules.instalments import (
    BY_DAY,
    BY_MONTH,
    Accrual,
    Basis,
    Period,
    Timing,
    balanced,
    instalment,
    periods,
    split,
    within,
)
from phb_register.dates import FinancialYear, financial_year

DAY = dt.timedelta(days=1)
AMOUNTS = st.decimals("0", "200000", places=2)
# 2027/28 holds 29 February 2028.
YEARS = st.sampled_from([FinancialYear(begins) for begins in (2025, 2026, 2027)])
DAYS = st.dates(dt.date(2026, 2, 1), dt.date(2028, 5, 31))


def naive(accruals: list[Accrual], first: dt.date, last: dt.date, *, is_monthly: bool) -> dict[int, Fraction]:
    """What the days are worth by financial year, in pounds, unrounded: day by day."""
    worth: dict[int, Fraction] = {}
    day = first
    while day <= last:
        year = financial_year(day)
        if is_monthly:
            part = Fraction(1, 12 * calendar.monthrange(day.year, day.month)[1])
        else:
            part = Fraction(1, 366 if calendar.isleap(year.begins + 1) else 365)
        for each in accruals:
            if each.starts_on <= day and (each.ends_on is None or day < each.ends_on):
                worth[year.begins] = worth.get(year.begins, Fraction(0)) + Fraction(each.annual_amount) * part
        day += DAY
    return worth


def to_penny(worth: Fraction) -> Decimal:
    exact = Decimal(worth.numerator) / Decimal(worth.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@st.composite
def histories(draw) -> list[Accrual]:
    """One method's parts, one after another, perhaps with a gap."""
    days = sorted(draw(st.sets(DAYS, min_size=2, max_size=5)))
    goes_on = draw(st.booleans())
    ends = [*days[1:], None if goes_on else days[-1] + 40 * DAY]
    parts = [Accrual(first, end, draw(AMOUNTS)) for first, end in zip(days, ends, strict=True)]
    return draw(st.sampled_from([parts, parts[:1], parts[::2]]))


def due(accruals: list[Accrual], found: list[Period], basis: Basis) -> list[Decimal]:
    return [instalment(accruals, each.first, each.last, basis) for each in found]


@given(histories(), YEARS, st.booleans())
def test_running_total_of_a_year_is_the_days_added_up(accruals, year, is_monthly) -> None:
    basis = BY_MONTH if is_monthly else BY_DAY
    expected = naive(accruals, year.start, year.end, is_monthly=is_monthly)
    assert instalment(accruals, year.start, year.end, basis) == to_penny(expected.get(year.begins, Fraction(0)))


@given(
    AMOUNTS, YEARS, st.sampled_from([Frequency.WEEKLY, Frequency.FOUR_WEEKLY, Frequency.MONTHLY]), st.integers(0, 27)
)
def test_instalments_of_a_year_add_to_the_annual_amount_to_the_penny(amount, year, frequency, shift) -> None:
    # From before the year until after it, on any day of the week: periods that run over its ends are cut there.
    accruals = [Accrual(year.start - 400 * DAY, None, amount)]
    timing = Timing(frequency, year.start - shift * DAY, None, PaidWhen.ADVANCE)
    basis = BY_MONTH if frequency == Frequency.MONTHLY else BY_DAY
    cut = [
        Period(max(each.first, year.start), min(each.last, year.end), each.due_on)
        for each in periods(timing, year.end)
        if each.last >= year.start
    ]
    assert sum(due(accruals, cut, basis)) == amount
    # An instalment is never a penny or more from its exact worth.
    for each in cut:
        worth = sum(naive(accruals, each.first, each.last, is_monthly=frequency == Frequency.MONTHLY).values())
        assert abs(instalment(accruals, each.first, each.last, basis) - to_penny(worth)) <= Decimal("0.01")


@given(histories(), st.lists(DAYS, min_size=2, max_size=6, unique=True), st.booleans())
def test_cutting_a_period_changes_nothing(accruals, days, is_monthly) -> None:
    basis = BY_MONTH if is_monthly else BY_DAY
    first, *cuts, last = sorted(days)
    bounds = [first, *cuts, last + DAY]
    parts = [instalment(accruals, start, end - DAY, basis) for start, end in itertools.pairwise(bounds)]
    assert sum(parts) == instalment(accruals, first, last, basis)


@given(histories(), st.sampled_from(list(Frequency)[:3]), DAYS, DAYS)
def test_periods_of_a_schedule_leave_no_day_out_and_pay_none_twice(accruals, frequency, one, other) -> None:
    first, last = sorted([one, other])
    timing = Timing(frequency, first, last + DAY, PaidWhen.ARREARS, 3)
    found = list(periods(timing, dt.date(2040, 1, 1)))
    assert (found[0].first, found[-1].last) == (first, last)
    assert all(before.last + DAY == after.first for before, after in itertools.pairwise(found))
    assert all(each.due_on == each.last + 3 * DAY for each in found)
    basis = Basis.of([(first, frequency)])
    assert sum(due(accruals, found, basis)) == instalment(accruals, first, last, basis)


@given(AMOUNTS, st.dates(dt.date(2026, 4, 2), dt.date(2027, 3, 30)), st.sampled_from(list(Frequency)[:3]))
def test_year_that_changes_how_often_it_is_paid_still_adds_to_its_amount(amount, changed_on, frequency) -> None:
    year = FinancialYear(2026)
    accruals = [Accrual(year.start, None, amount)]
    before = Basis.of([(year.start, Frequency.MONTHLY)])
    after = Basis.of([(year.start, Frequency.MONTHLY), (changed_on, frequency)])
    paid = instalment(accruals, year.start, changed_on - DAY, before)
    rest = instalment(accruals, changed_on, year.end, after)
    owed = instalment(accruals, year.start, year.end, after) - paid
    assert paid + rest + balanced([rest], owed)[0] == amount


def test_month_is_a_twelfth_and_a_day_of_it_its_part() -> None:
    whole = [Accrual(dt.date(2026, 4, 1), None, Decimal("12000.00"))]
    assert instalment(whole, dt.date(2027, 2, 1), dt.date(2027, 2, 28), BY_MONTH) == Decimal("1000.00")
    assert instalment(whole, dt.date(2026, 4, 1), dt.date(2026, 4, 15), BY_MONTH) == Decimal("500.00")
    begun = [Accrual(dt.date(2026, 4, 16), None, Decimal("12000.00"))]
    assert instalment(begun, dt.date(2026, 4, 1), dt.date(2026, 4, 30), BY_MONTH) == Decimal("500.00")


def test_change_of_amount_in_the_middle_of_a_month() -> None:
    accruals = [
        Accrual(dt.date(2026, 4, 1), dt.date(2026, 6, 16), Decimal("12000.00")),
        Accrual(dt.date(2026, 6, 16), None, Decimal("24000.00")),
    ]
    assert instalment(accruals, dt.date(2026, 6, 1), dt.date(2026, 6, 30), BY_MONTH) == Decimal("1500.00")


def test_week_of_a_leap_year_is_seven_of_366_days() -> None:
    accruals = [Accrual(dt.date(2025, 4, 1), None, Decimal("36600.00"))]
    assert instalment(accruals, dt.date(2027, 4, 1), dt.date(2027, 4, 7), BY_DAY) == Decimal("700.00")
    assert instalment(accruals, dt.date(2026, 4, 1), dt.date(2026, 4, 7), BY_DAY) == Decimal("701.92")


def test_week_over_the_end_of_a_year_is_reckoned_in_both() -> None:
    accruals = [Accrual(dt.date(2025, 4, 1), None, Decimal("36500.00"))]
    # Three days of 2026/27 at 100.00 and four of 2027/28, which is a leap year, at 99.73 (398.91).
    assert instalment(accruals, dt.date(2027, 3, 29), dt.date(2027, 4, 4), BY_DAY) == Decimal("698.91")


@pytest.mark.parametrize(
    ("frequency", "first", "last"),
    [
        (Frequency.MONTHLY, dt.date(2027, 1, 31), dt.date(2027, 1, 31)),
        (Frequency.MONTHLY, dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
        (Frequency.WEEKLY, dt.date(2028, 2, 26), dt.date(2028, 3, 3)),
        (Frequency.FOUR_WEEKLY, dt.date(2026, 12, 10), dt.date(2027, 1, 6)),
        (Frequency.ONE_OFF, dt.date(2026, 12, 10), dt.date(2026, 12, 10)),
    ],
)
def test_first_period_of_a_schedule(frequency, first, last) -> None:
    timing = Timing(frequency, first, None, PaidWhen.ADVANCE, 5)
    found = next(periods(timing, first))
    assert found == Period(first, last, first - 5 * DAY)


def test_nothing_is_due_before_its_day_and_a_schedule_that_ends_as_it_begins_pays_nothing() -> None:
    first = dt.date(2026, 6, 1)
    timing = Timing(Frequency.MONTHLY, first, None, PaidWhen.ARREARS, 2)
    assert list(periods(timing, dt.date(2026, 7, 1))) == []
    assert len(list(periods(timing, dt.date(2026, 7, 2)))) == 1
    assert list(periods(Timing(Frequency.MONTHLY, first, first, PaidWhen.ADVANCE), dt.date(2027, 1, 1))) == []


def test_only_what_a_schedule_covers_is_paid() -> None:
    accruals = [Accrual(dt.date(2026, 4, 1), None, Decimal("12000.00"))]
    assert within(accruals, dt.date(2026, 6, 1), dt.date(2026, 6, 1)) == []
    kept = within(accruals, dt.date(2026, 6, 1), None)
    assert kept == [Accrual(dt.date(2026, 6, 1), None, Decimal("12000.00"))]


@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.decimals("-500000", "500000", places=2))
def test_balance_is_never_brought_below_nought_and_comes_to_what_is_owed(instalments, owed) -> None:
    paid = [amount + more for amount, more in zip(instalments, balanced(instalments, owed), strict=True)]
    assert all(each >= 0 for each in paid)
    assert sum(paid) == max(owed, Decimal(0))


@st.composite
def percents(draw) -> list[Decimal]:
    """Shares that add to 100."""
    cuts = sorted(draw(st.sets(st.integers(1, 9999), max_size=4)))
    return [Decimal(end - start) / 100 for start, end in zip([0, *cuts], [*cuts, 10000], strict=True)]


@given(st.decimals("-100000", "100000", places=2), percents())
def test_shares_of_a_payment_add_exactly_and_lie_within_a_penny(amount, shares) -> None:
    parts = split(amount, shares)
    assert sum(parts) == amount
    for part, percent in zip(parts, shares, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(percent) / 100) < Fraction(1, 100)
    assert split(-amount, shares) == [-part for part in parts]


def test_penny_left_over_goes_to_the_largest_remainder_and_of_equal_ones_to_the_first() -> None:
    assert split(Decimal("10.01"), [Decimal("30"), Decimal("70")]) == [Decimal("3.00"), Decimal("7.01")]
    assert split(Decimal("0.05"), [Decimal("50"), Decimal("50")]) == [Decimal("0.03"), Decimal("0.02")]
