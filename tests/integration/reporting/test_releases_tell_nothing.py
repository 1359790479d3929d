"""No hidden number can be worked out from all that was ever released: of a commissioner, of others, of other dates."""

import datetime as dt
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR, Sum
from phb_register.models import PartnershipMember
from reporting.ledger import Counts
from reporting.models import CellState, ReleasedCell
from reporting.services.releases import shown
from tests.factories.phb_register import CommissionerFactory
from tests.support.reader import Reader

pytestmark = pytest.mark.django_db
BEFORE = dt.date(2026, 3, 31)
DATES = [dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 30)]
YEAR = (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
COHORTS = ("a", "b", "c")
MEMBERS = ("first", "second")
GROWING = ("so_far", "began", "ended")
HIDDEN = {CellState.SMALL, CellState.PROTECTS}
few = st.integers(0, 6)


@st.composite
def registers(draw):
    """Of each member: who is in place by cohort before the year and at each date, who began, who ended."""
    found = {}
    for member in MEMBERS:
        now = {cohort: draw(few) for cohort in COHORTS}
        found[member, BEFORE] = {"cohorts": dict(now), "began": 0, "ended": 0}
        began = ended = 0
        for date in DATES:
            for cohort in COHORTS:
                more, less = draw(few), draw(st.integers(0, now[cohort]))
                now[cohort] += more - less
                began, ended = began + more, ended + less
            found[member, date] = {"cohorts": dict(now), "began": began, "ended": ended}
    return found


def numbers(register, name, date):
    """Every number of a member, or of both together."""
    rows = [register[member, date] for member in (MEMBERS if name == "whole" else [name])]
    by = {f"by/{cohort}": sum(row["cohorts"][cohort] for row in rows) for cohort in COHORTS}
    flows = {key: sum(row[key] for row in rows) for key in ("began", "ended")}
    in_place = sum(by.values())
    before = sum(
        sum(register[member, BEFORE]["cohorts"].values()) for member in (MEMBERS if name == "whole" else [name])
    )
    return by | flows | {"in_place": in_place, "so_far": before + flows["began"]}


def counts(register, name, date):
    found = numbers(register, name, date)
    by = tuple(key for key in found if key.startswith("by/"))
    base = f"in_place@{BEFORE}"
    return Counts(
        {**found, "left": found["so_far"] - found["in_place"], base: found["so_far"] - found["began"]},
        [
            Sum("in_place", by),
            Sum("so_far", ("in_place", "left")),
            Sum("in_place", (base, "began"), ("ended",)),
        ],
        unseen={"left", base},
        headlines=["in_place"],
        to_date=dict.fromkeys(("so_far", "began", "ended"), YEAR),
        adds_up={*found, base},
    )


def all_that_is_known(register, bodies):
    """A reader who saw every release so far, and what each number became that was released."""
    reader = Reader()
    for name in bodies:
        for date in DATES:
            at = {key: f"{name} {date} {key}" for key in numbers(register, name, date)}
            reader.knows(at["in_place"], [value for key, value in at.items() if key.startswith("by/")])
            reader.knows(at["in_place"], [f"{name} base", at["began"]], [at["ended"]])
            reader.knows(at["so_far"], [at["in_place"], f"{name} {date} left"])
        for earlier, later in pairwise(DATES):
            for key in GROWING:
                reader.knows(f"{name} {later} {key}", [f"{name} {earlier} {key}", f"{name} {later} {key} since"])
    for date in DATES:
        for key in numbers(register, "whole", date):
            reader.knows(f"whole {date} {key}", [f"{member} {date} {key}" for member in MEMBERS])
    reader.knows("whole base", [f"{member} base" for member in MEMBERS])
    names = {body.pk: name for name, body in bodies.items()}
    became = {}
    for cell in ReleasedCell.objects.filter(commissioner__in=names):
        name = f"{names[cell.commissioner_id]} {cell.as_at} {cell.key}"
        became[name] = cell.state
        if cell.state == CellState.SHOWN:
            reader.sees(name, cell.value)
        else:
            reader.sees_star(name, cell.value)
    return reader, became


def secrets(register, bodies, became):
    """Every star; every small number that was not released; and by how few a number grew, shown or not."""
    for name in bodies:
        at = {date: numbers(register, name, date) for date in DATES}
        for date in DATES:
            for key, value in at[date].items():
                state = became.get(f"{name} {date} {key}")
                if state in HIDDEN or (state is None and ONE_TO_FOUR.is_small(value)):
                    yield {f"{name} {date} {key}": 1}
        for earlier, later in combinations(DATES, 2):
            for key in GROWING:
                if ONE_TO_FOUR.is_small(at[later][key] - at[earlier][key]):
                    yield {f"{name} {later} {key}": 1, f"{name} {earlier} {key}": -1}


def partnership():
    bodies = {name: CommissionerFactory() for name in MEMBERS}
    bodies["whole"] = CommissionerFactory(kind="partnership")
    for member in MEMBERS:
        PartnershipMember.objects.create(partnership=bodies["whole"], member=bodies[member], starts_on=BEFORE)
    return bodies


@given(registers(), st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_star_and_no_small_difference_can_be_worked_out_from_all_releases(register, data):
    bodies = partnership()
    releases = st.tuples(st.sampled_from(sorted(bodies)), st.sampled_from(DATES))
    for name, date in data.draw(st.lists(releases, min_size=3, max_size=9, unique=True)):
        shown(
            bodies[name], date, "uptake", purpose="test", to=None, count=lambda at=(name, date): counts(register, *at)
        )
    reader, became = all_that_is_known(register, bodies)
    assert [each for each in secrets(register, bodies, became) if reader.can_tell_sum(each)] == []
