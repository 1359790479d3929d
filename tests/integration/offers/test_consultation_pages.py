"""Consultations through their addresses: the public without a cookie, invited users, and the team."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from offers.models import Consultation, ConsultationComment
from offers.services.comments import answer_comment, show_comment
from offers.services.consultations import close_consultation
from phb_register import clock
from phb_register.models import OutgoingEmail
from phb_register.roles import Role
from tests.factories.consultations import WEEK, make_comment, make_consultation
from tests.factories.offers import EditionFactory, LocalOfferFactory
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script><img src="https://example.org/x.png"> [x](javascript:alert(1)) {{ figure.x }}'


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


@pytest.fixture
def consultation() -> Consultation:
    offer = LocalOfferFactory(slug="testshire", title="Budgets in Testshire")
    offer.sections.filter(kind="introduction").update(body="There are **{{ figure.phbs_in_place }}** budgets.")
    return make_consultation(EditionFactory(local_offer=offer, title=offer.title), introduction="What is *missing*?")


@pytest.fixture
def team(consultation):
    return consultation.edition.author


def public(name: str) -> str:
    return reverse(f"offers:{name}", args=["testshire", 1])


def send(client: Client, **fields: str):
    token = client.get(public("comment-publicly")).context["form"]["token"].value()
    return client.post(public("comment-publicly"), {"token": token, **fields})


def test_public_reads_the_draft_and_comments_without_a_cookie(consultation) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(public("consultation"))
    words = page.content.decode()
    assert "What is <em>missing</em>?" in words
    assert '<span class="app-slot">122</span>' in words
    assert "This is a draft" in words
    assert page["Cache-Control"] == "public, max-age=60"

    sent = send(client, section="funding", words="Say what it pays for.", spoken_as="carer")

    assert (sent.status_code, sent["Location"]) == (302, public("comment-thanks"))
    assert "Your comment is sent" in client.get(sent["Location"]).content.decode()
    assert not client.cookies
    comment = ConsultationComment.objects.get()
    assert (comment.section, comment.words, comment.status) == ("funding", "Say what it pays for.", "received")
    assert comment.by is None


def test_form_of_the_public_is_kept_by_nobody(client: Client, consultation) -> None:
    page = client.get(public("comment-publicly"))
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert "csrf" not in page.content.decode()


def test_comment_that_is_not_right_keeps_what_was_typed(client: Client, consultation) -> None:
    page = send(client, words="", spoken_as="organisation", organisation="Testshire Carers")
    assert page.status_code == 422
    assert "Enter your comment" in page.content.decode()
    assert 'value="Testshire Carers"' in page.content.decode()
    stale = client.post(public("comment-publicly"), {"token": "old", "words": "Typed for hours"})
    assert stale.status_code == 422
    assert "Typed for hours" in stale.content.decode()
    assert not ConsultationComment.objects.exists()


def test_too_many_comments_from_one_place_are_refused_and_nothing_typed_is_lost(client: Client, consultation) -> None:
    answers = [send(client, words=f"Comment {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Wait a few minutes" in answers[-1].content.decode()
    assert "Comment 10" in answers[-1].content.decode()
    assert ConsultationComment.objects.count() == 10


def test_nobody_comments_once_it_is_closed(client: Client, consultation, team) -> None:
    token = client.get(public("comment-publicly")).context["form"]["token"].value()
    close_consultation(edition=consultation.edition, by=team)
    late = client.post(public("comment-publicly"), {"token": token, "words": "Typed when it closed"})
    assert late.status_code == 422
    assert "takes no comments now" in late.content.decode()
    assert "Typed when it closed" in late.content.decode()


def test_public_reads_what_was_shown_and_answered_and_nothing_else(client: Client, consultation, team) -> None:
    nurse = UserFactory(full_name="Nora Nightjar")
    consultation.invitations.create(user=nurse, invited_by=team, invited_at=clock.now())
    said = make_comment(consultation, "Call Maud. " + HOSTILE, by=nurse, section="funding")
    show_comment(comment=said, shown_words="Call […]. " + HOSTILE, by=team)
    answer_comment(comment=said, answer="We wrote it down. " + HOSTILE, is_offer_changed=True, by=team)
    make_comment(consultation, "Waits to be read")

    words = client.get(public("consultation")).content.decode()

    for shown in ("Call […]", "We wrote it down", "An invited reader", "The offer was changed", "Not read yet: 1"):
        assert shown in words
    for hidden in ("Maud", "Nora Nightjar", "Waits to be read", "<script>alert", "<img src=", 'href="javascript'):
        assert hidden not in words


def test_draft_that_opens_later_or_was_never_put_to_the_public_is_not_found(client: Client) -> None:
    today = clock.today()
    later = make_consultation(opens_on=today + WEEK, closes_on=today + 2 * WEEK)
    for name in ("consultation", "comment-publicly", "comment-thanks"):
        assert client.get(reverse(f"offers:{name}", args=[later.local_offer.slug, 1])).status_code == 404
    assert client.get(reverse("offers:consultation", args=[later.local_offer.slug, 2])).status_code == 404


def test_page_of_the_offer_leads_to_the_consultation(client: Client, consultation) -> None:
    words = client.get("/local-offers/testshire/").content.decode()
    assert public("consultation") in words
    assert "Consultation 1, on edition 1" in client.get("/local-offers/testshire/consultations/").content.decode()


@pytest.mark.parametrize("comments", [1, 5])
def test_consultation_is_read_in_as_many_queries_whatever_was_said(
    client: Client, consultation, team, comments, django_assert_max_num_queries
) -> None:
    for number in range(comments):
        show_comment(comment=make_comment(consultation, f"Comment {number}"), shown_words="Shown", by=team)
    with django_assert_max_num_queries(4):
        client.get(public("consultation"))
    client.force_login(team)
    with django_assert_max_num_queries(16):
        client.get(reverse("offers:run-consultation", args=["testshire", 1]))


def test_team_opens_a_consultation_in_the_browser(client: Client) -> None:
    edition = EditionFactory()
    offer, today = edition.local_offer, clock.today()
    client.force_login(edition.author)
    address = reverse("offers:edition-open-consultation", args=[offer.slug, 1])
    assert address in client.get(reverse("offers:edition-progress", args=[offer.slug, 1])).content.decode()
    last = today + WEEK
    days = {"opens_on_day": today.day, "opens_on_month": today.month, "opens_on_year": today.year}
    wrong = client.post(address, days | {"closes_on_day": today.day, "closes_on_month": today.month,
                                         "closes_on_year": today.year, "introduction": "Typed"})  # fmt: skip
    assert wrong.status_code == 422
    assert "Last day must be after the first day" in wrong.content.decode()
    assert "Typed" in wrong.content.decode()
    right = client.post(address, days | {"closes_on_day": last.day, "closes_on_month": last.month,
                                         "closes_on_year": last.year, "introduction": "Tell us"})  # fmt: skip
    assert right["Location"] == reverse("offers:run-consultation", args=[offer.slug, 1])
    assert Consultation.objects.get().introduction == "Tell us"


def test_team_reads_shows_and_answers_in_the_browser(client: Client, consultation, team) -> None:
    comment = make_comment(consultation, "Call Maud")
    client.force_login(team)
    desk = reverse("offers:run-consultation", args=["testshire", 1])
    assert reverse("offers:comment", args=["testshire", comment.reference]) in client.get(desk).content.decode()
    assert "1 comment to read" in client.get("/").content.decode()

    def step(verb: str, **fields: str):
        return client.post(reverse("offers:comment-step", args=["testshire", comment.reference, verb]), fields)

    assert step("answer", answer="Too soon", is_offer_changed="yes").status_code == 422
    assert step("show", shown_words="Call […]").status_code == 302
    empty = step("answer", answer="", is_offer_changed="")
    assert "Enter the answer" in empty.content.decode()
    assert step("answer", answer="We do", is_offer_changed="yes").status_code == 302
    comment.refresh_from_db()
    assert (comment.status, comment.shown_words, comment.answer) == ("answered", "Call […]", "We do")
    assert step("no-such").status_code == 404
    page = client.get(reverse("offers:comment", args=["testshire", comment.reference])).content.decode()
    assert "Words were taken out" in page
    filtered = client.get(desk, {"status": "received"}).content.decode()
    assert "There are no comments here" in filtered


def test_team_closes_and_lengthens_in_the_browser(client: Client, consultation, team) -> None:
    client.force_login(team)
    later = consultation.closes_on + WEEK
    days = {"closes_on_day": later.day, "closes_on_month": later.month, "closes_on_year": later.year}
    address = reverse("offers:lengthen-consultation", args=["testshire", 1])
    assert client.post(address, days).status_code == 302
    assert client.post(address, days).status_code == 422
    client.post(reverse("offers:edition-close-consultation", args=["testshire", 1]))
    consultation.refresh_from_db()
    assert (consultation.closes_on, consultation.is_closed) == (later, True)


def test_invited_user_finds_it_on_their_list_and_comments(client: Client, consultation, team) -> None:
    nurse = UserFactory(role=Role.REFERRING_NURSE)
    client.force_login(team)
    address = reverse("offers:invite-to-consultation", args=["testshire", 1])
    unknown = client.post(address, {"addresses": "nobody@testing.example.nhs.uk"})
    assert unknown.status_code == 422
    assert "There is no user with the e-mail address" in unknown.content.decode()
    client.post(address, {"addresses": f"{nurse.email}\n"})
    link = OutgoingEmail.objects.get().link

    client.force_login(nurse)
    assert link in client.get("/").content.decode()
    key = client.get(link).context["form"]["form_key"].value()
    for _ in range(2):
        client.post(link, {"form_key": str(key), "words": "From a nurse", "spoken_as": "professional"})
    assert ConsultationComment.objects.get().by == nurse
    assert "From a nurse" in client.get(link).content.decode()
    assert link not in client.get("/").content.decode()
    client.force_login(UserFactory(role=Role.PHB_TEAM))
    assert client.get(link).status_code == 404
