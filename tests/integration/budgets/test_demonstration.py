"""A part of the plan made to happen: once, whole, and no more."""

import datetime as dt

import pytest

from budgets.demonstration import loading, plan
from budgets.demonstration.books import Books
from budgets.models import PersonalHealthBudget
from eligibility.models import Referral
from eligibility.selectors.rule_sets import rule_book
from phb_register import demonstration as foundations
from phb_register.models import AccessLogEntry, Commissioner, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> list[plan.Story]:
    """A few stories of every kind, and the users who act in them."""
    whole = plan.stories(loading.clock.today())
    kinds: dict[tuple[object, ...], plan.Story] = {}
    for story in whole:
        budget = story.budget
        kind = (story.cohort, story.outcome, budget is None, budget is not None and budget.ended_on is None)
        kinds.setdefault(kind, story)
    few = sorted(kinds.values(), key=lambda story: (story.received_on, story.key))
    monkeypatch.setattr(loading, "stories", lambda last_day: few)
    foundations.load(lambda done, total: None)
    return few


def counts() -> tuple[int, ...]:
    return tuple(each.objects.count() for each in (Person, Referral, PersonalHealthBudget, AccessLogEntry))


def test_demonstration_makes_each_story_happen_as_planned(part: list[plan.Story]) -> None:
    said = []
    loading.load(lambda done, total: said.append((done, total)))
    assert said[-1] == (len(part), len(part))
    for story in part:
        referral = Referral.objects.get(submission_key=story.key)
        assert referral.status == (story.outcome or "submitted")
        assert (referral.received_on, referral.commissioner.code) == (story.received_on, story.commissioner)
        phb = PersonalHealthBudget.objects.filter(referral=referral).first()
        assert (phb is None) is (story.budget is None)
        if phb is not None and story.budget is not None:
            planned = story.budget
            assert (phb.agreed_on, phb.started_on, phb.ended_on) == (
                planned.agreed_on,
                planned.started_on,
                planned.ended_on,
            )
            assert (phb.annual_amount, phb.end_reason) == (planned.annual_amount, planned.end_reason or "")


def test_rules_kept_for_a_stretch_of_days_are_those_of_each_day(part: list[plan.Story]) -> None:
    books = Books()
    icb, ccg = (Commissioner.objects.get(code=code) for code in ("QK1", "04C"))
    turns = [dt.date(2014, 9, 30), dt.date(2019, 12, 2), dt.date(2022, 6, 30)]
    for day in [turn + dt.timedelta(days=more) for turn in turns for more in (-1, 0, 1, 2)]:
        for commissioner in (icb, ccg):
            assert books.on(commissioner, day) == rule_book(commissioner, day), (commissioner, day)


def test_demonstration_loaded_again_changes_nothing(part: list[plan.Story]) -> None:
    loading.load(lambda done, total: None)
    before = counts()
    loading.load(lambda done, total: None)
    assert counts() == before


def test_demonstration_that_breaks_off_leaves_no_story_half_told_and_goes_on(
    part: list[plan.Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    agree, broken = loading.agree_budget, part[len(part) // 2 :]
    broken_referrals = {story.key for story in broken if story.budget}

    def break_off(**given: object) -> object:
        if given["referral"].submission_key in broken_referrals:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return agree(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "agree_budget", break_off)
    with pytest.raises(KeyboardInterrupt):
        loading.load(lambda done, total: None)
    told = set(Referral.objects.values_list("submission_key", flat=True))
    assert told
    assert not told & broken_referrals
    assert Person.objects.count() == len({story.person for story in part if story.key in told})
    monkeypatch.setattr(loading, "agree_budget", agree)
    loading.load(lambda done, total: None)
    assert Referral.objects.count() == len(part)
