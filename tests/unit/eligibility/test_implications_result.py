"""What of a result each reader may see, and what it costs."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.rules.implications_result import (
    COSTED,
    TOTAL,
    Average,
    RestsOn,
    Result,
    Row,
    cost_of,
    release,
    total_cost,
)
from eligibility.rules.resource_implications import Change
from phb_register.disclosure import ONE_TO_FOUR

AVERAGE = Average(Decimal("1000.50"), Decimal("900.00"), Decimal("1101.00"), 40, RestsOn.COMMISSIONER)


def row(code="A", *, people=None, referred=None, costed=None, average=AVERAGE):
    none = dict.fromkeys(Change, 0)
    people = none | (people or {})
    return Row(
        commissioner_code=code,
        commissioner_name=f"Commissioner {code}",
        cohort_code="chc",
        cohort_name="Continuing healthcare",
        people=people,
        referred=none | (referred or {}),
        costed={change: people[change] for change in COSTED} | (costed or {}),
        average=average,
    )


def result(*rows, missing=None, unchanged=100, nothing_known=50):
    changed = sum(sum(each.people.values()) for each in rows)
    return Result(
        people=changed + unchanged + nothing_known,
        referred=50 + sum(sum(each.referred.values()) for each in rows),
        nothing_known=nothing_known,
        unchanged=unchanged,
        rows=rows,
        missing=missing or {},
    )


def test_result_reads_back_as_it_was_kept():
    found = result(row(people={Change.COMES_IN: 7}), row("B", average=None), missing={"autism": 3})
    assert Result.from_dict(found.as_dict()) == found


def test_cost_is_people_times_the_average_and_less_for_those_who_fall_out():
    assert cost_of(AVERAGE, 10, Change.COMES_IN).mean == Decimal("10005.00")
    out = cost_of(AVERAGE, 10, Change.FALLS_OUT)
    assert (out.mean, out.low, out.high) == (Decimal("-10005.00"), Decimal("-11010.00"), Decimal("-9000.00"))
    both = total_cost([cost_of(AVERAGE, 10, Change.COMES_IN), out])
    assert (both.mean, both.low, both.high) == (0, Decimal("-2010.00"), Decimal("2010.00"))


def test_cost_of_nobody_is_nothing_and_leaves_a_range_whole():
    unbounded = replace(AVERAGE, low=None, high=None)
    assert cost_of(unbounded, 0, Change.COMES_IN).has_range
    assert not total_cost([cost_of(unbounded, 1, Change.COMES_IN), cost_of(AVERAGE, 1, Change.COMES_IN)]).has_range


def test_case_team_sees_everything():
    released = release(result(row(people={Change.COMES_IN: 3, Change.FALLS_OUT: 1})), None)
    assert released.cell("A/chc", Change.COMES_IN).text == "3"
    assert released.net_cost.mean == Decimal("2001.00")
    assert not released.is_anything_hidden


def test_small_number_is_hidden_with_its_cost_and_every_sum_it_could_be_taken_from():
    rows = (row("A", people={Change.COMES_IN: 3}), row("B", people={Change.COMES_IN: 20}))
    released = release(result(*rows), ONE_TO_FOUR)
    assert released.cell("A/chc", Change.COMES_IN).is_hidden
    assert ("A/chc", Change.COMES_IN) in released.hidden_costs
    assert released.total_costs[Change.COMES_IN] is None
    assert released.net_cost is None
    assert released.total_costs[Change.FALLS_OUT].mean == 0
    shown = [released.cell("B/chc", Change.COMES_IN), released.cell(TOTAL, Change.COMES_IN)]
    assert any(cell.is_hidden for cell in shown), "20 and 23 together would tell of the 3"


def test_cost_that_would_tell_how_few_have_a_budget_is_hidden():
    found = row(people={Change.COMES_IN: 20}, costed={Change.COMES_IN: 18})
    released = release(result(found), ONE_TO_FOUR)
    assert released.cell("A/chc", Change.COMES_IN).is_hidden or ("A/chc", Change.COMES_IN) in released.hidden_costs
    assert release(result(row(people={Change.COMES_IN: 20})), ONE_TO_FOUR).net_cost.mean == Decimal("20010.00")


def test_count_of_those_referred_is_hidden_where_few_were_not():
    found = row(people={Change.COMES_IN: 20}, referred={Change.COMES_IN: 18})
    released = release(result(found), ONE_TO_FOUR)
    key = "A/chc"
    assert released.cell(key, Change.COMES_IN).is_hidden or released.referred(key, Change.COMES_IN).is_hidden


def test_missing_fact_is_counted_so_that_nobody_few_can_be_taken_from_it():
    found = result(row(people={Change.NOT_SETTLED: 20}), missing={"autism": 18, "ehc_plan": 10})
    released = release(found, ONE_TO_FOUR)
    assert released.missing("autism").is_hidden or released.cell(TOTAL, Change.NOT_SETTLED).is_hidden
    assert released.missing("ehc_plan").text in {"10", "*"}


def test_row_without_an_average_is_left_out_and_said_so():
    rows = (row("A", people={Change.COMES_IN: 10}), row("B", people={Change.COMES_IN: 9}, average=None))
    released = release(result(*rows), None)
    assert released.uncosted
    assert released.net_cost.mean == Decimal("10005.00")
    assert not release(result(row("B", average=None)), None).uncosted


numbers = st.integers(0, 12)


@st.composite
def rows(draw, code):
    people = {change: draw(numbers) for change in Change}
    return row(
        code,
        people=people,
        referred={change: draw(st.integers(0, people[change])) for change in Change},
        costed={change: draw(st.integers(0, people[change])) for change in COSTED},
    )


@given(st.tuples(rows("A"), rows("B")))
@settings(max_examples=60)
def test_no_cost_is_shown_that_a_hidden_number_stands_behind(found):
    released = release(result(*found), ONE_TO_FOUR)
    for each in found:
        for change in COSTED:
            costed = each.costed[change]
            shown = released.costs.get((each.key, change))
            if shown is not None:
                assert not ONE_TO_FOUR.is_small(costed)
                # Whoever sees both numbers sees the rest, too.
                rest = each.people[change] - costed
                assert released.cell(each.key, change).is_hidden or not ONE_TO_FOUR.is_small(rest)
    for change in COSTED:
        if released.total_costs[change] is not None:
            assert all((each.key, change) in released.costs for each in found)


@pytest.mark.parametrize("seed", range(3))
def test_release_of_many_commissioners_is_quick(seed):
    """A page is drawn from it: many small numbers must not make the search for safe stars long."""
    chance = random.Random(seed)
    many = [row(f"C{place}", people={change: chance.randint(0, 30) for change in Change}) for place in range(50)]
    assert release(result(*many), ONE_TO_FOUR).is_anything_hidden
