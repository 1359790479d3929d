"""The public self-check through its address: the same rules, nothing stored, no cookie, nothing logged."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eligibility.models import ReferralDraft, Screening
from eligibility.presenters.self_check import HEADINGS
from eligibility.rules.facts import FACTS
from eligibility.rules.public_questions import PUBLIC_QUESTIONS
from eligibility.selectors.rule_sets import rule_book
from offers.models import LocalOffer
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings
from tests.factories.offers import LocalOfferFactory, published_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

SLUG = "leicester-leicestershire-and-rutland"
URL = f"/local-offers/{SLUG}/can-i-have-one/"
TODAY = dt.date(2026, 11, 22)
ADULT = "age=25-130"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phb_register.clock.today", lambda: TODAY)


def send(client: Client, carried: list[str], **answers: str) -> Any:
    return client.post(URL, {"carried": carried, **answers})


def words(response: Any) -> str:
    return response.content.decode()


def go_through(client: Client, known: dict[str, str], url: str = URL) -> tuple[list[str], Any]:
    """Answer page by page what is known, and "I do not know" to the rest."""
    asked: list[str] = []
    response = client.get(url)
    while (form := (response.context or {}).get("form")) is not None:
        assert not set(form.fields) & set(asked), "asked twice"
        asked += form.fields
        answers = {code: known.get(code, "unknown") for code in form.fields}
        response = client.post(url, {"carried": form.carried, **answers})
        assert response.status_code == 200
    return asked, response


def test_adult_with_chc_is_told_of_the_right_after_two_questions(client: Client) -> None:
    asked, response = go_through(client, {"age": "25-130", "chc": "eligible"})
    assert asked == ["age", "chc"]
    page = words(response)
    assert "You probably have a right to a personal health budget" in page
    assert "reg 32B(4)" in page
    assert "a professional decides" in page.lower()
    assert "You can ask whatever this page says" in page


def test_self_check_says_what_the_register_says(client: Client) -> None:
    """The same rules on the same day, whatever is answered: an adult, a child, nobody in particular."""
    book = rule_book(Commissioner.objects.get(code="QK1"), TODAY)
    nothing = dict.fromkeys(PUBLIC_QUESTIONS, "no") | {
        "chc": "not_eligible", "continuing_care": "not_eligible", "wheelchair_need": "none",
        "mental_health_act_section": "none",
    }  # fmt: skip
    for born_on, known in (
        (dt.date(2001, 1, 1), {**nothing, "age": "25-130"}),
        (dt.date(2001, 1, 1), {**nothing, "age": "25-130", "wheelchair_need": "long_term"}),
        (dt.date(2014, 1, 1), {**nothing, "age": "0-15", "ehc_plan": "yes", "autism": "yes"}),
        (None, {}),
    ):
        asked, response = go_through(client, known)
        facts: dict[str, Any] = {code: known.get(code, "unknown") for code in asked if code != "age"}
        facts = {code: {"yes": True, "no": False, "unknown": None}.get(value, value) for code, value in facts.items()}
        facts = {**dict.fromkeys(FACTS), **facts, "born_on": born_on}
        answer = book.screen(facts=facts)
        heading = response.context["result"].heading
        assert heading == HEADINGS[answer.outcome], known


def test_every_question_can_be_answered_i_do_not_know(client: Client) -> None:
    asked, response = go_through(client, {})
    assert asked[0] == "age"
    assert "You may be able to have a personal health budget" in words(response)
    assert "What it depends on" in words(response)
    assert "only a professional can say" in words(response)


def test_self_check_stores_nothing_and_sets_no_cookie(client: Client) -> None:
    before = AccessLogEntry.objects.count()
    _, response = go_through(client, {"age": "25-130", "chc": "eligible"})
    assert not client.cookies
    assert not response.cookies
    assert (Session.objects.count(), Screening.objects.count(), ReferralDraft.objects.count()) == (0, 0, 0)
    assert AccessLogEntry.objects.count() == before


def test_self_check_works_with_csrf_checks_on_and_no_token() -> None:
    client = Client(enforce_csrf_checks=True)
    response = send(client, [], age="25-130")
    assert response.status_code == 200
    assert "csrf" not in words(response)


def test_answers_are_neither_kept_nor_found(client: Client) -> None:
    response = send(client, [], age="25-130")
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" in client.get(URL)["Cache-Control"]
    assert "X-Robots-Tag" not in client.get(URL)


def test_log_names_the_address_and_no_answer(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(client, [ADULT], chc="eligible")
    send(client, [ADULT, "chc=forged"], autism="yes")
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert URL in logged
    for answer in ("eligible", "forged", "25-130", "autism", "carried"):
        assert answer not in logged


def test_unanswered_page_is_422_and_names_the_question(client: Client) -> None:
    response = client.post(URL)
    assert response.status_code == 422
    assert "Select an answer to “How old are you?”" in words(response)
    response = send(client, [ADULT])
    assert response.status_code == 422
    assert "Select an answer to “Do you have NHS continuing healthcare (CHC)?”" in words(response)
    assert 'value="age=25-130"' in words(response)


def test_back_takes_one_page_back_with_the_rest_kept(client: Client) -> None:
    response = send(client, [ADULT, "chc=unknown"], back="yes")
    assert list(response.context["form"].fields) == ["chc"]
    assert response.context["form"].carried == [ADULT]
    response = send(client, [ADULT], back="yes")
    assert list(response.context["form"].fields) == ["age"]


@pytest.mark.parametrize(
    "carried",
    [
        ["age=17"],
        ["chc=eligible"],
        [ADULT, "chc=perhaps"],
        [ADULT, "chc=eligible", "chc=eligible"],
        [ADULT, ADULT],
        [ADULT, "born_on=1980-06-15"],
        [ADULT, "may_benefit=yes"],
        ["<script>alert(1)</script>"],
        ["age=25-130\x00"],
        [""],
    ],
)
def test_answers_changed_on_the_way_get_a_clear_page(client: Client, carried: list[str]) -> None:
    response = send(client, carried, chc="eligible")
    assert response.status_code == 422
    assert "Your earlier answers could not be read" in words(response)
    assert "<script>alert" not in words(response)


class TestAnythingSent(TestCase):
    @given(
        st.lists(
            st.one_of(
                st.text(max_size=20),
                st.builds(
                    "{}={}".format,
                    st.sampled_from(["age", *FACTS]),
                    st.sampled_from(["yes", "no", "unknown", "25-130", "0-15", "eligible", "none", "s3", "9-1"]),
                ),
            ),
            max_size=6,
        ),
        st.dictionaries(st.sampled_from(["age", "chc", "autism", "back", "x"]), st.text(max_size=8), max_size=3),
    )
    @settings(max_examples=40)
    def test_whatever_is_sent_is_answered(self, carried: list[str], fields: dict[str, str]) -> None:
        response = self.client.post(URL, {"carried": carried, **fields})
        assert response.status_code in {200, 422}


def test_planned_group_is_told_when_it_starts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phb_register.clock.today", lambda: dt.date(2016, 5, 1))
    known = {"age": "25-130", "chc": "not_eligible", "chc_fast_track": "no", "wheelchair_need": "long_term"}
    for code in PUBLIC_QUESTIONS:
        known.setdefault(code, "no")
    known["mental_health_act_section"] = "none"
    _, response = go_through(client, known)
    page = words(response)
    assert "not offered to you here yet" in page
    assert "planned to start on 1 April 2017" in page


def test_page_says_how_to_ask_as_the_settings_do(client: Client) -> None:
    llr = Commissioner.objects.get(code="LLR")
    CommissionerSettings.objects.update_or_create(
        commissioner=llr, defaults={"how_to_ask": "Ring the budgets team on 01632 960001."}
    )
    _, response = go_through(client, {"age": "25-130", "chc": "eligible"})
    assert "Ring the budgets team on 01632 960001." in words(response)


def test_self_check_is_linked_from_the_local_offer(client: Client) -> None:
    assert URL in words(client.get(f"/local-offers/{SLUG}/"))


def test_self_check_is_linked_from_an_edition_at_its_top_and_where_it_says_how_to_ask(client: Client) -> None:
    offer = LocalOfferFactory()
    offer.sections.filter(kind="how-to-ask").update(body="Ask the team.")
    slug = published_edition(local_offer=offer).local_offer.slug
    page = words(client.get(f"/local-offers/{slug}/"))
    assert page.count(f"/local-offers/{slug}/can-i-have-one/") == 2
    assert page.rindex("can-i-have-one") > page.index('id="how-to-ask"')


def test_self_check_of_no_offer_is_not_found(client: Client) -> None:
    assert client.get("/local-offers/nowhere/can-i-have-one/").status_code == 404


def test_self_check_is_the_same_for_a_signed_in_user(client: Client) -> None:
    before = words(send(client, [ADULT], chc="unknown"))
    client.force_login(UserFactory())
    assert words(send(client, [ADULT], chc="unknown")) == before


def test_each_offer_has_a_check_by_its_own_rules(client: Client) -> None:
    """The partnership's, Somerset's, and one that has no rules but the law's."""
    LocalOfferFactory()
    asked = {}
    for offer in LocalOffer.objects.all():
        url = f"/local-offers/{offer.slug}/can-i-have-one/"
        asked[offer.commissioner.code], response = go_through(client, {}, url)
        assert "You may be able to have a personal health budget" in words(response), url
    assert "autism" in asked["LLR"]
    assert "autism" not in min(asked.values(), key=len)


def test_title_names_the_question(client: Client) -> None:
    page = words(send(client, [], age="25-130"))
    assert "<title>Do you have NHS continuing healthcare (CHC)? – Can I have a personal health budget?" in page
