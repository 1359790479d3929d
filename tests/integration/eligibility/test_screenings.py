"""Stored screenings, unchanged whatever happens to the rules; and screening a referral again, by its addresses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import Referral, RuleSetVersion, Screening, ScreeningDraft
from eligibility.services.referrals import accept_referral, decline_referral
from eligibility.services.screening_again import finish_screening_again, start_screening_again
from offers.models import Cohort, OfferLine
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

RECEIVED = dt.date(2026, 5, 3)


@pytest.fixture
def llr() -> Commissioner:
    return Commissioner.objects.get(code="QK1")


@pytest.fixture
def nurse(llr: Commissioner) -> User:
    return make_nurse(llr)


@pytest.fixture
def signed_in(client: Client, nurse: User) -> Client:
    client.force_login(nurse)
    return client


@pytest.fixture
def referral(llr: Commissioner, nurse: User) -> Referral:
    facts = {"chc": "not_eligible", "chc_fast_track": False, "wheelchair_need": "short_term"}
    return make_referral(llr, by=nurse, received_on=RECEIVED, facts=facts)


def page_of(screening: Screening) -> str:
    return reverse("eligibility:screening", args=[screening.reference])


def again_url(referral: Referral) -> str:
    return reverse("eligibility:screen-again", args=[referral.reference])


def overview(draft: ScreeningDraft) -> str:
    return reverse("eligibility:screening-draft", args=[draft.reference])


def question(draft: ScreeningDraft, code: str) -> str:
    return reverse("eligibility:screening-draft-question", args=[draft.reference, code])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def day(on: dt.date) -> dict[str, str]:
    return {"assessed_on_day": str(on.day), "assessed_on_month": str(on.month), "assessed_on_year": str(on.year)}


def main_of(response: Any) -> str:
    """The page without its header and footer, which hold a new token each time."""
    return words(response).split("<main")[1].split("</main>")[0]


def start(client: Client, referral: Referral, on: dt.date = dt.date(2026, 11, 1)) -> ScreeningDraft:
    answered = client.post(again_url(referral), {**day(on), "reason": "A new chair was ordered"})
    draft = ScreeningDraft.objects.get()
    assert answered["Location"] == overview(draft)
    return draft


def test_stored_screening_shows_the_four_axes_apart_with_facts_rules_and_reasons(
    signed_in: Client, nurse: User, llr: Commissioner
) -> None:
    screening = Screening.objects.get(referral=make_referral(llr, by=nurse, received_on=RECEIVED))
    page = words(signed_in.get(page_of(screening)))
    for heading in (
        "Is there an entitlement?",
        "How can the budget be held?",
        "Is a direct payment permitted?",
        "Who is likely to pay?",
    ):
        assert heading in page
    for source in ("reg 32B(4)", "reg 32B(2)", "SI 2013/1617, regs 3 and 4 and Schedule"):
        assert source in page
    assert "national-chc, version 3" in page
    assert "What was decided about NHS continuing healthcare (CHC)?" in page
    assert "A request is never blocked by it" in page
    assert AccessLogEntry.objects.filter(action="read", subject_id=str(screening.pk), actor=nurse).exists()


def test_stored_screening_stays_the_same_when_rules_timeline_and_settings_change(
    signed_in: Client, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    screening = Screening.objects.get(referral=referral)
    before = main_of(signed_in.get(page_of(screening)))
    version = RuleSetVersion.objects.get(rule_set__code="national-wheelchair", number=1)
    version.pk, version._state.adding = None, True
    version.number, version.status, version.outcome = 2, "proposed", "may_be_considered"
    version.effective_from, version.says = dt.date(2020, 1, 1), "Nobody any more."
    version.save()
    OfferLine.objects.filter(cohort__code="wheelchair").update(status="proposed", note="Put off")
    Cohort.objects.filter(code="wheelchair").update(name="Chairs")
    monkeypatch.setattr("phb_register.clock.today", lambda: dt.date(2031, 1, 1))
    monkeypatch.setattr("eligibility.presenters.screenings.fact_rows", lambda facts: [])
    assert main_of(signed_in.get(page_of(screening))) == before


def test_stored_screening_of_before_words_were_kept_is_shown_by_todays(signed_in: Client, referral: Referral) -> None:
    kept = Screening.objects.get(referral=referral)
    older = Screening.objects.create(
        referral=referral,
        assessed_on=kept.assessed_on,
        facts=kept.facts,
        answer=kept.answer,
        outcome=kept.outcome,
        rule_versions=kept.rule_versions,
        screened_by=kept.screened_by,
    )
    page = words(signed_in.get(page_of(older)))
    assert "Do they need an NHS wheelchair?" in page
    assert "Yes, for a short time" in page


def test_screening_of_another_commissioner_is_not_found(client: Client, referral: Referral) -> None:
    client.force_login(make_nurse(CommissionerFactory()))
    assert client.get(page_of(Screening.objects.get())).status_code == 404
    assert client.post(again_url(referral)).status_code == 404


def test_screening_again_keeps_both_and_says_what_changed(signed_in: Client, referral: Referral, nurse: User) -> None:
    first = Screening.objects.get()
    assert again_url(referral) in words(signed_in.get(reverse("eligibility:referral", args=[referral.reference])))
    draft = start(signed_in, referral)
    assert draft.facts["wheelchair_need"] == "short_term"
    assert "born_on" not in draft.facts
    page = words(signed_in.get(overview(draft)))
    assert "Not eligible" in page
    assert "The answer so far" in page
    answered = signed_in.post(question(draft, "wheelchair_need"), {"wheelchair_need": "long_term"})
    assert answered["Location"] == overview(draft)
    page = words(signed_in.get(overview(draft)))
    assert "Yes, long term (was: yes, for a short time)" in page
    assert "This person has a right to have a personal health budget" in page
    assert Screening.objects.count() == 1
    answered = signed_in.post(overview(draft))
    made = Screening.objects.exclude(pk=first.pk).get()
    assert answered["Location"] == page_of(made)
    assert (made.assessed_on, made.reason, made.screened_by) == (dt.date(2026, 11, 1), "A new chair was ordered", nurse)
    assert (first.outcome, made.outcome) == ("more_information_needed", "right_to_have")
    page = words(signed_in.get(reverse("eligibility:referral", args=[referral.reference])))
    assert (
        "Need for a wheelchair: yes, for a short time became yes, long term; "
        "Answer: more information needed became right to have" in page
    )
    assert page_of(first) in page
    assert page_of(made) in page
    assert AccessLogEntry.objects.filter(action="referral-screen-again", subject_id=str(referral.pk)).exists()


def test_screening_again_uses_the_rules_of_its_day(signed_in: Client, llr: Commissioner, nurse: User) -> None:
    ccg = Commissioner.objects.get(code="04C")
    local = make_nurse(ccg)
    referral = make_referral(ccg, by=local, received_on=dt.date(2016, 5, 1), facts={"wheelchair_need": "long_term"})
    for on, version in ((dt.date(2019, 12, 1), None), (dt.date(2019, 12, 2), 1)):
        draft = start_screening_again(referral=referral, by=local, assessed_on=on, reason="The law changed")
        made = finish_screening_again(draft=draft, by=local)
        used = {each["code"]: each["number"] for each in made.rule_versions}
        assert used.get("national-wheelchair") == version


def test_finishing_twice_makes_one_screening(signed_in: Client, referral: Referral, nurse: User) -> None:
    draft = start(signed_in, referral)
    made = finish_screening_again(draft=draft, by=nurse)
    assert finish_screening_again(draft=draft, by=nurse) == made
    assert signed_in.post(overview(draft))["Location"] == page_of(made)
    assert signed_in.get(question(draft, "chc"))["Location"] == page_of(made)
    assert Screening.objects.count() == 2


def test_half_filled_screening_survives_sign_out(client: Client, referral: Referral, nurse: User) -> None:
    client.force_login(nurse)
    draft = start(client, referral)
    client.post(question(draft, "autism"), {"autism": "yes", "learning_disability": "unknown"})
    client.session.flush()
    assert client.get(overview(draft))["Location"].startswith(reverse("account_login"))
    client.force_login(nurse)
    assert overview(draft) in words(client.get("/"))
    draft.refresh_from_db()
    assert draft.facts["autism"] is True
    assert draft.facts["learning_disability"] is None
    assert "Yes" in words(client.get(overview(draft)))
    client.post(again_url(referral), {**day(dt.date(2026, 11, 2)), "reason": "Another reason"})
    draft.refresh_from_db()
    assert (draft.reason, draft.facts["autism"]) == ("Another reason", True)


def test_half_filled_screening_is_its_users_alone_and_can_be_deleted(
    signed_in: Client, client: Client, referral: Referral, llr: Commissioner
) -> None:
    draft = start(signed_in, referral)
    client.force_login(make_nurse(llr))
    assert client.get(overview(draft)).status_code == 404
    client.force_login(draft.user)
    discard = reverse("eligibility:screening-draft-discard", args=[draft.reference])
    assert "will be lost" in words(client.get(discard))
    client.post(discard)
    assert not ScreeningDraft.objects.exists()
    assert Screening.objects.count() == 1


def test_picked_answers_show_what_they_would_change(signed_in: Client, referral: Referral) -> None:
    draft = start(signed_in, referral)
    url = reverse("eligibility:screening-draft-so-far", args=[draft.reference, "wheelchair_need"])
    assert "right to have a personal health budget" in words(signed_in.post(url, {"wheelchair_need": "long_term"}))
    draft.refresh_from_db()
    assert draft.facts["wheelchair_need"] == "short_term"


@pytest.mark.parametrize("code", ["born_on", "age", "shoe-size"])
def test_age_and_what_is_no_fact_are_never_asked(signed_in: Client, referral: Referral, code: str) -> None:
    assert signed_in.get(question(start(signed_in, referral), code)).status_code == 404


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (dt.date(2026, 5, 2), "on or after 3 May 2026, when the referral was received"),
        (dt.date(2100, 1, 1), "must be today or in the past"),
    ],
)
def test_day_that_cannot_be_is_refused(signed_in: Client, referral: Referral, on: dt.date, message: str) -> None:
    answered = signed_in.post(again_url(referral), {**day(on), "reason": "Why not"})
    assert answered.status_code == 422
    assert message in words(answered)
    assert signed_in.post(again_url(referral), day(RECEIVED)).status_code == 422
    assert not ScreeningDraft.objects.exists()


def test_accepted_referral_can_be_screened_again_by_the_team_and_a_declined_one_cannot(
    client: Client, llr: Commissioner
) -> None:
    team = make_team(llr)
    client.force_login(team)
    accepted = make_referral(llr, received_on=RECEIVED)
    accept_referral(referral=accepted, cohort=Cohort.objects.get(code="chc"), by=team)
    start(client, accepted)
    declined = make_referral(llr, received_on=RECEIVED, facts={"chc": "not_eligible"})
    decline_referral(referral=declined, reason_code="criteria_not_met", reasons="Nothing fits.", by=team)
    assert "Only a referral that waits for a decision or is accepted" in words(client.get(again_url(declined)))
    answered = client.post(again_url(declined), {**day(dt.date(2026, 11, 1)), "reason": "Look again"})
    assert answered.status_code == 422
    assert "This referral is declined" in words(answered)


def test_who_may_neither_make_nor_decide_referrals_screens_nothing(client: Client, referral: Referral) -> None:
    client.force_login(UserFactory(role=Role.FINANCE, role__commissioner=referral.commissioner))
    assert client.post(again_url(referral)).status_code == 403
    assert client.get(page_of(Screening.objects.get())).status_code == 403
