"""What the timeline of a local offer lets a rule set give."""

import datetime as dt

import pytest

from eligibility.rules import LineStatus, OfferLine, Outcome
from eligibility.rules.offer_lines import offered

START = dt.date(2017, 4, 1)
BEFORE = dt.date(2017, 3, 31)


def line(status=LineStatus.LIVE, starts_on=START, ends_on=None, cohort="s117"):
    return OfferLine(cohort, status, starts_on, ends_on, "2017/18", "para 1")


@pytest.mark.parametrize("status", list(LineStatus))
def test_line_that_has_not_started_is_not_yet_offered_whatever_its_status(status):
    found = offered("s117", Outcome.MAY_REQUEST, [line(status)], BEFORE)

    assert (found.outcome, found.offered_from) == (Outcome.NOT_YET_OFFERED, START)


@pytest.mark.parametrize("status", [LineStatus.PLANNED, LineStatus.SCOPING, LineStatus.PROPOSED])
def test_started_line_that_is_not_live_gives_consideration_at_most(status):
    found = offered("s117", Outcome.MAY_REQUEST, [line(status)], START)

    assert (found.outcome, found.offered_from) == (Outcome.MAY_BE_CONSIDERED, None)


@pytest.mark.parametrize("gives", [Outcome.MAY_REQUEST, Outcome.MAY_BE_CONSIDERED])
def test_live_line_gives_what_the_rule_set_says(gives):
    assert offered("s117", gives, [line()], START).outcome is gives


def test_line_of_another_cohort_gives_nothing():
    assert offered("wheelchair", Outcome.MAY_REQUEST, [line()], START).outcome is Outcome.NOT_OFFERED


def test_line_ends_the_day_before_its_end():
    ending = line(ends_on=dt.date(2018, 4, 1))

    assert offered("s117", Outcome.MAY_REQUEST, [ending], dt.date(2018, 3, 31)).outcome is Outcome.MAY_REQUEST
    assert offered("s117", Outcome.MAY_REQUEST, [ending], dt.date(2018, 4, 1)).outcome is Outcome.NOT_OFFERED


def test_strongest_line_counts_and_the_first_of_those_to_come():
    later = line(starts_on=dt.date(2018, 4, 1))
    planned = line(LineStatus.PLANNED)

    assert offered("s117", Outcome.MAY_REQUEST, [later, planned], START).outcome is Outcome.MAY_BE_CONSIDERED
    assert offered("s117", Outcome.MAY_REQUEST, [later, planned], BEFORE).offered_from == START
    assert offered("s117", Outcome.MAY_REQUEST, [planned, line()], START).outcome is Outcome.MAY_REQUEST


def test_line_without_a_date_is_to_come_unless_it_is_live():
    undated = offered("s117", Outcome.MAY_REQUEST, [line(LineStatus.PLANNED, starts_on=None)], START)

    assert (undated.outcome, undated.offered_from) == (Outcome.NOT_YET_OFFERED, None)
    assert offered("s117", Outcome.MAY_REQUEST, [line(starts_on=None)], START).outcome is Outcome.MAY_REQUEST
