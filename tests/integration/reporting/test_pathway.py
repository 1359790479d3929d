"""Each figure of pathway and quality equals a naive loop over the same rows, as at any day, and as known on one."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import OutcomeRating, PersonalHealthBudget
from phb_register.models import CommissionerKind, PartnershipMember
from reporting.measures.pathway import PEOPLE_BY_ANSWER, REFERRALS_DECIDED
from reporting.rules.filters import Filters
from reporting.rules.pathway import PeriodKind, period_up_to
from reporting.selectors.pathway import Walked, pathway_figures, with_changes
from reporting.selectors.pathway_people import PeopleBehind
from reporting.selectors.scope import NOT_NARROWED, counted
from tests.factories.pathway import (
    bare_decision,
    bare_offer,
    bare_payment,
    bare_referral,
    bare_review,
    bare_screening,
    undone,
)
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell
from tests.integration.reporting.pathway_oracle import walked

TODAY = dt.date(2018, 1, 31)


def asked(commissioner, last, kind=PeriodKind.YEAR, only=NOT_NARROWED, **given):
    return Walked(counted(commissioner, last, only=only), period_up_to(last, kind), TODAY, **given)


def as_oracle(figures):
    """The figures as the oracle gives them: without what is nought."""
    counts = ("by_answer", "by_why_not", "by_decision", "by_refusal", "by_kept")
    spreads = ("to_decision", "to_first_payment")
    saving = figures.saving
    return {
        **{name: {key: n for key, n in getattr(figures, name).items() if n} for name in counts},
        **{
            name: (each.count, each.lower, each.median, each.upper, each.mean)
            for name in spreads
            if (each := getattr(figures, name))
        },
        "decided_on_time": figures.decided_on_time,
        "saving": (saving.known, saving.unknown, saving.replaced, saving.budgets),
        "outcomes": {
            each.scale_id: {change: n for change, n in each.by_change.items() if n} for each in figures.outcomes
        },
    }


def allow_payments_without_runs():
    """A bare row stands for a payment: a run for each would take too long. Undone with the rest of the test."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgets_ledgerentry DROP CONSTRAINT ledger_payment_names_it")


#: Around the year that is counted mostly, some before it; the quarter and the year end in the midst of what happens.
days = st.integers(0, 40).map(lambda step: dt.date(2017, 1, 1) + dt.timedelta(days=10 * step))
lasts = st.sampled_from([dt.date(2017, 6, 30), dt.date(2017, 10, 7), dt.date(2017, 12, 31), TODAY])
RESPONSES = ["accepted", "declined", "not_now", "not_answered"]
way = st.fixed_dictionaries(
    {
        "body": st.integers(0, 2),
        "person": st.integers(0, 2),
        "received_on": days,
        "screened": st.none() | st.sampled_from(["right_to_have", "may_request", "may_be_considered", "not_offered"]),
        "decided": st.none()
        | st.tuples(st.integers(0, 60), st.sampled_from(["accepted", "accepted_in_part", "declined"])),
        "offered": st.none() | st.tuples(days, st.sampled_from(RESPONSES), st.integers(0, 90)),
    }
)
filters = st.builds(
    Filters,
    cohort=st.sampled_from(["", "chc", "wheelchair"]),
    method=st.sampled_from(["", "notional", "direct_payment"]),
    age_group=st.sampled_from(["", "adults", "children"]),
    funding=st.sampled_from(["", "nhs", "joint"]),
)
budget = st.fixed_dictionaries(
    {
        "body": st.integers(0, 2),
        "holder": st.integers(0, 2),
        "kind": st.fixed_dictionaries(
            {
                "cohort_code": st.sampled_from(["chc", "wheelchair"]),
                "methods": st.sampled_from([("notional",), ("direct_payment",)]),
                "nhs_percent": st.sampled_from([100, 60]),
            }
        ),
        "decided": st.none() | st.sampled_from(["accepted", "declined"]),
        "started_on": days,
        "ends_after": st.none() | st.integers(0, 400),
        "replaced": st.none() | st.integers(0, 3000),
        "is_one_off": st.booleans(),
        "paid_after": st.lists(st.tuples(st.integers(0, 300), st.booleans(), st.booleans()), max_size=2),
        "reviewed_after": st.lists(st.tuples(st.integers(0, 400), st.integers(-30, 30), st.booleans()), max_size=2),
        "levels": st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=4),
    }
)


class RandomWays(TestCase):
    """Up to five referrals and three budgets of two members of a partnership and a stranger, with any dates."""

    @given(
        ways=st.lists(way, min_size=3, max_size=6),
        budgets=st.lists(budget, min_size=2, max_size=4),
        last=lasts,
        kind=st.sampled_from(PeriodKind),
        only=filters,
    )
    @settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
    def test_figures_equal_the_oracle(self, ways, budgets, last, kind, only):
        allow_payments_without_runs()
        self.by = UserFactory()
        partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
        self.bodies = CommissionerFactory.create_batch(3)
        for member in self.bodies[:2]:
            PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2013, 4, 1))
        born = (dt.date(1960, 1, 1), dt.date(1970, 1, 1), dt.date(2010, 5, 5))
        self.people = [PersonFactory(commissioner=self.bodies[0], born_on=each) for each in born]
        self.scales = [
            make_bare_scale(self.bodies[0], self.by, direction) for direction in ("last_is_best", "first_is_best")
        ]
        for each in ways:
            self.walk(**each)
        for each in budgets:
            self.hold(**each)
        ours, theirs = self.bodies[:2], self.bodies[2:]
        # What is due today is read where it is kept; what was due then is worked out.
        asks = ((partnership, ours, last), (self.bodies[2], theirs, last), (partnership, ours, TODAY))
        for commissioner, ids, on in asks:
            for narrowed in (NOT_NARROWED, only):
                there = asked(commissioner, on, kind, narrowed)
                found = pathway_figures(there)
                expected = walked({body.pk for body in ids}, found.period.first, found.period.last, narrowed)
                assert as_oracle(found) == expected, narrowed
                assert len(PeopleBehind(PEOPLE_BY_ANSWER, there)) == found.people_eligible
                assert len(PeopleBehind(REFERRALS_DECIDED, there)) == found.decided

    def walk(self, body, person, received_on, screened, decided, offered):
        commissioner, somebody = self.bodies[body], self.people[person]
        referral = bare_referral(commissioner, somebody, received_on, self.by)
        if screened:
            bare_screening(referral, received_on, "right_to_ask", self.by)
            bare_screening(referral, received_on + dt.timedelta(days=20), screened, self.by)
        if decided:
            bare_decision(referral, received_on + dt.timedelta(days=decided[0]), decided[1], self.by)
        if offered:
            on, response, after = offered
            bare_offer(commissioner, somebody, on, self.by, response=response, answered_after=after)

    def hold(
        self, body, holder, kind, decided, started_on, ends_after, replaced, is_one_off, paid_after, reviewed_after,
        levels,
    ):  # fmt: skip
        ended_on = None if ends_after is None else started_on + dt.timedelta(days=ends_after)
        person = self.people[holder]
        if PersonalHealthBudget.objects.filter(person=person, cohort__code=kind["cohort_code"]).exists():
            person = None
        phb = make_spell(self.bodies[body], person=person, started_on=started_on, ended_on=ended_on, by=self.by, **kind)
        if decided:
            bare_decision(phb.referral, started_on, decided, self.by)
        PersonalHealthBudget.objects.filter(pk=phb.pk).update(previous_annual_amount=replaced, is_one_off=is_one_off)
        for after, is_direct, is_undone in paid_after:
            # Nothing is entered before it happens.
            on = min(started_on + dt.timedelta(days=after), TODAY)
            entry = bare_payment(phb, on, self.by, method="direct_payment" if is_direct else "notional")
            if is_undone:
                undone(entry, min(on + dt.timedelta(days=40), TODAY), self.by)
        self.rate(phb, started_on, levels[0], None)
        for (after, early, is_corrected), level in zip(reviewed_after, levels[1:], strict=False):
            held_on = min(started_on + dt.timedelta(days=after), ended_on or TODAY, TODAY)
            if held_on < started_on:
                continue
            due_on = held_on + dt.timedelta(days=early)
            review = bare_review(phb, held_on, self.by, due_on=due_on)
            self.rate(phb, held_on, level, review)
            if is_corrected:
                bare_review(phb, held_on, self.by, due_on=due_on, corrects=review)

    def rate(self, phb, on, level, review):
        for scale in self.scales:
            OutcomeRating.objects.create(
                phb=phb, scale=scale, review=review, level=level, prefers_not_to_say=level is None, rated_on=on,
                recorded_by=self.by,
            )  # fmt: skip


def make_bare_scale(commissioner, by, direction):
    from budgets.models import OutcomeScale

    return OutcomeScale.objects.create(
        commissioner=commissioner, code=direction.replace("_", "-"), name=direction, question="How are you?",
        asked_of="holder", levels=["A", "B", "C", "D"], direction=direction, active_from=dt.date(2013, 4, 1),
        written_by=by,
    )  # fmt: skip


@pytest.mark.django_db
def test_saving_of_a_partnership_is_held_against_that_of_all_its_members_but_one():
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    for number in (12, 2):
        member = CommissionerFactory()
        PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2013, 4, 1))
        for _ in range(number):
            phb = make_spell(member, started_on=dt.date(2015, 1, 1))
            PersonalHealthBudget.objects.filter(pk=phb.pk).update(previous_annual_amount=50_000)
    there = asked(partnership, dt.date(2017, 6, 30))
    found = with_changes(pathway_figures(there), there)
    assert found.saving.known == 14
    assert found.saving.least_changed == 2
