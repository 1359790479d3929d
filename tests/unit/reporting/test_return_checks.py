"""What the checks find in a return, and what each finding asks for."""

import datetime as dt

import pytest

from reporting.return_checks import Listed, Severity, Window, findings, percentages
from reporting.rules.counting import Breakdown
from reporting.rules.quarters import Quarter
from reporting.rules.returns import Basis, Change, Explained, Standing, cells

QUARTER = Quarter(2024, 2)
WINDOW = Window(dt.date(2024, 10, 1), dt.date(2024, 10, 22))
NOTIONAL = Standing(frozenset({"notional"}), "s117", False)
UNCHANGED = {basis: Explained("total", 1, dict.fromkeys(Change, 0), 1) for basis in Basis}


def found(standings=None, *, breakdown=Breakdown.STRONGEST, today=dt.date(2024, 10, 10), wrong=None, **given):
    numbers = cells(standings or {(NOTIONAL, NOTIONAL): 1}, breakdown) | (wrong or {})
    usual = {"listed": {}, "changed": UNCHANGED, "window": WINDOW}
    return {each.code: each.severity for each in findings(QUARTER, numbers, breakdown, today=today, **(usual | given))}


def test_nothing_is_found_in_a_return_that_is_right():
    assert found() == {}


@pytest.mark.parametrize(
    ("today", "window", "code", "severity"),
    [
        (dt.date(2024, 9, 30), WINDOW, "not-over", Severity.STOPS),
        (dt.date(2024, 10, 10), None, "no-window", Severity.WARNS),
        (dt.date(2024, 10, 1), Window(dt.date(2024, 10, 2), dt.date(2024, 10, 3)), "before-window", Severity.WARNS),
        (dt.date(2024, 10, 23), WINDOW, "after-window", Severity.WARNS),
    ],
)
def test_time_it_is_submitted(today, window, code, severity):
    assert found(today=today, window=window) == {code: severity}


@pytest.mark.parametrize("today", [WINDOW.opens_on, WINDOW.closes_on])
def test_both_days_of_the_window_are_in_it(today):
    assert found(today=today) == {}


def test_parts_that_do_not_add_up_stop_it():
    assert set(found(wrong={"quarter_end-total-adults": 2}).values()) == {Severity.STOPS}


def test_methods_that_overlap_by_choice_are_noted():
    both = Standing(frozenset({"notional", "direct_payment"}), "s117", False)
    codes = found({(both, both): 2}, breakdown=Breakdown.EACH)
    assert codes["methods-overlap"] == Severity.NOTES
    assert Severity.STOPS not in codes.values()


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing(frozenset(), "s117", False), "no-method-quarter_end"),
        (Standing(frozenset({"notional"}), "chc", True), "age-chc"),
        (Standing(frozenset({"notional"}), "fast_track", True), "age-fast_track"),
        (Standing(frozenset({"notional"}), "continuing_care", False), "age-continuing_care"),
    ],
)
def test_people_who_stand_oddly_are_warned_of(standing, code):
    assert found({(None, standing): 1}) == {code: Severity.WARNS}


def test_lists_and_late_entries():
    changes = dict.fromkeys(Change, 0) | {Change.RECORDED_LATE: 1}
    codes = found(
        listed=dict.fromkeys(Listed, 1),
        changed=UNCHANGED | {Basis.QUARTER_END: Explained("total", 1, changes, 2)},
    )
    assert codes == {
        "no-start-date": Severity.WARNS,
        "no-nhs-number": Severity.WARNS,
        "review-too-old": Severity.NOTES,
        "late-quarter_end": Severity.NOTES,
    }


def test_percentages_that_add_up_to_99_are_noted_and_left():
    # A third each: 33 + 33 + 33.
    thirds = {(None, Standing(frozenset({each}), "s117", False)): 1 for each in ("notional", "third_party")}
    thirds[None, Standing(frozenset({"direct_payment"}), "s117", False)] = 1
    assert found(thirds) == {"percentages-quarter_end": Severity.NOTES}
    assert sum(percentages(Basis.QUARTER_END, cells(thirds, Breakdown.STRONGEST)).values()) == 99
    assert percentages(Basis.YEAR_TO_DATE, cells(thirds, Breakdown.STRONGEST)) == {}


def test_what_stops_comes_first():
    numbers = cells({(None, Standing(frozenset(), "chc", True)): 3}, Breakdown.STRONGEST)
    order = [
        each.severity
        for each in findings(
            QUARTER,
            numbers,
            Breakdown.STRONGEST,
            listed={},
            changed=UNCHANGED,
            window=None,
            today=dt.date(2024, 9, 1),
        )
    ]
    assert order == sorted(order, key=list(Severity).index)
    assert order[0] == Severity.STOPS
