"""What became of each promise of the edition before, as at a day."""

import datetime as dt
from typing import Any

import pytest

from offers.rules.progress import progress
from tests.unit.offers.test_differences import line, phase, snapshot

AS_AT = dt.date(2017, 9, 21)
YEAR = {"starts_on": "2017-04-01", "ends_on": "2018-03-31"}
OVER = {"starts_on": "2016-04-01", "ends_on": "2017-03-31"}


def become(was: dict[str, Any], now: dict[str, Any] | None, **dates: Any) -> tuple[str, str]:
    """What became of a line of a phase that is a line of it still."""
    after = [now] if now else []
    [found] = progress(
        snapshot(timeline=[phase("P", was, **dates)]), snapshot(timeline=[phase("P", *after, **dates)]), as_at=AS_AT
    )
    return found.standing.value, found.reached


@pytest.mark.parametrize(
    ("was", "now", "dates", "standing", "reached"),
    [
        (line(), line(status="live"), YEAR, "reached", "Offered since 1 April 2017"),
        (line(status="scoping"), line(status="live"), {}, "reached", "Offered now"),
        (line(status="live"), line(status="live"), OVER, "kept", "Still offered, since 1 April 2016"),
        (line(status="live"), line(status="live"), {}, "kept", "Still offered"),
        (line(), line(status="live", starts_on="2017-10-01"), YEAR, "not-due", "Will be offered from 1 October 2017"),
        (line(), line(), YEAR, "late", "Still planned, due on 1 April 2017"),
        (
            line(starts_on="2017-09-21"),
            line(starts_on="2017-09-21"),
            YEAR,
            "late",
            "Still planned, due on 21 September 2017",
        ),
        (
            line(starts_on="2017-09-22"),
            line(starts_on="2017-09-22"),
            YEAR,
            "not-due",
            "Still planned, due on 22 September 2017",
        ),
        (line(), line(status="proposed"), YEAR, "late", "Now proposed, due on 1 April 2017"),
        (line(), line(), {}, "not-due", "Still planned"),
        (line(status="scoping"), line(), YEAR, "further", "Now planned"),
        (line(status="scoping"), line(status="proposed"), YEAR, "back", "Now proposed"),
        (line(status="scoping"), line(status="scoping"), OVER, "late", "Still scoping, due on 1 April 2017"),
        (line(status="live"), line(status="planned"), YEAR, "dropped", "Not offered any more: planned"),
        (
            line(status="live"),
            line(status="live", ends_on="2017-09-21"),
            {},
            "ended",
            "Offered until 20 September 2017",
        ),
        (line(status="live"), line(status="live", ends_on="2017-09-22"), {}, "kept", "Still offered"),
        (line(), None, YEAR, "dropped", "Not in the plan any more"),
    ],
)
def test_progress_of_a_line(
    was: dict[str, Any], now: dict[str, Any] | None, dates: dict[str, str], standing: str, reached: str
) -> None:
    assert become(was, now, **dates) == (standing, reached)


def test_progress_of_a_line_that_was_put_off() -> None:
    was = snapshot(timeline=[phase("2017/18", line(note="By need", source="Paragraph 3"), **YEAR), phase("Later")])
    now = snapshot(timeline=[phase("2017/18", **YEAR), phase("Later", line())])
    [found] = progress(was, now, as_at=AS_AT)
    assert (found.phase, found.cohort, found.promised) == ("2017/18", "CHC", "Planned, from 1 April 2017")
    assert (found.standing, found.reached) == ("moved", "Moved to Later: planned")


def test_progress_says_each_promise_once_and_nothing_of_what_is_new() -> None:
    was = snapshot(timeline=[phase("A", line("chc"), line("chc", note="Too")), phase("B", line("s117"))])
    now = snapshot(timeline=[phase("B", line("wheelchair")), phase("A", line("chc", note="Too"))])
    found = progress(was, now, as_at=AS_AT)
    assert [(each.phase, each.cohort) for each in found] == [("A", "CHC"), ("A", "CHC"), ("B", "S117")]
    assert len({each.key for each in found}) == 3
    assert [each.promised for each in found] == ["Planned", "Planned. Too", "Planned"]
