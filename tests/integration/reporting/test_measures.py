"""Each measure equals a naive loop over the same rows: on chosen cases, and on random registers with successions."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from phb_register.models import CommissionerKind, PartnershipMember, Succession
from reporting import measures as m
from reporting.rules.counting import DEFAULT_POLICY, Breakdown, CountingPolicy, CountsFrom
from reporting.rules.filters import Filters
from reporting.selectors.figures import figures_for
from reporting.selectors.people import people_rows
from reporting.selectors.scope import NOT_NARROWED, counted
from reporting.selectors.series import months_in_place
from tests.factories.pathway import bare_review
from tests.factories.phb_register import CommissionerFactory, PersonFactory, PopulationFactory, UserFactory
from tests.factories.reporting import CountingPolicyFactory, EligiblePopulationFactory, TargetFactory, make_spell
from tests.integration.reporting.oracle import in_place, measured, rounded

AS_AT = dt.date(2017, 2, 7)
CLOSED_ON = dt.date(2017, 6, 30)


def figures(commissioner, as_at=AS_AT):
    return figures_for(counted(commissioner, as_at))


@pytest.fixture
def icb():
    return CommissionerFactory()


@pytest.mark.django_db
def test_in_place_from_the_first_day_until_the_day_it_ends(icb):
    make_spell(icb, started_on=dt.date(2017, 2, 7), ended_on=dt.date(2017, 2, 9))
    days = [dt.date(2017, 2, day) for day in (6, 7, 8, 9)]
    assert [figures(icb, day).phbs_in_place for day in days] == [0, 1, 1, 0]


@pytest.mark.django_db
def test_agreed_until_it_starts_and_never_in_place_before(icb):
    make_spell(icb, agreed_on=dt.date(2017, 2, 1), started_on=dt.date(2017, 2, 7))
    days = [dt.date(2017, 1, 31), dt.date(2017, 2, 6), dt.date(2017, 2, 7)]
    found = [figures(icb, day) for day in days]
    assert [(each.phbs_agreed, each.phbs_in_place) for each in found] == [(0, 0), (1, 0), (0, 1)]


@pytest.mark.django_db
def test_agreed_that_never_started_ends(icb):
    make_spell(icb, agreed_on=dt.date(2017, 1, 1), started_on=None, ended_on=dt.date(2017, 2, 1))
    assert figures(icb, dt.date(2017, 1, 31)).phbs_agreed == 1
    assert figures(icb, dt.date(2017, 2, 1)).phbs_agreed == 0


@pytest.mark.django_db
def test_somebody_with_two_budgets_is_two_budgets_and_one_person(icb):
    person = PersonFactory(commissioner=icb)
    make_spell(icb, person=person, methods=("notional",))
    make_spell(icb, person=person, cohort_code="wheelchair", methods=("direct_payment",))
    found = figures(icb)
    assert (found.phbs_in_place, found.people_in_place, found.people_year_to_date) == (2, 1, 1)
    assert found.by_method == {"notional": 0, "third_party": 0, "direct_payment": 1}
    assert (found.by_cohort["chc"], found.by_cohort["wheelchair"]) == (1, 1)


@pytest.mark.django_db
def test_mixed_budget_counts_once_under_direct_payment(icb):
    make_spell(icb, methods=("notional", "third_party", "direct_payment"))
    make_spell(icb, methods=("notional", "third_party"))
    assert figures(icb).by_method == {"notional": 0, "third_party": 1, "direct_payment": 1}


@pytest.mark.django_db
def test_method_that_has_ended_no_longer_counts(icb):
    phb = make_spell(icb, methods=("direct_payment",))
    with transaction.atomic():
        phb.method_parts.update(ends_on=AS_AT)
        phb.method_parts.create(method="notional", starts_on=AS_AT, annual_amount=Decimal(1000))
    assert figures(icb, AS_AT - dt.timedelta(days=1)).by_method["direct_payment"] == 1
    assert figures(icb, AS_AT).by_method == {"notional": 1, "third_party": 0, "direct_payment": 0}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born_on", "as_at", "children"),
    [
        (dt.date(1999, 2, 8), dt.date(2017, 2, 7), 1),
        (dt.date(1999, 2, 7), dt.date(2017, 2, 7), 0),
        (dt.date(2000, 2, 29), dt.date(2018, 2, 28), 1),
        (dt.date(2000, 2, 29), dt.date(2018, 3, 1), 0),
        (dt.date(2002, 2, 28), dt.date(2020, 2, 29), 0),
        (dt.date(2002, 3, 1), dt.date(2020, 2, 29), 1),
    ],
)
def test_children_are_under_eighteen_on_the_as_at_date(icb, born_on, as_at, children):
    make_spell(icb, person=PersonFactory(commissioner=icb, born_on=born_on))
    assert figures(icb, as_at).children_in_place == children


@pytest.mark.django_db
def test_year_to_date_begins_on_the_first_of_april(icb):
    make_spell(icb, started_on=dt.date(2015, 5, 1), ended_on=dt.date(2016, 4, 1))
    make_spell(icb, started_on=dt.date(2015, 5, 1), ended_on=dt.date(2016, 4, 2))
    make_spell(icb, started_on=dt.date(2016, 5, 1), ended_on=dt.date(2016, 5, 1))
    assert figures(icb).people_year_to_date == 1


@pytest.mark.django_db
def test_chc_uptake_leaves_care_homes_out_of_both_numbers(icb):
    EligiblePopulationFactory(commissioner=icb)
    EligiblePopulationFactory(commissioner=icb, setting="care_home", people=1000, fast_track_people=0)
    for _ in range(3):
        make_spell(icb)
    make_spell(icb, is_fast_track=True)
    make_spell(icb, lives_in="care_home")
    make_spell(icb, cohort_code="s117")
    found = figures(icb)
    assert found.chc_uptake_including_fast_track == m.Ratio(4, 500)
    assert found.chc_uptake_excluding_fast_track == m.Ratio(3, 276)
    assert found.chc_uptake_including_fast_track.percent == Decimal("0.8")
    assert found.chc_uptake_excluding_fast_track.percent == Decimal("1.1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counted_on", "denominator"),
    [
        (AS_AT, 500),
        (AS_AT - dt.timedelta(days=366), 500),
        (AS_AT - dt.timedelta(days=367), None),
        (AS_AT + dt.timedelta(days=1), None),
    ],
)
def test_eligible_people_are_those_counted_in_the_year_before(icb, counted_on, denominator):
    EligiblePopulationFactory(commissioner=icb, counted_on=counted_on)
    uptake = figures(icb).chc_uptake_including_fast_track
    assert uptake.denominator == denominator
    assert bool(uptake.why_unknown) == (denominator is None)


@pytest.mark.django_db
def test_partnership_adds_up_eligible_people_only_where_all_members_have_them():
    partnership, members = make_partnership()
    EligiblePopulationFactory(commissioner=members[0])
    assert figures(partnership).chc_eligible.people is None
    EligiblePopulationFactory(commissioner=members[1], people=300, fast_track_people=100)
    assert (figures(partnership).chc_eligible.people, figures(partnership).chc_eligible.fast_track) == (800, 324)
    EligiblePopulationFactory(commissioner=partnership, people=700, fast_track_people=300)
    assert figures(partnership).chc_eligible.people == 700


@pytest.mark.django_db
def test_partnership_uses_its_own_population_and_never_mixes_bases():
    partnership, members = make_partnership()
    assert figures(partnership).population.people is None
    PopulationFactory(commissioner=members[0], people=365_000)
    assert "Not all its members" in figures(partnership).population.remedy
    other = PopulationFactory(commissioner=members[1], people=318_000, basis="resident")
    assert "different bases" in figures(partnership).population.remedy
    other.basis = "registered"
    other.save()
    assert figures(partnership).population.people == 683_000
    PopulationFactory(commissioner=partnership, people=640_000, basis="resident")
    assert figures(partnership).population.people == 640_000


@pytest.mark.django_db
def test_population_is_the_latest_on_or_before_the_date(icb):
    PopulationFactory(commissioner=icb, people=900_000, counted_on=dt.date(2016, 4, 1))
    PopulationFactory(commissioner=icb, people=950_000, counted_on=AS_AT)
    assert figures(icb, AS_AT - dt.timedelta(days=1)).population.people == 900_000
    assert figures(icb).population.people == 950_000


@pytest.mark.django_db
def test_rate_target_and_gap(icb):
    PopulationFactory(commissioner=icb, people=1_011_000)
    for _ in range(3):
        make_spell(icb)
    found = figures(icb)
    assert (found.rate_per_1000, found.target_low, found.target_high) == (Decimal("0.003"), 1011, 2022)
    assert found.gap_to_low == 1008


@pytest.mark.django_db
def test_target_is_the_one_in_force_on_the_date(icb):
    PopulationFactory(commissioner=icb, people=100_000)
    TargetFactory(commissioner=icb, low_rate=Decimal("1.5"), high_rate=3, applies_from=dt.date(2017, 1, 1))
    TargetFactory(commissioner=icb, low_rate=4, high_rate=5, applies_from=dt.date(2017, 3, 1))
    assert (figures(icb, dt.date(2016, 12, 31)).target_low, figures(icb).target_low) == (100, 150)


@pytest.mark.django_db
def test_nobody_and_no_population_are_not_known_rather_than_nought(icb):
    found = figures(icb)
    assert (found.phbs_in_place, found.rate_per_1000, found.target_low, found.gap_to_low) == (0, None, None, None)
    assert found.chc_uptake_including_fast_track.percent is None
    assert months_in_place(counted(icb, AS_AT)) == []


@pytest.mark.django_db
def test_another_commissioners_budgets_do_not_count(icb):
    make_spell(CommissionerFactory())
    assert figures(icb).phbs_in_place == 0


@pytest.mark.django_db
def test_months_count_what_is_in_place_at_the_end_of_each(icb):
    make_spell(icb, started_on=dt.date(2016, 11, 30), ended_on=dt.date(2016, 12, 31))
    make_spell(icb, started_on=dt.date(2016, 12, 31))
    make_spell(icb, started_on=dt.date(2017, 1, 2), ended_on=AS_AT)
    make_spell(icb, started_on=AS_AT)
    make_spell(icb, started_on=AS_AT + dt.timedelta(days=1))
    make_spell(icb, agreed_on=dt.date(2016, 10, 1), started_on=None, ended_on=dt.date(2016, 11, 1))
    months = months_in_place(counted(icb, AS_AT))
    assert [(month.on.isoformat(), month.in_place, month.started, month.ended) for month in months] == [
        ("2016-11-30", 1, 1, 0),
        ("2016-12-31", 1, 1, 1),
        ("2017-01-31", 2, 1, 0),
        ("2017-02-07", 2, 1, 1),
    ]


def make_partnership(closed_on=None):
    """A partnership of two CCGs; with `closed_on`, an ICB takes over from both and takes their place in it."""
    members = [CommissionerFactory(kind=CommissionerKind.CCG, closed_on=closed_on) for _ in range(2)]
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    end = closed_on and closed_on + dt.timedelta(days=1)
    for member in members:
        PartnershipMember.objects.create(
            partnership=partnership, member=member, starts_on=dt.date(2013, 4, 1), ends_on=end
        )
    if closed_on:
        heir = CommissionerFactory(opened_on=end)
        for member in members:
            Succession.objects.create(predecessor=member, successor=heir, took_effect_on=end)
        PartnershipMember.objects.create(partnership=partnership, member=heir, starts_on=end)
        members.append(heir)
    return partnership, members


@pytest.mark.django_db
def test_successor_counts_its_predecessors_from_the_day_after_they_close():
    partnership, (first, second, heir) = make_partnership(CLOSED_ON)
    make_spell(first)
    make_spell(second, cohort_code="s117")
    make_spell(heir, started_on=CLOSED_ON + dt.timedelta(days=1))
    before, after = CLOSED_ON, CLOSED_ON + dt.timedelta(days=1)
    who = (first, second, heir, partnership)
    assert [figures(each, before).phbs_in_place for each in who] == [1, 1, 0, 2]
    assert [figures(each, after).phbs_in_place for each in who] == [0, 0, 3, 3]


@st.composite
def spells(draw):
    agreed_on = draw(st.dates(dt.date(2016, 1, 1), CLOSED_ON))
    waits = draw(st.sampled_from([None, 0, 0, 1, 40, 200]))
    started_on = None if waits is None else agreed_on + dt.timedelta(days=waits)
    lasts = draw(st.sampled_from([None, None, 0, 1, 60, 300]))
    return {
        "agreed_on": agreed_on,
        "started_on": started_on,
        "ended_on": None if lasts is None else (started_on or agreed_on) + dt.timedelta(days=lasts),
        "body": draw(st.integers(0, 1)),
        "person": draw(st.integers(0, 1)),
        "methods": tuple(draw(st.sets(st.sampled_from(["notional", "third_party", "direct_payment"]), min_size=1))),
        "is_fast_track": draw(st.booleans()),
        "lives_in": draw(st.sampled_from(["home", "home", "care_home"])),
        "is_one_off": draw(st.booleans()),
        "nhs_percent": draw(st.sampled_from([100, 100, 60])),
        "reviewed_after": draw(st.none() | st.integers(30, 500)),
    }


policies = st.builds(
    CountingPolicy,
    counts_notional=st.booleans(),
    breakdown=st.sampled_from(Breakdown),
    counts_joint=st.booleans(),
    counts_one_off=st.booleans(),
    counts_from=st.sampled_from(CountsFrom),
    wheelchair_needs_review=st.booleans(),
)
filters = st.builds(
    Filters,
    cohort=st.sampled_from(["", "", "", "chc", "wheelchair"]),
    method=st.sampled_from(["", "", "notional", "third_party", "direct_payment", "not_recorded"]),
    age_group=st.sampled_from(["", "", "adults", "children"]),
    funding=st.sampled_from(["", "", "nhs", "joint"]),
)
COHORTS = ("chc", "continuing-care", "s117", "wheelchair", "chc", "chc", "s117")


def days_to_look_at(planned, edges):
    """Days on which something changes, or the day before or after; what is counted is wrong there first."""
    changes = {day for plan in planned for day in (plan["agreed_on"], plan["started_on"], plan["ended_on"]) if day}
    changes |= {dt.date(year, month, 1) for year in (2016, 2017, 2018) for month in (4, 7)}
    changes |= {CLOSED_ON, dt.date(2018, 2, 28)}
    ordered = sorted(changes)
    return [ordered[number % len(ordered)] + dt.timedelta(days=offset) for number, offset in edges]


class RandomRegisters(TestCase):
    """Seven budgets of few people with any dates, of two CCGs that merge, around the days when something changes."""

    @given(
        planned=st.lists(spells(), min_size=5, max_size=7),
        births=st.lists(st.dates(dt.date(1997, 1, 1), dt.date(2003, 1, 1)), min_size=2, max_size=2),
        edges=st.lists(st.tuples(st.integers(0, 99), st.integers(-1, 1)), min_size=3, max_size=3),
        only=filters,
        policy=st.just(DEFAULT_POLICY) | policies,
    )
    @settings(max_examples=7, deadline=None, phases=[Phase.explicit, Phase.generate])
    def test_figures_lists_and_series_equal_the_oracle(self, planned, births, edges, only, policy):
        partnership, bodies = make_partnership(CLOSED_ON)
        by = UserFactory()
        people = [PersonFactory(commissioner=bodies[0], born_on=born_on) for born_on in births]
        for number, (spell, cohort_code) in enumerate(zip(planned, COHORTS, strict=False)):
            plan = dict(spell)
            body, person = bodies[plan.pop("body")], people[plan.pop("person")]
            reviewed_after = plan.pop("reviewed_after")
            # One person holds one budget in a cohort at a time, so each repeated cohort gets somebody new.
            if cohort_code in COHORTS[:number]:
                person = PersonFactory(commissioner=body, born_on=person.born_on)
            phb = make_spell(body, person=person, by=by, cohort_code=cohort_code, **plan)
            if phb.started_on and reviewed_after:
                held_on = phb.started_on + dt.timedelta(days=reviewed_after)
                if in_place(phb, held_on):
                    bare_review(phb, held_on, by)
        for commissioner in (partnership, *bodies):
            CountingPolicyFactory(commissioner=commissioner, **asdict(policy))
        for day in days_to_look_at(planned, edges):
            for commissioner, narrowed in ((partnership, NOT_NARROWED), (partnership, only), (bodies[2], only)):
                scope = counted(commissioner, day, only=narrowed)
                found, expected = figures_for(scope), measured(commissioner.code, day, narrowed, policy)
                assert {name: getattr(found, name) for name in expected} == expected
                self.parts_sum_to_totals(found)
            self.lists_have_as_many_rows(counted(partnership, day))
            self.lists_have_as_many_rows(scope)
            self.series_agrees(scope)

    def parts_sum_to_totals(self, found):
        assert sum(found.by_cohort.values()) == found.phbs_in_place
        assert sum(found.by_funding.values()) == found.phbs_in_place
        if found.policy.breakdown == Breakdown.STRONGEST:
            assert sum(found.by_method.values()) == found.people_in_place
        assert found.children_in_place + found.adults_in_place == found.people_in_place
        assert found.children_year_to_date + found.adults_year_to_date == found.people_year_to_date
        assert found.people_year_to_date <= found.people_counted_year_to_date
        if found.policy.counts_one_off:
            assert found.people_in_place <= found.people_year_to_date

    def lists_have_as_many_rows(self, scope):
        found = figures_for(scope)
        for measure in m.OF_SPELLS:
            if not measure.has_people:
                continue
            if measure in m.PARTED:
                for part, number in getattr(found, measure.code).items():
                    assert people_rows(measure, scope, part).count() == number, (measure.code, part)
            else:
                figure = getattr(found, measure.code)
                number = figure.numerator if isinstance(figure, m.Ratio) else figure
                assert people_rows(measure, scope).count() == number, measure.code

    def series_agrees(self, scope):
        rows = list(scope.spells())
        months = months_in_place(scope)
        for month in months:
            assert month.in_place == sum(in_place(phb, month.on) for phb in rows)
        if any(phb.started_on and phb.started_on <= scope.as_at for phb in rows):
            assert months[-1].on == scope.as_at
            assert months[-1].in_place == figures_for(scope).phbs_in_place


@given(budgets=st.integers(0, 5000), people=st.integers(1, 3_000_000))
@settings(max_examples=30)
def test_rate_equals_plain_arithmetic(budgets, people):
    assert m.rate_per_1000(budgets, people) == rounded(Decimal(budgets * 1000) / people, 3)
