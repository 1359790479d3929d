"""A figure as known on a day is what the register said that day: the same figures, the same people."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pgtrigger
import pytest
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.enums import Funder, Method
from budgets.models import MethodPart, PersonalHealthBudget
from budgets.rules.agreement import Share
from budgets.services.agreed_budgets import add_agreed_budget
from budgets.services.register_undoing import _WRITTEN, _guards
from eligibility.models import Referral
from phb_register.bulk import settle
from phb_register.models import Person
from reporting import measures as m
from reporting.models import EligiblePopulation, Target
from reporting.rules.counting import DEFAULT_POLICY
from reporting.selectors.figures import figures_for
from reporting.selectors.known import ENTERED_AT, TRACKED, as_known
from reporting.selectors.people import people_rows
from reporting.selectors.scope import counted
from reporting.services.counting import set_counting_policy
from tests.factories.pathway import bare_review
from tests.factories.phb_register import CommissionerFactory, PersonFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory, TargetFactory, make_spell

AS_AT = dt.date(2017, 2, 7)
FIRST_DAY = dt.date(2026, 1, 1)
LISTS = (m.PHBS_IN_PLACE, m.PHBS_AGREED, m.PEOPLE_YEAR_TO_DATE, m.CHILDREN_IN_PLACE, m.WHEELCHAIR_ACTIVE)


class Past:
    """A register to which one thing happens a day, and what it said at the end of each."""

    def __init__(self):
        self.icb, self.by = CommissionerFactory(), UserFactory()
        self.said = []
        self.entered = dt.datetime.combine(FIRST_DAY, dt.time(12), tzinfo=dt.UTC)

    def a_day_on_which(self, what, pick):
        with transaction.atomic():
            getattr(self, what)(pick)
        settle()
        self._move_what_was_written()
        self.said.append(self.says(known_on=None))
        self.entered += dt.timedelta(days=1)

    def says(self, known_on):
        """The figures, and the people behind some of them."""
        scope = counted(self.icb, AS_AT, known_on=known_on)
        with as_known(known_on):
            figures = replace(figures_for(scope), known_on=None)
            return figures, {each.code: [row.pk for row in people_rows(each, scope)] for each in LISTS}

    def _move_what_was_written(self):
        """To its day: within a test, time stands still."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            tables = [(each.pgh_event_model._meta.db_table, "pgh_created_at") for each in TRACKED]
            tables += [(model._meta.db_table, column) for model, column in ENTERED_AT.items()]
            for table, column in tables:
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} > %s", [self.entered, LATE])  # noqa: S608
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    def _one(self, pick, **conditions):
        found = PersonalHealthBudget.objects.filter(commissioner=self.icb, **conditions).order_by("pk")
        return found[pick % len(found)] if found else None

    def somebody_new(self, pick):
        person = PersonFactory(commissioner=self.icb, born_on=dt.date(1999 - pick % 2, 6, 1))
        cohort = ("chc", "wheelchair", "s117")[pick % 3]
        started_on = (dt.date(2016, 6, 1), dt.date(2016, 1, 1), None)[pick % 3]
        make_spell(
            self.icb,
            person=person,
            by=self.by,
            cohort_code=cohort,
            agreed_on=dt.date(2016, 1, 1),
            started_on=started_on,
        )

    def a_start(self, pick):
        if phb := self._one(pick, started_on__isnull=True, ended_on__isnull=True):
            PersonalHealthBudget.objects.filter(pk=phb.pk).update(started_on=dt.date(2017, 1, 15))

    def an_end(self, pick):
        if phb := self._one(pick, ended_on__isnull=True, started_on__lt=dt.date(2016, 8, 1)):
            ended_on = (dt.date(2017, 3, 1), dt.date(2016, 12, 1))[pick % 2]
            PersonalHealthBudget.objects.filter(pk=phb.pk).update(ended_on=ended_on, end_reason="died")
            MethodPart.objects.filter(phb=phb, ends_on__isnull=True).update(ends_on=ended_on)

    def another_method(self, pick):
        part = MethodPart.objects.filter(
            phb__commissioner=self.icb,
            ends_on__isnull=True,
            starts_on__lt=dt.date(2016, 8, 1),
            phb__started_on__isnull=False,
        ).first()
        if part:
            MethodPart.objects.filter(pk=part.pk).update(ends_on=dt.date(2016, 8, 1))
            method = Method.DIRECT_PAYMENT if part.method != Method.DIRECT_PAYMENT else Method.THIRD_PARTY
            MethodPart.objects.create(
                phb=part.phb, method=method, starts_on=dt.date(2016, 8, 1), annual_amount=part.annual_amount
            )

    def another_funder(self, pick):
        if phb := self._one(pick, ended_on__isnull=True):
            if phb.funding_shares.filter(percent__lt=100).exists():
                return
            shares = [Share(Funder.NHS, Decimal(60)), Share(Funder.LOCAL_AUTHORITY, Decimal(40), "Testing Council")]
            phb.funding_shares.update(ends_on=dt.date(2016, 9, 1))
            # How a further agreed budget comes about is proved elsewhere.
            with pgtrigger.ignore("budgets.AgreedBudget:agreed_as_approved"):
                add_agreed_budget(
                    phb, by=self.by, applies_from=dt.date(2016, 9, 1), annual_amount=phb.annual_amount, shares=shares
                )

    def a_birthday_put_right(self, pick):
        person = Person.objects.filter(commissioner=self.icb).order_by("pk").first()
        if person:
            born_on = dt.date(1980, 1, 1) if person.born_on.year > 1990 else dt.date(1999, 6, 1)
            Person.objects.filter(pk=person.pk).update(born_on=born_on)

    def a_review(self, pick):
        phb = self._one(pick, started_on__lt=dt.date(2016, 8, 1), ended_on__isnull=True)
        if phb:
            bare_review(phb, dt.date(2016, 12, 1), self.by)

    def a_removal(self, pick):
        """As when an import is undone."""
        phb = self._one(pick, review_due__last_held_on__isnull=True)
        if phb is None:
            return
        keys = {PersonalHealthBudget: phb.pk, Referral: phb.referral_id, Person: phb.person_id}
        with pgtrigger.ignore(*_guards()):
            for model, path in _WRITTEN:
                owner = Referral if path == "referral_id" else PersonalHealthBudget if path == "phb_id" else model
                found = model._default_manager.filter(**{path: keys[owner]})
                found._raw_delete(found.db)

    def a_denominator(self, pick):
        if pick % 3 == 0:
            PopulationFactory(commissioner=self.icb, people=900_000 + pick, counted_on=dt.date(2016, 1, 1 + pick % 28))
        elif pick % 3 == 1:
            Target.objects.filter(commissioner=self.icb).update(high_rate=3 + pick)
            if not Target.objects.filter(commissioner=self.icb).exists():
                TargetFactory(commissioner=self.icb)
        else:
            EligiblePopulation.objects.filter(commissioner=self.icb).update(people=500 + pick)
            if not EligiblePopulation.objects.filter(commissioner=self.icb).exists():
                EligiblePopulationFactory(commissioner=self.icb)

    def a_switch(self, pick):
        last = self.says(None)[0].policy
        set_counting_policy(
            commissioner=self.icb,
            by=None,
            applies_from=dt.date(2016, 4, 1),
            policy=replace(DEFAULT_POLICY, counts_joint=not last.counts_joint),
            source="A paper",
        )


#: What is written now is later than this; what was moved into the past is not.
LATE = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
HAPPENINGS = [
    "a_birthday_put_right", "a_review", "another_method", "another_funder", "a_start", "an_end", "a_denominator",
    "a_switch", "somebody_new", "a_removal",
]  # fmt: skip
picks = st.integers(0, 20)


class WhatWasKnown(TestCase):
    """Nothing that happens later changes what was known on a day."""

    @given(
        began=st.lists(picks, min_size=2, max_size=3),
        days=st.lists(st.tuples(st.sampled_from(HAPPENINGS), picks), min_size=5, max_size=6),
    )
    @settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
    def test_figures_as_known_on_a_day_are_those_of_that_day(self, began, days):
        past = Past()
        for what, pick in [*(("somebody_new", pick) for pick in began), *days]:
            past.a_day_on_which(what, pick)
        for number, said in enumerate(past.said):
            assert past.says(FIRST_DAY + dt.timedelta(days=number)) == said


@pytest.mark.django_db
def test_what_happens_later_changes_nothing_that_was_known():
    past = Past()
    days = [*(("somebody_new", pick) for pick in (0, 1, 2)), *((what, 1) for what in HAPPENINGS)]
    for what, pick in days:
        past.a_day_on_which(what, pick)
    assert [
        what for (what, _), (before, after) in zip(days[1:], pairwise(past.said), strict=True) if before == after
    ] == []
    assert [past.says(FIRST_DAY + dt.timedelta(days=number)) for number in range(len(past.said))] == past.said


@pytest.mark.django_db
def test_nothing_is_known_before_it_was_entered():
    icb = CommissionerFactory()
    make_spell(icb)
    assert figures_for(counted(icb, AS_AT, known_on=AS_AT)).phbs_in_place == 0


@pytest.mark.django_db
def test_the_register_is_itself_again_after_it_was_read_as_known():
    icb = CommissionerFactory()
    make_spell(icb)
    with as_known(AS_AT):
        assert PersonalHealthBudget.objects.count() == 0
        with as_known(AS_AT):
            assert Person.objects.count() == 0
        with pytest.raises(RuntimeError), as_known(FIRST_DAY):
            pass
    assert PersonalHealthBudget.objects.filter(commissioner=icb).count() == 1
    with pytest.raises(ZeroDivisionError), as_known(AS_AT):
        raise ZeroDivisionError
    make_spell(icb)
    assert PersonalHealthBudget.objects.filter(commissioner=icb).count() == 2
