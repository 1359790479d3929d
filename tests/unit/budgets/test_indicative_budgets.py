"""Indicative budgets: worked by hand, by a naive second way, and what holds for any of them."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.rules.indicative_budget_checks import check_worksheet
from budgets.rules.indicative_budgets import (
    CareRow,
    OtherRow,
    Worksheet,
    days_words,
    hours_by_kind_and_day,
    work_out,
)
from budgets.rules.rate_cards import VALUES, CareKind, DeliveredBy, Rates, RateValue, Unit
from tests.support.indicative import EVERY_DAY, SOURCE, care, naive_totals, rates_of

AGENCY = {"agency_day_weekday": "20", "agency_day_weekend": "24", "agency_sleep_in_weekday": "110"}
EMPLOYING = {
    "employed_day_weekday": "13",
    "holiday_percent": "12.07",
    "ni_percent": "15",
    "ni_threshold": "5000",
    "employment_allowance": "10500",
    "pension_percent": "3",
    "pension_threshold": "6240",
    "insurance": "80",
    "payroll": "150",
    "training": "120",
    "contingency_weeks": "2",
    "start_up": "250",
    "recruitment": "100",
    "dbs": "40",
}


def told(worksheet: Worksheet, rates: Rates) -> list[tuple[str, str, str]]:
    return [(line.label, str(line.amount), str(line.annual_amount)) for line in work_out(worksheet, rates).lines]


def test_week_from_an_agency_with_unpaid_care_taken_off() -> None:
    worksheet = Worksheet(
        care=(care(hours="4", carers=2, unpaid="2"), care(EVERY_DAY, "sleep_in")),
        others=(OtherRow("Pressure mattress", "one_off", Decimal("899.99"), "Quote"),),
    )
    rates = rates_of(**AGENCY)
    assert told(worksheet, rates) == [
        ("Day, 4 hours a day, 2 carers, an agency, Monday to Friday", "800.00", "41714.29"),
        ("Sleep-in night, an agency, Monday to Friday", "550.00", "28678.57"),
        ("Sleep-in night, an agency, Saturday and Sunday", "220.00", "11471.43"),
        ("Less unpaid care: day, Monday to Friday", "-200.00", "-10428.57"),
        ("Pressure mattress", "899.99", "0.00"),
    ]
    working = work_out(worksheet, rates)
    assert (working.annual_amount, working.one_off_amount) == (Decimal("71435.72"), Decimal("899.99"))
    assert working.weekly_amount == Decimal("1370.00")


def test_employed_personal_assistants_cost_more_than_their_pay() -> None:
    worksheet = Worksheet(care=(care(hours="6", delivered_by="employed"),), personal_assistants=2)
    assert told(worksheet, rates_of(**EMPLOYING)) == [
        ("Day, 6 hours a day, employed personal assistants, Monday to Friday", "390.00", "20335.71"),
        ("Holiday pay: 12.07% of a year’s pay", "2454.52", "2454.52"),
        ("Employer’s National Insurance on pay of £22,790.23 above 2 × £5,000.00", "1918.53", "1918.53"),
        ("Less the Employment Allowance, up to £10,500.00", "-1918.53", "-1918.53"),
        ("Employer’s pension contribution on pay of £22,790.23 above 2 × £6,240.00", "309.31", "309.31"),
        ("Employers’ liability insurance", "80.00", "80.00"),
        ("Payroll service, for 2 personal assistants", "300.00", "300.00"),
        ("Training, for 2 personal assistants", "240.00", "240.00"),
        ("Contingency: 2 weeks of a week’s pay", "780.00", "780.00"),
        ("Start-up", "250.00", "0.00"),
        ("Recruitment, for 2 personal assistants", "200.00", "0.00"),
        ("Checks by the Disclosure and Barring Service, for 2 personal assistants", "80.00", "0.00"),
    ]
    working = work_out(worksheet, rates_of(**EMPLOYING))
    assert (working.annual_amount, working.one_off_amount) == (Decimal("24499.54"), Decimal("530.00"))


def test_starting_costs_are_left_out_where_they_were_paid_before() -> None:
    worksheet = Worksheet(
        care=(care(hours="6", delivered_by="employed"),), personal_assistants=2, has_starting_costs=False
    )
    assert work_out(worksheet, rates_of(**EMPLOYING)).one_off_amount == 0


def test_holiday_pay_in_weeks_is_weeks_of_a_weeks_pay() -> None:
    worksheet = Worksheet(care=(care(hours="6", delivered_by="employed"),), personal_assistants=1)
    rates = rates_of(employed_day_weekday="13", holiday_weeks="5.6")
    assert told(worksheet, rates)[1] == ("Holiday pay: 5.6 weeks of a week’s pay", "2184.00", "2184.00")


def test_bank_holidays_cost_so_much_more_than_an_average_weekday() -> None:
    # £800 on weekdays is £160 a day; half of that more on each of 8 days.
    worksheet = Worksheet(care=(care(EVERY_DAY, hours="8"),))
    rates = rates_of(**AGENCY, bank_holidays="8", bank_holiday_percent="50")
    assert told(worksheet, rates)[-1] == (
        "Bank holidays, an agency: 50% more than an average weekday of £160.00",
        "640.00",
        "640.00",
    )


def test_agency_care_bears_no_cost_of_employing() -> None:
    rates = rates_of(**AGENCY, **EMPLOYING)
    assert {line.group for line in work_out(Worksheet(care=(care(hours="8"),)), rates).lines} == {"care"}


def test_employed_care_that_is_all_given_unpaid_bears_no_cost_of_employing() -> None:
    worksheet = Worksheet(care=(care(hours="6", unpaid="6", delivered_by="employed"),), personal_assistants=1)
    assert work_out(worksheet, rates_of(**EMPLOYING)).annual_amount == 0


def test_hours_are_shown_by_kind_and_day() -> None:
    rows = [care(hours="4", carers=2, unpaid="1"), care(frozenset({0, 6}), hours="2"), care(EVERY_DAY, "sleep_in")]
    table = hours_by_kind_and_day(rows)
    assert list(table) == ["day", "sleep_in"]
    assert table["day"][0] == (Decimal(10), Decimal(1))
    assert table["day"][5] == (Decimal(0), Decimal(0))
    assert table["day"][6] == (Decimal(2), Decimal(0))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0}, "Monday"),
        ({0, 1, 2, 3, 4}, "Monday to Friday"),
        ({5, 6}, "Saturday and Sunday"),
        ({0, 2, 4}, "Monday, Wednesday and Friday"),
    ],
)
def test_days_in_words(days: set[int], words: str) -> None:
    assert days_words(frozenset(days)) == words


@pytest.mark.parametrize(
    ("worksheet", "field", "said"),
    [
        (Worksheet(), "", "Enter the care of a week"),
        (Worksheet(care=(care(frozenset()),)), "care-0-days", "Select the days"),
        (Worksheet(care=(care(), care(hours="24.5"))), "care-1-hours", "up to 24"),
        (Worksheet(care=(care(hours="0"),)), "care-0-hours", "above 0"),
        (Worksheet(care=(care(kind="sleep_in", hours="8"),)), "care-0-hours", "by the night"),
        (Worksheet(care=(care(hours="2", unpaid="2.5"),)), "care-0-unpaid_hours", "more than the hours needed"),
        (Worksheet(care=(care(carers=3),)), "care-0-carers", "one or two carers"),
        (Worksheet(care=(care(kind="nurse"),)), "care-0-kind", "no rate for this: nurse, an agency"),
        (Worksheet(care=(care(hours="24", carers=2), care(hours="1"))), "", "Monday has 49 hours"),
        (Worksheet(others=(OtherRow("", "weekly", Decimal(1), "Quote"),)), "others-0-label", "what the line is for"),
        (Worksheet(others=(OtherRow("Taxi", "weekly", Decimal(0), "Quote"),)), "others-0-amount", "above £0"),
        (Worksheet(others=(OtherRow("Taxi", "weekly", Decimal(1), " "),)), "others-0-reason", "comes from"),
    ],
)
def test_refusal_names_the_field_and_the_remedy(worksheet: Worksheet, field: str, said: str) -> None:
    problems = check_worksheet(worksheet, rates_of(**AGENCY))
    assert [problem.field for problem in problems] == [field]
    assert said in problems[0].message


def test_employing_nobody_is_refused() -> None:
    worksheet = Worksheet(care=(care(delivered_by="employed"),))
    assert [each.field for each in check_worksheet(worksheet, rates_of(**EMPLOYING))] == ["personal_assistants"]


# ── What holds for any worksheet and any card ────────────────────────────────────────────────────────────────────

QUARTERS = st.integers(min_value=1, max_value=96).map(lambda quarters: Decimal(quarters) / 4)


@st.composite
def care_rows(draw: st.DrawFn) -> CareRow:
    kind = draw(st.sampled_from(CareKind.values))
    hours = Decimal(1) if kind == "sleep_in" else draw(QUARTERS)
    carers = draw(st.integers(min_value=1, max_value=2))
    unpaid = draw(st.integers(min_value=0, max_value=int(hours * carers * 4))) / Decimal(4)
    days = draw(st.frozensets(st.integers(min_value=0, max_value=6), min_size=1))
    return CareRow(days, kind, hours, carers, unpaid, draw(st.sampled_from(DeliveredBy.values)))


OTHERS = st.builds(
    OtherRow,
    label=st.just("Line"),
    period=st.sampled_from(["weekly", "annual", "one_off"]),
    amount=st.decimals(min_value="0.01", max_value=5000, places=2),
    reason=st.just("Quote"),
)
WORKSHEETS = st.builds(
    Worksheet,
    care=st.lists(care_rows(), max_size=4).map(tuple),
    others=st.lists(OTHERS, max_size=3).map(tuple),
    personal_assistants=st.integers(min_value=1, max_value=4),
    has_starting_costs=st.booleans(),
)


@st.composite
def cards(draw: st.DrawFn) -> Rates:
    """A card with every rate of a weekday, and any other values; of weeks and a percentage, one."""
    values = {}
    for spec in VALUES:
        is_needed = spec.code.endswith("_weekday")
        if spec.code in ("holiday_percent", "contingency_percent") and spec.code.replace("percent", "weeks") in values:
            continue
        if is_needed or draw(st.booleans()):
            is_rate = spec.unit in (Unit.AN_HOUR, Unit.A_NIGHT)
            places = 4 if spec.unit is Unit.PERCENT else 2
            amount = draw(st.decimals(min_value=0, max_value=200 if is_rate else spec.maximum, places=places))
            values[spec.code] = RateValue(amount, SOURCE)
    return Rates("A card", values)


@settings(max_examples=60)
@given(WORKSHEETS, cards())
def test_totals_are_those_of_the_naive_way(worksheet: Worksheet, rates: Rates) -> None:
    working = work_out(worksheet, rates)
    assert (working.annual_amount * 100, working.one_off_amount * 100) == naive_totals(worksheet, rates)


@settings(max_examples=40)
@given(WORKSHEETS, cards(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_amount_and_nothing_is_negative(
    worksheet: Worksheet, rates: Rates, rng: st.DataObject
) -> None:
    working = work_out(worksheet, rates)
    shuffled = dataclasses.replace(
        worksheet,
        care=tuple(rng.sample(worksheet.care, len(worksheet.care))),
        others=tuple(rng.sample(worksheet.others, len(worksheet.others))),
    )
    again = work_out(shuffled, rates)
    assert sorted(map(str, again.lines)) == sorted(map(str, working.lines))
    assert (again.annual_amount, again.one_off_amount) == (working.annual_amount, working.one_off_amount)
    assert working.annual_amount >= 0
    assert working.one_off_amount >= 0
    assert Worksheet.from_json(worksheet.as_json()) == worksheet


@settings(max_examples=40)
@given(WORKSHEETS.filter(lambda worksheet: worksheet.care), cards(), QUARTERS)
def test_more_hours_never_cost_less_and_more_unpaid_care_never_more(
    worksheet: Worksheet, rates: Rates, more: Decimal
) -> None:
    first, *rest = worksheet.care
    longer = dataclasses.replace(worksheet, care=(dataclasses.replace(first, hours=first.hours + more), *rest))
    all_given = dataclasses.replace(first, unpaid_hours=first.hours_a_day)
    given_unpaid = dataclasses.replace(worksheet, care=(all_given, *rest))
    annual = work_out(worksheet, rates).annual_amount
    assert work_out(longer, rates).annual_amount >= annual
    assert work_out(given_unpaid, rates).annual_amount <= annual
