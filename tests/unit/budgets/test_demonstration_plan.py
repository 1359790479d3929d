"""The plan against what the paper reports for 7 February 2017, counted by a loop of its own."""

import datetime as dt
from collections import Counter

import pytest

from budgets.demonstration.plan import LLR, SOMERSET, Place, Story, stories
from budgets.enums import Funder, Method
from phb_register.rules import age_on, nhs_number_fault

ANCHOR = dt.date(2017, 2, 7)
LAST_DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def plan() -> list[Story]:
    return stories(LAST_DAY)


def in_place(plan: list[Story], day: dt.date, place: Place = LLR) -> list[Story]:
    found = []
    for story in plan:
        budget = story.budget
        if story.place is not place or budget is None or budget.started_on is None:
            continue
        if budget.started_on <= day and not (budget.ended_on and budget.ended_on <= day):
            found.append(story)
    return found


def test_plan_has_122_in_place_on_the_day_of_the_paper(plan: list[Story]) -> None:
    found = in_place(plan, ANCHOR)
    assert Counter(story.cohort for story in found) == {"chc": 117, "continuing-care": 5}
    assert not [story for story in found if story.budget.is_fast_track]
    assert {story.facts["lives_in"] for story in found} == {"home"}
    ages = [age_on(story.person.born_on, ANCHOR) for story in found if story.cohort == "continuing-care"]
    assert max(ages) < 18
    assert min(age_on(story.person.born_on, ANCHOR) for story in found if story.cohort == "chc") >= 18


def test_plan_has_nobody_agreed_and_not_started_on_the_day_of_the_paper(plan: list[Story]) -> None:
    waiting = [
        story
        for story in plan
        if story.place is LLR
        and story.budget
        and story.budget.agreed_on <= ANCHOR
        and (story.budget.started_on is None or story.budget.started_on > ANCHOR)
    ]
    assert waiting == []


def test_plan_mixes_methods_and_funders_as_a_register_does(plan: list[Story]) -> None:
    adults = [story.budget for story in in_place(plan, ANCHOR) if story.cohort == "chc"]
    alone = Counter(budget.methods[0].method for budget in adults if len(budget.methods) == 1)
    assert alone[Method.NOTIONAL] == 53
    assert alone[Method.THIRD_PARTY] == 18
    assert alone[Method.DIRECT_PAYMENT] == 41
    assert len(adults) - alone.total() == 5
    assert sum(1 for budget in adults if len(budget.shares) > 1) == 24


def test_plan_grows_before_and_after(plan: list[Story]) -> None:
    days = [dt.date(year, 3, 31) for year in (2015, 2016, 2018, 2020, 2022, 2024, 2026)]
    counts = [len(in_place(plan, day)) for day in days]
    assert counts == sorted(counts)
    assert 300 <= len(in_place(plan, LAST_DAY)) <= 400
    assert 5 <= len(in_place(plan, LAST_DAY, SOMERSET)) <= 9


def test_plan_keeps_every_amount_and_share_whole(plan: list[Story]) -> None:
    for story in plan:
        if story.budget:
            assert sum(part.annual_amount for part in story.budget.methods) == story.budget.annual_amount
            assert sum(share.percent for share in story.budget.shares) == 100
            assert any(share.funder == Funder.NHS for share in story.budget.shares)


def test_plan_never_looks_ahead(plan: list[Story]) -> None:
    for story in plan:
        budget = story.budget
        days = [story.received_on, story.decided_on]
        if budget:
            days += [budget.agreed_on, budget.started_on, budget.changed_on, budget.ended_on]
        known = [day for day in days if day is not None]
        assert max(known) <= LAST_DAY
        assert known[:4] == sorted(known[:4])


def test_plan_invents_each_person_once(plan: list[Story]) -> None:
    numbers = {story.person.nhs_number: story.person for story in plan}
    assert all(number.startswith("999") and nhs_number_fault(number) is None for number in numbers)
    assert len({story.key for story in plan}) == len(plan)
    assert len(set(numbers.values())) == len(numbers)


def test_plan_is_the_same_again_and_only_grows_by_the_day(plan: list[Story]) -> None:
    assert stories(LAST_DAY) == plan
    later = {story.key: story for story in stories(LAST_DAY + dt.timedelta(days=40))}
    settled = [story for story in plan if story.received_on < dt.date(2026, 6, 1)]
    assert len(settled) > 450
    for story in settled:
        assert later[story.key].person == story.person
        assert later[story.key].received_on == story.received_on


def test_plan_gives_the_partnerships_new_people_to_its_icb_from_july_2022(plan: list[Story]) -> None:
    for story in plan:
        is_after = story.received_on >= dt.date(2022, 7, 1)
        assert (story.commissioner in {"QK1", "QSL"}) is is_after


def test_plan_has_something_waiting_today(plan: list[Story]) -> None:
    here = [story for story in plan if story.place is LLR]
    undecided = [story for story in here if story.decided_on is None]
    assert len(undecided) >= 10
    assert min(story.received_on for story in undecided) < LAST_DAY - dt.timedelta(days=28)
    assert [story for story in here if story.outcome == "accepted" and story.budget is None]
    assert [story for story in here if story.budget and story.budget.started_on is None]
    assert [story for story in here if story.outcome == "declined"]
