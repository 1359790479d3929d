"""Reading rows of another register: each cell, how a row fits together, which heading is which column."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.enums import EndReason, Funder, LivesIn, Method
from budgets.rules.agreement import check_methods, check_shares
from budgets.rules.register_import import COLUMNS, RegisterRow, read_row
from phb_register.models import EthnicCategory, Sex

TODAY = dt.date(2026, 11, 22)
WHOLE = {
    "nhs_number": "999 000 0018",
    "family_name": "Kestrel",
    "given_name": "Testa",
    "born_on": "1/4/1950",
    "sex": "Female",
    "ethnic_category": "A",
    "postcode": "le16yh",
    "gp_practice": "c82001",
    "commissioner": "04C",
    "cohort": "CHC",
    "fast_track": "No",
    "lives_in": "home",
    "funding": "joint",
    "nhs_share": "62.5%",
    "methods": "direct_payment; notional",
    "referred_on": "2016-10-03",
    "agreed_on": "01/11/2016",
    "started_on": "2016-11-30",
    "ended_on": "2017-02-28",
    "end_reason": "died",
    "annual_amount": "£21,320.00",
    "previous_annual_amount": "24000",
}


def row_of(**changes: str) -> RegisterRow:
    row, problems = read_row(2, WHOLE | changes, today=TODAY)
    assert problems == []
    assert row is not None
    return row


def problems_of(**changes: str) -> dict[str, str]:
    row, problems = read_row(2, WHOLE | changes, today=TODAY)
    assert row is None
    assert {problem.number for problem in problems} == {2}
    return {problem.column: problem.message for problem in problems}


def test_every_cell_of_a_row_is_read() -> None:
    row = row_of()
    assert (row.nhs_number, row.family_name, row.given_name) == ("9990000018", "Kestrel", "Testa")
    assert (row.born_on, row.sex, row.ethnic_category) == (dt.date(1950, 4, 1), Sex.FEMALE, EthnicCategory.BRITISH)
    assert (row.postcode, row.gp_practice, row.commissioner, row.cohort) == ("LE1 6YH", "C82001", "04C", "chc")
    assert (row.is_fast_track, row.lives_in) == (False, LivesIn.HOME)
    assert [(share.funder, share.percent) for share in row.shares] == [
        (Funder.NHS, Decimal("62.50")),
        (Funder.LOCAL_AUTHORITY, Decimal("37.50")),
    ]
    assert (row.referred_on, row.agreed_on) == (dt.date(2016, 10, 3), dt.date(2016, 11, 1))
    assert (row.started_on, row.ended_on) == (dt.date(2016, 11, 30), dt.date(2017, 2, 28))
    assert row.end_reason == EndReason.DIED
    assert (row.annual_amount, row.previous_annual_amount) == (Decimal("21320.00"), Decimal("24000.00"))


def test_methods_without_amounts_leave_the_whole_under_the_first_and_say_so() -> None:
    row = row_of()
    assert [(part.method, part.annual_amount) for part in row.methods] == [
        (Method.DIRECT_PAYMENT, Decimal("21320.00")),
        (Method.NOTIONAL, Decimal("0.00")),
    ]
    assert row.is_split_unknown
    assert not row_of(methods="notional").is_split_unknown


def test_methods_with_amounts_are_split_as_the_row_says() -> None:
    row = row_of(methods="notional:1320; direct payment:20,000.00")
    assert [(part.method, part.annual_amount) for part in row.methods] == [
        (Method.NOTIONAL, Decimal("1320.00")),
        (Method.DIRECT_PAYMENT, Decimal("20000.00")),
    ]
    assert not row.is_split_unknown


@pytest.mark.parametrize(
    ("column", "cell", "remedy"),
    [
        ("nhs_number", "1111111111", "not a valid NHS number"),
        ("nhs_number", "999000001", "must be 10 digits"),
        ("born_on", "31/02/1950", "no such day"),
        ("born_on", "1/4/0150", "Check the year"),
        ("sex", "x", "Enter one of these: female"),
        ("ethnic_category", "I", "Enter one of these: A, B"),
        ("postcode", "LE1", "full postcode"),
        ("gp_practice", "82001", "a letter and five digits"),
        ("commissioner", "LLR!", "letters, numbers and hyphens"),
        ("fast_track", "perhaps", "Enter yes or no"),
        ("lives_in", "the moon", "Enter one of these: home, care_home"),
        ("funding", "charity", "Enter one of these: nhs, nhs_only, joint"),
        ("nhs_share", "0", "above 0 and no higher than 100"),
        ("nhs_share", "33.333", "at most two decimal places"),
        ("nhs_share", "NaN", "above 0"),
        ("methods", "cash", "Enter one of these: notional"),
        ("methods", "notional;notional", "Name each method once"),
        ("methods", "notional:5;direct_payment", "the amount of each method, or of none"),
        ("methods", "notional:5;direct_payment:7", "The methods add to £12.00"),
        ("annual_amount", "-5", "0 or more"),
        ("annual_amount", "=SUM(A1)", "This is a formula"),
        ("end_reason", "unknown", "Enter one of these: died"),
        ("family_name", "", "Enter the family name"),
        ("started_on", "2016-10-31", "on or after the date in “agreed on”, 01/11/2016"),
        ("referred_on", "1949-12-31", "on or after the date in “date of birth”"),
        ("ended_on", "2026-11-23", "today or in the past"),
        ("end_reason", "", "Enter the end date and the reason, or leave both out"),
        ("end_reason", "did_not_go_ahead", "did go ahead"),
        ("annual_amount", "", "Enter the annual amount"),
        ("nhs_share", "", "Enter the NHS share"),
        ("nhs_share", "100", "below 100, or the funding nhs"),
    ],
)
def test_wrong_cell_is_said_with_its_column_and_remedy(column: str, cell: str, remedy: str) -> None:
    problems = problems_of(**{column: cell})
    assert remedy in problems[column]
    assert len(problems) == 1


def test_shares_of_a_row_that_names_no_other_funder() -> None:
    assert "Enter joint" in problems_of(funding="nhs", nhs_share="60")["funding"]
    assert "Enter joint" in problems_of(funding="", nhs_share="60")["funding"]
    assert [share.percent for share in row_of(funding="", nhs_share="").shares] == [Decimal(100)]


def test_row_without_an_agreed_date_is_a_referral_and_no_budget() -> None:
    bare = dict.fromkeys(("agreed_on", "started_on", "ended_on", "end_reason", "methods", "annual_amount"), "")
    row = row_of(**bare)
    assert (row.agreed_on, row.methods, row.first_day) == (None, (), None)
    assert set(problems_of(agreed_on="")) == {"started_on", "ended_on", "end_reason", "methods", "annual_amount"}


def test_row_says_everything_that_is_wrong_at_once() -> None:
    assert set(problems_of(nhs_number="1", born_on="x", methods="cash")) == {"nhs_number", "born_on", "methods"}


def test_rows_that_say_the_same_have_one_fingerprint_however_they_are_written() -> None:
    written_otherwise = {"born_on": "1950-04-01", "sex": "F", "annual_amount": "21320", "fast_track": "n"}
    assert row_of(**written_otherwise).fingerprint == row_of().fingerprint
    assert row_of(given_name="Tessa").fingerprint != row_of().fingerprint


def test_headings_are_found_however_they_are_written() -> None:
    found = COLUMNS.find(["NHS No", "SURNAME", "First name", "D.O.B", "CCG", "Cohort", "Notes", "Start Date"])
    assert found == {
        "nhs_number": "NHS No",
        "family_name": "SURNAME",
        "given_name": "First name",
        "born_on": "D.O.B",
        "commissioner": "CCG",
        "cohort": "Cohort",
        "started_on": "Start Date",
    }
    assert list(COLUMNS.find(column.name for column in COLUMNS.all)) == [column.name for column in COLUMNS.all]


@given(st.dictionaries(st.sampled_from([column.name for column in COLUMNS.all]), st.text(max_size=30)))
def test_any_text_is_read_or_refused_with_a_column(cells: dict[str, str]) -> None:
    row, problems = read_row(7, cells, today=TODAY)
    assert (row is None) == bool(problems)
    assert all(problem.message and problem.number == 7 for problem in problems)


@given(
    amount=st.decimals(0, 999_999, places=2),
    share=st.decimals(Decimal("0.01"), 100, places=2),
    methods=st.permutations(list(Method)).map(lambda found: found[:2]),
)
def test_what_is_read_passes_the_rules_of_a_budget(amount: Decimal, share: Decimal, methods: list[Method]) -> None:
    row = row_of(
        annual_amount=str(amount),
        nhs_share=str(share),
        funding="nhs" if share == 100 else "education",
        methods=";".join(methods),
    )
    assert check_methods(row.methods, amount) == []
    assert check_shares(row.shares) == []
