"""The clock of a referral, against a walk that counts the days one by one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.rules.clocks import Clock, Pause, next_pause_from, read_clock, settled_due_on
from phb_register.dates import DayCount, add_days, days_between, is_working_day

WORKING, CALENDAR = DayCount.WORKING, DayCount.CALENDAR


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def pause(first: str, last: str | None = None) -> Pause:
    return Pause(day(first), day(last) if last else None)


@pytest.mark.parametrize(
    ("received", "days", "counting", "due"),
    [
        ("2026-11-05", 28, CALENDAR, "2026-12-03"),
        ("2024-01-31", 29, CALENDAR, "2024-02-29"),  # the end of a month in a leap year
        ("2026-12-04", 28, CALENDAR, "2027-01-01"),  # calendar days end on a bank holiday too
        ("2026-11-27", 20, WORKING, "2026-12-29"),  # over Christmas and its substitute day
        ("2026-04-02", 1, WORKING, "2026-04-07"),  # over Easter
        ("2026-11-21", 1, WORKING, "2026-11-23"),  # received on a Saturday
    ],
)
def test_clock_that_never_pauses(received: str, days: int, counting: DayCount, due: str) -> None:
    reading = read_clock(Clock(day(received), days, counting), [], day(received))
    assert (reading.due_on, reading.paused_days, reading.is_paused) == (day(due), 0, False)


@pytest.mark.parametrize(
    ("counting", "pauses", "due", "paused"),
    [
        (CALENDAR, [pause("2026-11-10", "2026-11-12")], "2026-12-05", 2),
        (CALENDAR, [pause("2026-11-10", "2026-11-10")], "2026-12-03", 0),
        (CALENDAR, [pause("2026-11-12", "2026-11-15"), pause("2026-11-10", "2026-11-12")], "2026-12-08", 5),
        # On the day it is due, the pause still counts; on the day after, it no longer does.
        (CALENDAR, [pause("2026-12-03", "2026-12-10")], "2026-12-10", 7),
        (CALENDAR, [pause("2026-12-04", "2026-12-10")], "2026-12-03", 0),
        # The first pause carries the date past the second's beginning.
        (CALENDAR, [pause("2026-12-03", "2026-12-10"), pause("2026-12-10", "2026-12-11")], "2026-12-11", 8),
        # Friday to Monday holds one working day back, a weekend none, Christmas Eve to the 29th one.
        (WORKING, [pause("2026-11-13", "2026-11-16")], "2026-12-16", 1),
        (WORKING, [pause("2026-11-14", "2026-11-16")], "2026-12-15", 0),
        (WORKING, [pause("2026-11-14", "2026-11-23")], "2026-12-22", 5),
        (WORKING, [pause("2026-12-14", "2026-12-29")], "2026-12-30", 9),
    ],
)
def test_pause_moves_the_date_by_its_days(counting: DayCount, pauses: list[Pause], due: str, paused: int) -> None:
    reading = read_clock(Clock(day("2026-11-05"), 28, counting), pauses, day("2026-11-06"))
    assert (reading.due_on, reading.paused_days) == (day(due), paused)
    assert settled_due_on(reading.clock, pauses) == day(due)


def test_open_pause_moves_the_date_each_day_and_leaves_the_stored_one() -> None:
    clock, going_on = Clock(day("2026-11-05"), 28), [pause("2026-11-10")]
    assert read_clock(clock, going_on, day("2026-11-10")).due_on == day("2026-12-03")
    later = read_clock(clock, going_on, day("2026-11-25"))
    assert (later.due_on, later.paused_days, later.is_paused) == (day("2026-12-18"), 15, True)
    assert settled_due_on(clock, going_on) == day("2026-12-03")


def test_reading_says_what_is_late_and_what_is_near() -> None:
    clock = Clock(day("2026-11-05"), 28)
    for today, late, near, left in (
        ("2026-11-25", False, False, 8),
        ("2026-11-26", False, True, 7),
        ("2026-12-03", False, True, 0),
        ("2026-12-04", True, False, -1),
    ):
        reading = read_clock(clock, [], day(today))
        assert (reading.is_overdue, reading.is_due_soon, reading.days_left) == (late, near, left)
    held = read_clock(clock, [pause("2026-12-05")], day("2026-12-20"))
    assert (held.is_overdue, held.is_due_soon, held.due_on) == (False, False, day("2026-12-03"))


def test_next_pause_begins_where_the_last_ended() -> None:
    received = day("2026-11-05")
    assert next_pause_from([], received) == received
    assert next_pause_from([pause("2026-11-10", "2026-11-12"), pause("2026-11-06", "2026-11-07")], received) == day(
        "2026-11-12"
    )


starts = st.dates(dt.date(2023, 1, 1), dt.date(2027, 6, 30))
clocks = st.builds(Clock, starts, st.integers(1, 40), st.sampled_from(DayCount))


@st.composite
def clocks_with_pauses(draw: st.DrawFn) -> tuple[Clock, list[Pause]]:
    """A clock, and pauses after the day of receipt that do not overlap."""
    clock, found = draw(clocks), []
    start = clock.starts_on + dt.timedelta(days=1)
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4)):
        first = start + dt.timedelta(days=gap)
        start = first + dt.timedelta(days=length)
        found.append(Pause(first, start))
    return clock, found


def walked(clock: Clock, pauses: list[Pause]) -> dt.date:
    """The oracle: the day on which enough days have gone by that count and that no pause holds."""
    today, left = clock.starts_on, clock.days
    while left:
        today += dt.timedelta(days=1)
        is_held = any(each.starts_on <= today < (each.ends_on or dt.date.max) for each in pauses)
        if not is_held and (clock.counting == CALENDAR or is_working_day(today)):
            left -= 1
    return today


@given(given_clock=clocks_with_pauses())
def test_due_date_is_that_of_the_days_counted_one_by_one(given_clock: tuple[Clock, list[Pause]]) -> None:
    clock, pauses = given_clock
    assert settled_due_on(clock, pauses) == walked(clock, pauses)


@given(clock=clocks, begins=st.integers(0, 60), days=st.integers(0, 12))
def test_pausing_some_days_moves_the_date_by_as_many(clock: Clock, begins: int, days: int) -> None:
    first = clock.starts_on + dt.timedelta(days=begins)
    held = Pause(first, add_days(first, days, clock.counting))
    moved = days_between(first, held.ends_on or first, clock.counting)
    # A pause from a weekend reaches to the end of its last day, which is one working day more.
    assert moved in ({days} if clock.counting == CALENDAR or is_working_day(first) or not days else {days - 1})
    due = settled_due_on(clock, [held])
    expected = add_days(clock.first_due_on, moved if first <= clock.first_due_on else 0, clock.counting)
    assert due == expected


@given(given_clock=clocks_with_pauses(), order=st.randoms(use_true_random=False))
def test_order_of_the_pauses_does_not_matter(given_clock: tuple[Clock, list[Pause]], order: object) -> None:
    clock, pauses = given_clock
    mixed = list(pauses)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert settled_due_on(clock, mixed) == settled_due_on(clock, pauses)
