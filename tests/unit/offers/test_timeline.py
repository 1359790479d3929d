"""Which cohorts go on from earlier phases."""

import datetime as dt

from offers.rules.timeline import Line, PhaseLines, continuing


def line(code: str, *, ends_on: dt.date | None = None) -> Line:
    return Line(code, code.upper(), "live", "Live", "", "", None, ends_on)


def phase(
    *codes: str, continues: bool = True, starts_on: dt.date | None = None, lines: tuple[Line, ...] = ()
) -> PhaseLines:
    return PhaseLines("", starts_on, None, "", continues, lines or tuple(line(code) for code in codes))


def test_continuing_nothing_before_the_first_phase() -> None:
    assert continuing([phase("chc")], 0) == []


def test_continuing_all_earlier_cohorts_once_in_order_of_arrival() -> None:
    phases = [phase("chc", "cc"), phase("ld", "ld"), phase("mh")]
    assert continuing(phases, 2) == ["CHC", "CC", "LD"]


def test_continuing_leaves_out_the_phases_own_cohorts() -> None:
    assert continuing([phase("chc", "ld"), phase("ld")], 1) == ["CHC"]


def test_continuing_nothing_where_the_phase_says_so() -> None:
    assert continuing([phase("chc"), phase("ld", continues=False)], 1) == []


def test_continuing_a_phase_without_lines_of_its_own() -> None:
    assert continuing([phase("chc"), phase()], 1) == ["CHC"]


def test_continuing_leaves_out_what_ended_by_the_first_day() -> None:
    start = dt.date(2017, 4, 1)
    ended, going = line("a", ends_on=start), line("b", ends_on=start + dt.timedelta(days=1))
    assert continuing([phase(lines=(ended, going)), phase("c", starts_on=start)], 1) == ["B"]


def test_continuing_an_ended_cohort_stays_where_the_phase_has_no_date() -> None:
    assert continuing([phase(lines=(line("a", ends_on=dt.date(2017, 4, 1)),)), phase()], 1) == ["A"]
