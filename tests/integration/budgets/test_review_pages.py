"""The pages of reviews and of outcome scales, through their addresses."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from budgets.models import OutcomeRating, OutcomeScale, Review, ReviewDraft, ReviewRequest
from budgets.rules.reviews import QUESTIONS, ReviewReason
from budgets.services.reviews import ask_for_review
from offers.models import Cohort
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from tests.factories.budgets import bare_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reviews import make_review, make_scale

pytestmark = pytest.mark.django_db

STARTED, HELD = dt.date(2026, 8, 10), dt.date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner():
    return CommissionerFactory()


@pytest.fixture
def team(commissioner):
    return make_team(commissioner)


@pytest.fixture
def phb(commissioner):
    return started(commissioner, STARTED)


@pytest.fixture
def signed_in(client: Client, team) -> Client:
    client.force_login(team)
    return client


def started(commissioner, on):
    return bare_budget(commissioner, cohort=Cohort.objects.get(code="chc"), agreed_on=on, started_on=on)


def page(phb, name="budget-reviews", *args):
    return reverse(f"budgets:{name}", args=[phb.reference, *args])


def on(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def review_sent(user, **changed: Any) -> dict[str, Any]:
    sent = {
        "last_number": "0",
        "revision": "0",
        "kind": "first",
        "held_by": str(user.pk),
        "way": "visit",
        "took_part": ["person", "carer"],
        "outcomes": ["continue"],
        "do": "complete",
        **on("held_on", HELD),
        **{question.name: "yes" for question in QUESTIONS},
    }
    return sent | changed


def test_review_is_written_saved_taken_up_by_a_colleague_and_completed(signed_in, phb, team, commissioner):
    scale = make_scale(commissioner, by=team)
    assertContains(signed_in.get(page(phb)), "10 November 2026")
    assertContains(signed_in.get(page(phb, "write-review")), scale.question)
    half = review_sent(team, do="save", notes="Half a thou", **{f"scale_{scale.pk}": "2"})
    for question in QUESTIONS:
        del half[question.name]
    assertContains(signed_in.post(page(phb, "write-review"), half, follow=True), "What you wrote is saved")
    # The colleague finds it as it was left.
    colleague = make_nurse(commissioner)
    signed_in.force_login(colleague)
    shown = signed_in.get(page(phb, "write-review"))
    assertContains(shown, "Half a thou")
    assertNotContains(shown, "There is a problem")
    sent = review_sent(team, revision="1", notes="A whole thought", **{f"scale_{scale.pk}": "not_said"})
    answer = signed_in.post(page(phb, "write-review"), sent, follow=True)
    assertContains(answer, "The review is complete")
    assertContains(answer, "Prefers not to say")
    review = Review.objects.get()
    assert (review.held_by, review.completed_by, review.notes) == (team, colleague, "A whole thought")
    assert OutcomeRating.objects.get(review=review).prefers_not_to_say
    assert not ReviewDraft.objects.exists()
    assert AccessLogEntry.objects.filter(action="read", subject_type="budgets.Review").exists()


def test_review_that_is_not_right_is_shown_with_all_that_was_typed(signed_in, phb, team):
    sent = review_sent(team, is_amount_enough="no", notes="Not lost", **on("held_on", dt.date(2026, 8, 1)))
    del sent["is_used_well"]
    answer = signed_in.post(page(phb, "write-review"), sent)
    assert answer.status_code == 422
    assertContains(answer, "Not lost", status_code=422)
    assertContains(answer, "yes or no: has the budget been used effectively", status_code=422)
    answer = signed_in.post(page(phb, "write-review"), sent | {"is_used_well": "yes"})
    assertContains(answer, "regulation 13(1)", status_code=422)
    assertContains(answer, "10 August 2026, when the budget started", status_code=422)
    assert not Review.objects.exists()


def test_second_to_complete_reads_the_first_one_and_loses_nothing(signed_in, phb, team, commissioner):
    sent = review_sent(team, notes="Mine")
    first = make_review(phb, HELD, by=make_nurse(commissioner))
    answer = signed_in.post(page(phb, "write-review"), sent)
    assertContains(answer, "completed a review of this budget meanwhile", status_code=422)
    assertContains(answer, "Mine", status_code=422)
    assertContains(answer, page(phb, "review", first.number), status_code=422)
    assert Review.objects.count() == 1
    # Knowing of it, they may: a second review was held.
    assert answer.context["form"]["last_number"].value() == "1"
    signed_in.post(page(phb, "write-review"), sent | {"last_number": "1", "kind": "annual"})
    assert Review.objects.count() == 2


def test_page_keeps_what_is_typed_and_says_when_somebody_else_saved(signed_in, phb, team):
    keep = page(phb, "keep-review")
    assertContains(signed_in.post(keep, {"notes": "one", "revision": "0"}), 'value="1"')
    assertContains(signed_in.post(keep, {"notes": "two", "revision": "1"}), 'value="2"')
    assertContains(signed_in.post(keep, {"notes": "late", "revision": "1"}), "saved this review meanwhile")
    assert ReviewDraft.objects.get().typed == {"notes": ["two"]}
    answer = signed_in.post(page(phb, "write-review"), review_sent(team, do="save", notes="late", revision="1"))
    assertContains(answer, "What they saved", status_code=422)
    assertContains(answer, "two", status_code=422)
    assertContains(signed_in.get(page(phb, "discard-review")), "cannot be brought back")
    signed_in.post(page(phb, "discard-review"))
    assert not ReviewDraft.objects.exists()


@pytest.mark.parametrize("number", ["²", "-1", "x", "9" * 30])
def test_what_nobody_typed_does_not_break_the_page(signed_in, phb, team, number):
    sent = review_sent(team, last_number=number, revision=number, held_by=number, took_part=[number])
    assert signed_in.post(page(phb, "write-review"), sent).status_code == 422
    assert signed_in.post(f"{page(phb, 'keep-review')}?corrects={number}", {"revision": number}).status_code == 200


def test_correction_starts_from_what_the_review_said(signed_in, phb, team):
    first = make_review(phb, HELD, by=team, on=dt.date(2026, 11, 20), notes="A slip")
    correct = page(phb, "correct-review", first.number)
    assertContains(signed_in.get(correct), "A slip")
    sent = review_sent(team, last_number="1", notes="Put right", outcomes=["change_plan"])
    answer = signed_in.post(correct, sent, follow=True)
    assertContains(answer, "Corrects review 1")
    assertContains(answer, "Change the support plan")
    assertContains(signed_in.get(page(phb, "review", 1)), "By review 2")
    assertContains(signed_in.get(correct, follow=True), "corrected already")


def test_review_is_asked_for_and_set_aside_on_pages(signed_in, phb, team, commissioner):
    finance = UserFactory(role=Role.FINANCE, role__commissioner=commissioner)
    signed_in.force_login(finance)
    assert signed_in.post(page(phb, "ask-for-review"), {}).status_code == 422
    signed_in.post(page(phb, "ask-for-review"), {"reason": "concern", "note": "Cash was taken"})
    asked = ReviewRequest.objects.get()
    assertContains(signed_in.get(page(phb)), "Cash was taken")
    signed_in.force_login(team)
    aside = page(phb, "set-aside-review-request", asked.reference)
    assert signed_in.post(aside, {}).status_code == 422
    signed_in.post(aside, {"reason": "It was explained"})
    asked.refresh_from_db()
    assert asked.status == "set_aside"


def test_day_is_planned_and_how_things_were_is_recorded(signed_in, phb, team, commissioner):
    signed_in.post(page(phb, "plan-review"), on("planned_for", dt.date(2026, 12, 1)))
    assertContains(signed_in.get(page(phb)), "1 December 2026")
    assertContains(signed_in.get(page(phb, "outcome-baseline")), "No outcome scale is asked here")
    scale = make_scale(commissioner, by=team)
    before = page(phb, "outcome-baseline")
    assert signed_in.post(before, on("on", STARTED)).status_code == 422
    answer = signed_in.post(before, on("on", STARTED) | {f"scale_{scale.pk}": "3"}, follow=True)
    assertContains(answer, "Often")


def test_list_shows_what_is_due_and_its_file_the_same(signed_in, phb, team, commissioner):
    soon, later = started(commissioner, dt.date(2026, 9, 1)), started(commissioner, dt.date(2026, 11, 1))
    started(CommissionerFactory(), dt.date(2026, 8, 1))
    shown = signed_in.get(reverse("budgets:reviews"))
    assert [due.phb for due in shown.context["rows"]] == [phb, soon]
    assertContains(shown, "Overdue")
    for query, expected in (
        ("due=overdue", [phb]),
        ("due=soon", [soon]),
        ("due=any", [phb, soon, later]),
        ("due=planned", []),
        ("due=any&due_by_day=1&due_by_month=12&due_by_year=2026", [phb, soon]),
    ):
        found = signed_in.get(f"{reverse('budgets:reviews')}?{query}")
        assert [due.phb for due in found.context["rows"]] == expected, query
    assert signed_in.get(f"{reverse('budgets:reviews')}?due=never").status_code == 422
    file = b"".join(signed_in.get(f"{reverse('phb_register:list-csv', args=['reviews'])}?due=any")).decode()
    assert [line for line in file.splitlines() if "NHS continuing healthcare" in line or "2026-11-10" in line]
    assert file.count(commissioner.code) == 3
    signed_in.force_login(make_nurse(commissioner))
    assert signed_in.get(reverse("phb_register:list-csv", args=["reviews"])).status_code == 403


def test_queries_do_not_grow_with_the_list(signed_in, commissioner, django_assert_max_num_queries):
    for number in range(12):
        started(commissioner, dt.date(2026, 8, 1 + number))
    with django_assert_max_num_queries(16):
        assert len(signed_in.get(reverse("budgets:reviews")).context["rows"]) == 12


def test_home_page_lists_what_is_to_be_reviewed(signed_in, phb, team, commissioner):
    soon = started(commissioner, dt.date(2026, 9, 1))
    ask_for_review(phb=soon, reason=ReviewReason.MONEY_INSUFFICIENT, by=team, on=HELD)
    home = signed_in.get("/")
    for title in ("Reviews asked for", "Reviews overdue", "Reviews due in the next 8 weeks"):
        assertContains(home, title)
    assertContains(home, "It must be reviewed")
    assertContains(home, page(phb))


def test_scale_is_written_changed_and_ended_on_pages(signed_in, phb, team, commissioner):
    scales = reverse("budgets:outcome-scales", args=[commissioner.code])
    assertContains(signed_in.get(reverse("phb_register:commissioner-settings", args=[commissioner.code])), scales)
    new = reverse("budgets:new-outcome-scale", args=[commissioner.code])
    assertContains(signed_in.get(new), "needs a licence")
    sent = {
        "name": "Going out",
        "question": "How often do you get out?",
        "asked_of": "holder",
        "levels": "Never\nSometimes\n\nOften",
        "direction": "last_is_best",
        **on("active_from", STARTED),
    }
    assert signed_in.post(new, sent | {"levels": "Yes\nNo"}).status_code == 422
    assertContains(signed_in.post(new, sent, follow=True), "Never · Sometimes · Often")
    assert signed_in.post(new, sent).status_code == 422
    scale = OutcomeScale.objects.get()
    change = reverse("budgets:change-outcome-scale", args=[commissioner.code, scale.reference])
    assertContains(signed_in.get(change), "Sometimes")
    assertContains(signed_in.post(change, sent | {"name": "Getting out"}, follow=True), "Getting out, version 1")
    end = reverse("budgets:end-outcome-scale", args=[commissioner.code, scale.reference])
    assert signed_in.post(end, {}).status_code == 422
    assertContains(signed_in.post(end, on("active_until", HELD), follow=True), "until the day before 9 November 2026")
    assertContains(signed_in.get(scales), "Getting out")


def test_figures_of_outcomes_are_opened_by_those_who_see_figures(signed_in, commissioner):
    assertContains(signed_in.get(reverse("budgets:outcomes")), "Nobody answered both times yet")
    signed_in.force_login(make_nurse(commissioner))
    assert signed_in.get(reverse("budgets:outcomes")).status_code == 403
