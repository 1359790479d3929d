"""The cells of the national return equal a naive loop, from the register and from a snapshot of it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import partial

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import PersonalHealthBudget
from phb_register.models import Person
from reporting.rules.counting import Breakdown, CountingPolicy, CountsFrom
from reporting.rules.returns import CELLS_BY_CODE, Change, cells, explained
from reporting.selectors import records
from reporting.selectors.return_standings import (
    courses_by_person,
    courses_of,
    holders_in,
    people_of,
    standings_of,
)
from reporting.selectors.scope import counted
from reporting.services.snapshots import freeze
from tests.factories.budgets import bare_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import cohort, make_spell
from tests.factories.reviews import make_review
from tests.integration.reporting.return_oracle import returned

# What brings somebody into a row; the other changes take them out of it.
ADDS = frozenset({Change.JOINED, Change.RECORDED_LATE, Change.MOVED_IN})
QUARTER_END, NEXT_END = dt.date(2016, 12, 31), dt.date(2017, 3, 31)
COHORTS = ("chc", "wheelchair", "ehc-plan", "long-term-condition")
DATES = st.dates(dt.date(2015, 10, 1), dt.date(2017, 4, 30))
SPELLS = st.fixed_dictionaries(
    {
        "holder": st.integers(0, 2),
        "cohort_code": st.sampled_from(COHORTS),
        "started_on": st.none() | DATES,
        "days": st.none() | st.integers(0, 400),
        "methods": st.sets(st.sampled_from(["notional", "third_party", "direct_payment"]), min_size=1, max_size=2),
        "is_fast_track": st.booleans(),
    }
)
POLICIES = st.builds(
    CountingPolicy,
    counts_notional=st.booleans(),
    breakdown=st.sampled_from(list(Breakdown)),
    counts_from=st.sampled_from(list(CountsFrom)),
    wheelchair_needs_review=st.booleans(),
)
FEW = settings(max_examples=8, deadline=None, phases=[Phase.generate, Phase.explicit])


class Register:
    """A register of three people, one of them a child, to which spells are added."""

    def __init__(self):
        self.icb, self.by = CommissionerFactory(), UserFactory()
        born = (dt.date(1960, 1, 1), dt.date(1998, 12, 31), dt.date(2010, 5, 5))
        self.people = [PersonFactory(commissioner=self.icb, born_on=each) for each in born]

    def add(self, spells):
        for spell in spells:
            given = dict(spell)
            person, lasted = self.people[given.pop("holder")], given.pop("days")
            start = given["started_on"] or dt.date(2016, 6, 1)
            end = start + dt.timedelta(days=lasted) if lasted is not None else None
            others = PersonalHealthBudget.objects.filter(person=person, cohort__code=given["cohort_code"])
            if not others.exists():
                make_spell(
                    self.icb,
                    person=person,
                    by=self.by,
                    agreed_on=start,
                    ended_on=end,
                    **(given | {"methods": tuple(sorted(given["methods"]))}),
                )

    def people_at(self, day, policy):
        return people_of(records.live(counted(self.icb, day)), policy)


def chosen_register():
    """Every case that the rules name: one a line, a person each unless they share one."""
    register = Register()
    icb, by, people = register.icb, register.by, register.people
    spell = partial(make_spell, icb, by=by)
    bare = partial(bare_budget, icb, by=by)
    both = people[0]
    spell(person=both, methods=("notional", "third_party"))
    spell(person=both, cohort_code="wheelchair", started_on=dt.date(2015, 12, 31), methods=("direct_payment",))
    spell(person=people[1], cohort_code="wheelchair", started_on=dt.date(2015, 12, 30))
    spell(person=people[2], cohort_code="continuing-care", started_on=QUARTER_END)
    spell(started_on=dt.date(2016, 10, 1), ended_on=dt.date(2016, 10, 1))
    spell(started_on=dt.date(2016, 4, 1), ended_on=dt.date(2016, 4, 2), methods=("direct_payment",))
    spell(started_on=dt.date(2016, 3, 1), ended_on=dt.date(2016, 4, 1))
    spell(started_on=dt.date(2016, 3, 1), ended_on=QUARTER_END, is_fast_track=True)
    spell(agreed_on=QUARTER_END, started_on=None, is_fast_track=True)
    spell(agreed_on=dt.date(2016, 10, 1), started_on=dt.date(2017, 1, 1), cohort_code="s117")
    spell(agreed_on=dt.date(2016, 10, 1), started_on=None, ended_on=dt.date(2016, 11, 1))
    spell(cohort_code="end-of-life", ended_on=dt.date(2017, 5, 1), method_ends_on=dt.date(2016, 7, 1))
    chc, ehcp = cohort("chc"), cohort("ehc-plan")
    june = {"agreed_on": dt.date(2016, 6, 1), "started_on": dt.date(2016, 6, 1)}
    bare(cohort=chc, nhs_percent=Decimal(60), **june)
    bare(cohort=ehcp, is_one_off=True, **june)
    reviewed = bare(cohort=cohort("wheelchair"), agreed_on=dt.date(2015, 1, 5), started_on=dt.date(2015, 2, 2))
    make_review(reviewed, dt.date(2016, 1, 4), by=make_team(icb))
    return register


class ReturnEqualsALoop(TestCase):
    def test_chosen_cases_under_every_switch(self):
        register = chosen_register()
        usual = CountingPolicy()
        turned = (
            ("counts_notional", False),
            ("breakdown", Breakdown.EACH),
            ("counts_joint", False),
            ("counts_one_off", False),
            ("counts_from", CountsFrom.STARTED),
            ("wheelchair_needs_review", False),
        )
        seen = set()
        for policy in (usual, *(replace(usual, **{field: position}) for field, position in turned)):
            for as_at in (QUARTER_END, NEXT_END):
                wanted, _ = returned(register.icb, as_at, policy)
                found = cells(standings_of(register.people_at(as_at, policy)), policy.breakdown)
                assert found == {code: wanted[code] for code in CELLS_BY_CODE}
                seen.add((as_at, *found.values()))
        assert len(seen) == 14, "a switch that changes nothing is not tested here"

    @FEW
    @given(st.lists(SPELLS, max_size=6), POLICIES, st.sampled_from([QUARTER_END, NEXT_END]))
    def test_cells_lists_and_a_snapshot_of_them(self, spells, policy, as_at):
        register = Register()
        register.add(spells)
        wanted, who = returned(register.icb, as_at, policy)
        found = register.people_at(as_at, policy)
        live = cells(standings_of(found), policy.breakdown)
        assert live == {code: wanted[code] for code in CELLS_BY_CODE}
        for code in who:
            ids = Person.objects.filter(pk__in=holders_in(found, CELLS_BY_CODE[code])).values_list("pk", flat=True)
            assert set(ids) == who[code]
        snapshot = freeze(commissioner=register.icb, as_at=as_at, by=None)
        frozen = standings_of(people_of(records.of_snapshot(snapshot), policy))
        assert cells(frozen, policy.breakdown) == live

    @FEW
    @given(st.lists(SPELLS, max_size=5), st.lists(SPELLS, max_size=3), POLICIES)
    def test_change_since_the_quarter_before_adds_up(self, spells, late, policy):
        register = Register()
        register.add(spells)
        before = freeze(commissioner=register.icb, as_at=QUARTER_END, by=None)
        was, _ = returned(register.icb, QUARTER_END, policy)
        register.add(late)
        is_, _ = returned(register.icb, NEXT_END, policy)
        three = {
            "returned": people_of(records.of_snapshot(before), policy),
            "known": register.people_at(QUARTER_END, policy),
            "now": register.people_at(NEXT_END, policy),
        }
        for basis, courses in courses_of(**three).items():
            for row in explained(courses, policy.breakdown):
                code = f"{basis}-{row.row}-everybody"
                assert (row.before, row.after) == (was[code], is_[code])
                moved = sum(people if change in ADDS else -people for change, people in row.changes.items())
                assert row.after - row.before == moved
            listed = courses_by_person(basis, **three)
            assert len(listed) == sum(people for course, people in courses.items() if course.returned != course.now)
