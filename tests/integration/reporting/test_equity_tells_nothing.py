"""No star of the equity lens can be worked out from the quarters that were released, nor that few came or left."""

import datetime as dt
from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR, Sum
from reporting import measures as m
from reporting.equity import Base, Counts, GroupBase
from reporting.equity_control import Names, Quarter, cells_of, joined_with_dashboard, joined_with_quarter
from reporting.ledger import Counts as Released
from reporting.models import CellState, ReleasedCell
from reporting.rules.equity_groups import Characteristic, by_ethnic_group, in_order
from reporting.selectors.equity_release import as_counts
from reporting.services.releases import shown
from tests.factories.phb_register import CommissionerFactory
from tests.support.reader import Reader

pytestmark = pytest.mark.django_db
ENDS = [dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)]
EVERYBODY = Names("equity")
#: Of whom nobody changes: women and men, of the most and the least deprived fifth.
KINDS = list(product(("female", "male"), ("1", "5")))
NOT_COUNTED = GroupBase(Base.NOT_KNOWN, remedy="Count them")
few = st.integers(0, 7)


@st.composite
def registers(draw):
    """At the end of each quarter: of each kind of people how many are in place, came in it and left in it."""
    now = {kind: draw(few) for kind in KINDS}
    found = {ENDS[0]: (dict(now), {}, {})}
    for end in ENDS[1:]:
        came = {kind: draw(few) for kind in KINDS}
        left = {kind: draw(st.integers(0, now[kind])) for kind in KINDS}
        now = {kind: now[kind] + came[kind] - left[kind] for kind in KINDS}
        found[end] = (dict(now), came, left)
    return found


def groups(kinds, which):
    """People by sex or by deprivation; everybody is 50, British and lives nowhere in particular."""
    numbers = Counter()
    for (sex, fifth), number in kinds.items():
        of = {Characteristic.SEX: sex, Characteristic.DEPRIVATION: fifth, Characteristic.AGE: "45-64"}
        numbers[of.get(which, "not-known" if which == Characteristic.LOCALITY else "A")] += number
    return in_order(which, numbers)


def by_group(kinds):
    found = {each: groups(kinds, each) for each in Characteristic if each != Characteristic.ETHNIC_GROUP}
    return found | {Characteristic.ETHNIC_GROUP: by_ethnic_group(found[Characteristic.ETHNIC_CATEGORY])}


def quarter_of(register, first, last, here):
    _, came, left = register[last]
    at = {day: "" if day == here else f"@{day}" for day in (first, last)}
    return Quarter(at[first], at[last], by_group(came), by_group(left), sum(came.values()), sum(left.values()))


def release(body, register, end, before):
    """The dashboard of a quarter's end and then its groups, beside the quarters that were released `before`."""
    people, came, left = register[end]
    number = sum(people.values())
    dashboard = {m.PEOPLE_IN_PLACE.code: number, m.ADULTS_IN_PLACE.code: number, m.CHILDREN_IN_PLACE.code: 0}
    sums = [Sum(m.PEOPLE_IN_PLACE.code, (m.ADULTS_IN_PLACE.code, m.CHILDREN_IN_PLACE.code))]
    unseen = {}
    if end != ENDS[0]:
        new, ended = m.NEW_IN_QUARTER.code, m.ENDED_IN_QUARTER.code
        dashboard |= {new: sum(came.values()), ended: sum(left.values())}
        unseen = {f"{m.PEOPLE_IN_PLACE.code}@{ENDS[ENDS.index(end) - 1]}": number - dashboard[new] + dashboard[ended]}
        sums.append(Sum(m.PEOPLE_IN_PLACE.code, (*unseen, new), (ended,)))
    counts = Released(dashboard | unseen, sums, unseen=set(unseen), headlines=[m.PEOPLE_IN_PLACE.code])
    shown(body, end, "uptake", purpose="test", to=None, count=lambda: counts)
    tables = {each: Counts(each, numbers, NOT_COUNTED) for each, numbers in by_group(people).items()}
    cells = joined_with_dashboard(cells_of(tables, EVERYBODY), EVERYBODY, people=number, children=0)
    for first, last in pairwise(ENDS):
        if end in (first, last) and {first, last} - {end} <= before:
            cells = joined_with_quarter(cells, EVERYBODY, quarter_of(register, first, last, end))
    shown(body, end, EVERYBODY.part, purpose="test", to=None, count=lambda: as_counts(cells))


def all_that_is_known(body, register, ends):
    reader = Reader()
    lasting = (Characteristic.SEX, Characteristic.DEPRIVATION)
    for end in ends:
        for each, numbers in by_group(register[end][0]).items():
            reader.knows(f"{end} people_in_place", [f"{end} {EVERYBODY.people(each, group)}" for group in numbers])
        reader.knows(f"{end} people_in_place", [f"{end} adults_in_place", f"{end} children_in_place"])
        reader.knows(f"{end} people_in_place", [f"{end} equity/all"])
    secrets = []
    for first, last in pairwise(ENDS):
        if {first, last} <= set(ends):
            for each in lasting:
                flows = {"came": groups(register[last][1], each), "left": groups(register[last][2], each)}
                for group in flows["came"]:
                    name = EVERYBODY.people(each, group)
                    came, left = (f"{last} {each} {group} {what}" for what in flows)
                    reader.knows(f"{last} {name}", [f"{first} {name}", came], [left])
                    secrets += [came] * ONE_TO_FOUR.is_small(flows["came"][group])
                    secrets += [left] * ONE_TO_FOUR.is_small(flows["left"][group])
                for what, total in (("came", m.NEW_IN_QUARTER.code), ("left", m.ENDED_IN_QUARTER.code)):
                    reader.knows(f"{last} {total}", [f"{last} {each} {group} {what}" for group in flows[what]])
    for cell in ReleasedCell.objects.filter(commissioner=body):
        name = f"{cell.as_at} {cell.key}"
        if cell.state == CellState.SHOWN:
            reader.sees(name, cell.value)
        else:
            reader.sees_star(name, cell.value)
            secrets.append(name)
    return reader, secrets


@given(registers(), st.permutations(ENDS), st.integers(1, 3))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_star_and_no_few_who_came_or_left_can_be_worked_out_from_all_quarters(register, order, number):
    body = CommissionerFactory()
    before = set()
    for end in order[:number]:
        release(body, register, end, before)
        before.add(end)
    reader, secrets = all_that_is_known(body, register, order[:number])
    assert [each for each in secrets if reader.can_tell_sum({each: 1})] == []
