import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_register import rules
from phb_register.dates import FinancialYear, financial_year


def remainder(nine_digits: str) -> int:
    """The check digit by the published arithmetic, written out: weights 10 to 2, 11 less the remainder of 11."""
    total = sum(int(digit) * weight for digit, weight in zip(nine_digits, range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_nhs_number_is_taken_exactly_when_its_check_digit_is_right(number: str) -> None:
    is_right = remainder(number[:9]) == int(number[9]) and len(set(number)) > 1
    assert (rules.nhs_number_fault(number) is None) == is_right


@pytest.mark.parametrize("number", ["943 476 5919", "9434765919", "999-000-0018", " 999 000 0026 "])
def test_nhs_number_is_taken_with_the_spaces_people_type(number: str) -> None:
    assert rules.nhs_number_fault(number) is None


@pytest.mark.parametrize("number", [str(digit) * 10 for digit in range(10)])
def test_nhs_number_case_45_repeated_digits_are_refused(number: str) -> None:
    assert "not a valid NHS number" in str(rules.nhs_number_fault(number))


@pytest.mark.parametrize("number", ["485 777 3456", "123 456 7890", "9434765910"])
def test_nhs_number_with_a_wrong_check_digit_is_refused(number: str) -> None:
    assert "Check each digit" in str(rules.nhs_number_fault(number))


@pytest.mark.parametrize("number", ["", "943476591", "94347659190", "943476591O", "٩٤٣٤٧٦٥٩١٩"])
def test_nhs_number_that_is_not_ten_digits_is_refused(number: str) -> None:
    assert "10 digits" in str(rules.nhs_number_fault(number))


def test_nhs_number_is_shown_in_groups_of_three_three_and_four() -> None:
    assert rules.nhs_number_in_groups("9434765919") == "943 476 5919"


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (dt.date(2000, 5, 17), dt.date(2018, 5, 16), 17),
        (dt.date(2000, 5, 17), dt.date(2018, 5, 17), 18),
        (dt.date(2004, 2, 29), dt.date(2020, 2, 28), 15),
        (dt.date(2004, 2, 29), dt.date(2021, 2, 28), 16),
        (dt.date(2004, 2, 29), dt.date(2021, 3, 1), 17),
    ],
)
def test_age_changes_on_the_birthday(born_on: dt.date, day: dt.date, age: int) -> None:
    assert rules.age_on(born_on, day) == age


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [("le1 1aa", "LE1 1AA"), ("LE11AA", "LE1 1AA"), ("zz993wz", "ZZ99 3WZ"), ("W1A 0AX", "W1A 0AX")],
)
def test_postcode_is_written_in_one_way(typed: str, postcode: str) -> None:
    assert rules.normal_postcode(typed) == postcode


@pytest.mark.parametrize("typed", ["", "LE1", "LE1 1A", "1LE 1AA", "LE1 AAA", "nonsense"])
def test_postcode_that_is_none_is_not_made_one(typed: str) -> None:
    assert rules.normal_postcode(typed) is None


@given(st.dates())
def test_financial_year_holds_its_days_and_no_others(day: dt.date) -> None:
    if day.year < 2:
        return
    year = financial_year(day)
    assert day in year
    assert day not in FinancialYear(year.begins - 1)
    assert (year.start.month, year.start.day) == (4, 1)


def test_financial_year_turns_on_the_first_of_april() -> None:
    assert financial_year(dt.date(2017, 3, 31)).label == "2016/17"
    assert financial_year(dt.date(2017, 4, 1)).label == "2017/18"
    assert financial_year(dt.date(2099, 12, 31)).label == "2099/00"
