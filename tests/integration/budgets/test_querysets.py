"""Reads by date against a naive loop over the same rows, on random registers."""

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.enums import Method, State
from budgets.models import PersonalHealthBudget
from offers.models import Cohort
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

FIRST = dt.date(2016, 3, 25)
DAYS = st.integers(0, 20)
Spell = tuple[int, int | None, int | None]


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    """Days of agreement, start and end after `FIRST`, as the register allows them."""
    agreed = draw(DAYS)
    started = draw(st.none() | st.integers(agreed, agreed + 8))
    begun = agreed if started is None else started
    return agreed, started, draw(st.none() | st.integers(begun, begun + 8))


def day(number: int | None) -> dt.date | None:
    return None if number is None else FIRST + dt.timedelta(days=number)


class TestReadsByDate(TestCase):
    @example(register=[((3, 5, 5), "notional", False)])  # ended on the day it started: never in place
    @settings(max_examples=12)
    @given(register=st.lists(st.tuples(spells(), st.sampled_from(Method.values), st.booleans()), max_size=5))
    def test_reads_agree_with_a_naive_loop(self, register: list[tuple[Spell, str, bool]]) -> None:
        commissioner, by, chc = CommissionerFactory(), UserFactory(), Cohort.objects.get(code="chc")
        made: dict[int, tuple[Spell, str, dt.date]] = {}
        for (agreed, started, ended), method, is_child in register:
            born_on = dt.date(1998, 4, 1) if is_child else dt.date(1970, 1, 1)
            phb = bare_budget(
                commissioner,
                cohort=chc,
                by=by,
                person=PersonFactory(commissioner=commissioner, born_on=born_on),
                agreed_on=day(agreed),
                started_on=day(started),
                ended_on=day(ended),
                methods=(Method(method),),
            )
            made[phb.pk] = ((agreed, started, ended), method, born_on)
        rows = PersonalHealthBudget.objects.filter(commissioner=commissioner)
        # Every edge, and the day before it: there the mistakes are.
        edges = {0, 7} | {number for spell, _, _ in made.values() for number in spell if number is not None}
        for on in sorted(edges | {number - 1 for number in edges}):
            self.check_day(rows, made, on)

    def check_day(self, rows, made, on: int) -> None:
        today = FIRST + dt.timedelta(days=on)

        def is_in_place(spell: Spell, number: int) -> bool:
            return spell[1] is not None and spell[1] <= number and (spell[2] is None or number < spell[2])

        def found(condition) -> set[int]:
            return {pk for pk, (spell, _, _) in made.items() if condition(spell)}

        def read(queryset) -> set[int]:
            ids = list(queryset.values_list("pk", flat=True))
            assert len(ids) == len(set(ids)), "a join doubled a row"
            return set(ids)

        in_place = found(lambda spell: is_in_place(spell, on))
        ended = found(lambda spell: spell[2] is not None and spell[2] <= on)
        agreed = found(lambda spell: spell[0] <= on) - in_place - ended
        assert read(rows.in_place_on(today)) == in_place
        assert read(rows.agreed_on_date(today)) == agreed
        assert read(rows.ended_on_date(today)) == ended
        assert read(rows.live_on(today)) == in_place | agreed
        for state, expected in ((State.IN_PLACE, in_place), (State.AGREED, agreed), (State.ENDED, ended)):
            assert {phb.pk for phb in rows if phb.state_on(today) == state} == expected
            assert read(rows.in_state(state, today)) == expected
        children = {pk for pk, (_, _, born_on) in made.items() if born_on.year == 1998 and today < dt.date(2016, 4, 1)}
        assert read(rows.of_children_on(today)) == children
        assert read(rows.of_adults_on(today)) == set(made) - children
        for method in Method:
            expected = {pk for pk in in_place if made[pk][1] == method}
            assert read(rows.in_place_on(today).with_method_on(method, today)) == expected


@pytest.mark.django_db
def test_joint_funding_and_method_of_a_mixed_budget() -> None:
    commissioner, chc = CommissionerFactory(), Cohort.objects.get(code="chc")
    alone = bare_budget(commissioner, cohort=chc, agreed_on=FIRST, started_on=FIRST)
    joint = bare_budget(
        commissioner,
        cohort=chc,
        agreed_on=FIRST,
        started_on=FIRST,
        nhs_percent=60,
        methods=(Method.NOTIONAL, Method.DIRECT_PAYMENT),
    )
    rows = PersonalHealthBudget.objects.filter(commissioner=commissioner)
    assert list(rows.jointly_funded_on(FIRST)) == [joint]
    assert list(rows.paid_by_nhs_alone_on(FIRST)) == [alone]
    assert set(rows.with_method_on(Method.NOTIONAL, FIRST)) == {alone, joint}
    assert list(rows.with_method_on(Method.DIRECT_PAYMENT, FIRST)) == [joint]
    assert list(rows.with_method_on(Method.DIRECT_PAYMENT, FIRST - dt.timedelta(days=1))) == []
