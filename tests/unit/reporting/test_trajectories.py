"""What is planned by quarter, and whether the plan's phases go as far: held against plain loops."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.dates import FinancialYear
from reporting.rules.reach import Cap, PlannedLine, reach
from reporting.rules.trajectories import YearPlan, last_planned, next_planned, planned_points, quarter_end

DAY = dt.date(2018, 3, 31)


def test_quarters_end_where_the_year_says():
    year = FinancialYear(2016)
    assert [quarter_end(year, n).isoformat() for n in range(4)] == [
        "2016-06-30", "2016-09-30", "2016-12-31", "2017-03-31",
    ]  # fmt: skip


def test_points_are_those_with_a_number_in_the_order_of_time():
    plans = [
        YearPlan(FinancialYear(2017), (None, 40, None, 60), "Plan of 2017"),
        YearPlan(FinancialYear(2016), (10, 20, None, 30), "Plan of 2016"),
    ]
    points = planned_points(plans)
    assert [(point.on.isoformat(), point.in_place) for point in points] == [
        ("2016-06-30", 10), ("2016-09-30", 20), ("2017-03-31", 30), ("2017-09-30", 40), ("2018-03-31", 60),
    ]  # fmt: skip
    assert last_planned(points, dt.date(2017, 3, 31)).in_place == 30
    assert next_planned(points, dt.date(2017, 3, 31)).in_place == 40
    assert last_planned(points, dt.date(2016, 6, 29)) is None
    assert next_planned(points, DAY) is None


def test_mark_tells_one_year_from_another():
    year = FinancialYear(2016)
    plans = [
        YearPlan(year, (1, None, 2, None), "a"),
        YearPlan(year, (None, 1, 2, None), "a"),
        YearPlan(year, (1, None, 2, None), "b"),
    ]
    assert len({plan.mark for plan in plans}) == 3


def line(code, starts_on="2016-04-01", ends_on=None):
    days = (each and dt.date.fromisoformat(each) for each in (starts_on, ends_on))
    return PlannedLine(code, *days)


def cap(people, code="", ends_on=None):
    return Cap(code, people, dt.date(2016, 4, 1), ends_on)


def test_room_of_a_cohort_is_its_cap_or_the_people_eligible():
    found = reach(DAY, [line("chc"), line("s117")], [cap(20, "s117")], eligible={"chc": 848, "s117": 90}, in_place={})
    assert [(room.cohort_code, room.most, room.is_capped) for room in found.rooms] == [
        ("chc", 848, False), ("s117", 20, True),
    ]  # fmt: skip
    assert found.most == 868


def test_cap_on_all_holds_beside_those_of_cohorts():
    lines = [line("chc"), line("s117")]
    caps = [cap(20, "s117"), cap(50), cap(70)]
    assert reach(DAY, lines, caps, eligible={"chc": 848}, in_place={}).most == 50
    assert reach(DAY, lines, caps, eligible={}, in_place={}).most == 50
    assert reach(DAY, lines, [], eligible={}, in_place={}).most is None
    assert reach(DAY, lines, [], eligible={}, in_place={}).unlimited == ("chc", "s117")


def test_only_what_holds_on_the_day_counts():
    lines = [
        line("chc", ends_on="2018-03-31"),
        line("ld", starts_on="2018-04-01"),
        line("mh", starts_on=None),
        line("ehc"),
    ]
    caps = [cap(5, "ehc", ends_on=dt.date(2018, 3, 30)), cap(9, "ehc", ends_on=DAY)]
    found = reach(DAY, lines, caps, eligible={}, in_place={"chc": 3, "ehc": 4})
    assert [(room.cohort_code, room.most) for room in found.rooms] == [("ehc", 9)]
    assert found.elsewhere == 3
    assert found.most == 12


codes = st.sampled_from(["chc", "ld", "mh"])
days = st.dates(dt.date(2016, 1, 1), dt.date(2020, 1, 1))
lines_ = st.lists(st.builds(PlannedLine, codes, days, st.none() | days), max_size=5)
caps_ = st.lists(st.builds(Cap, codes | st.just(""), st.integers(1, 40), days, st.none() | days), max_size=6)
counts_ = st.dictionaries(codes, st.integers(0, 40))


@given(lines_, caps_, counts_, counts_)
@settings(max_examples=80)
def test_no_register_that_the_plan_allows_has_more(lines, caps, eligible, in_place):
    """The most there can be, by filling each cohort one by one until a cap or a count refuses."""
    found = reach(DAY, lines, caps, eligible=eligible, in_place=in_place)
    offered = {
        each.cohort_code for each in lines if each.starts_on <= DAY and not (each.ends_on and each.ends_on <= DAY)
    }
    running = [each for each in caps if each.starts_on <= DAY and not (each.ends_on and each.ends_on < DAY)]
    going_on = sum(number for code, number in in_place.items() if code not in offered)

    def allowed(held):
        if any(held.get(each.cohort_code, 0) > each.people for each in running if each.cohort_code):
            return False
        if any(number > eligible.get(code, number) for code, number in held.items()):
            return False
        return all(sum(held.values()) + going_on <= each.people for each in running if not each.cohort_code)

    held = dict.fromkeys(offered, 0)
    for code in offered:
        while held[code] < 200 and allowed(held | {code: held[code] + 1}):
            held[code] += 1
    total = sum(held.values()) + going_on
    if found.most is None:
        assert any(number == 200 for number in held.values())
    elif going_on <= found.most:
        assert total == found.most
