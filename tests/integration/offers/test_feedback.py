"""Feedback of readers, how to ask, and the day an offer was looked through."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from offers.models import Edition, Feedback, OfferReview
from offers.selectors.feedback import reviews_due
from offers.services.feedback import deal_with_feedback, record_review
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import CommissionerSettings
from phb_register.public_forms import new_token
from phb_register.roles import Role
from tests.factories.consultations import make_consultation, make_feedback
from tests.factories.offers import LocalOfferFactory, published_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

FEEDBACK = "/feedback/"


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


@pytest.fixture
def offer():
    return LocalOfferFactory(slug="testshire", title="Budgets in Testshire")


@pytest.fixture
def team(offer):
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


def published(offer) -> Edition:
    """Its first edition."""
    return published_edition(local_offer=offer)


def test_every_public_page_leads_to_feedback_about_itself(client: Client, offer) -> None:
    for page in (
        "/local-offers/",
        "/local-offers/testshire/",
        "/local-offers/testshire/how-to-ask/",
        "/accessibility/",
    ):
        words = client.get(page).content.decode()
        assert f"/feedback/?page={page.replace('/', '%2F')}" in words, page
    assert 'href="/feedback/"' in client.get(FEEDBACK).content.decode()
    assert not client.cookies


def test_reader_sends_feedback_without_a_cookie_and_the_team_deals_with_it(offer, team) -> None:
    client = Client(enforce_csrf_checks=True)
    form = client.get(FEEDBACK, {"page": "/local-offers/testshire/"}).context["form"]
    assert form["local_offer"].value() == offer.pk
    fields = {
        "kind": "wrong",
        "words": "The number is <b>wrong</b>",
        "local_offer": offer.pk,
        "contact": "reader@example.org",
        "page": form["page"].value(),
        "token": form["token"].value(),
    }
    for _ in range(2):
        assert client.post(FEEDBACK, fields)["Location"] == "/feedback/thanks/"
    assert not client.cookies
    feedback = Feedback.objects.get()
    assert (feedback.page, feedback.local_offer) == ("/local-offers/testshire/", offer)

    staff = Client()
    staff.force_login(team)
    address = reverse("offers:one-feedback", args=[feedback.reference])
    assert address in staff.get("/").content.decode()
    assert address in staff.get(reverse("offers:feedback-received")).content.decode()
    assert "The number is &lt;b&gt;wrong" in staff.get(address).content.decode()
    assert staff.post(address, {"note": ""}).status_code == 422
    staff.post(address, {"note": "Corrected in edition 2"})
    assert address not in staff.get(reverse("offers:feedback-received")).content.decode()
    assert address in staff.get(reverse("offers:feedback-received"), {"show": "done"}).content.decode()
    again = staff.post(address, {"note": "Twice"})
    assert again.status_code == 422
    assert "Somebody dealt with this already" in again.content.decode()


@pytest.mark.parametrize(
    "address", ["https://example.org/", "//example.org/", "/people/", "/no-such/", "javascript:x", ""]
)
def test_address_that_is_no_public_page_of_ours_is_dropped(client: Client, address: str) -> None:
    asked = client.get(FEEDBACK, {"page": address})
    assert asked.status_code == 200
    assert asked.context["page"] == ""
    token = asked.context["form"]["token"].value()
    client.post(FEEDBACK, {"kind": "other", "words": "Hello", "page": address, "token": token})
    assert Feedback.objects.get().page == ""


def test_feedback_that_is_not_right_keeps_what_was_typed(client: Client) -> None:
    token = client.get(FEEDBACK).context["form"]["token"].value()
    page = client.post(FEEDBACK, {"words": "Typed", "contact": "01632 960 001", "token": token})
    assert page.status_code == 422
    for words in ("Select what it is about", "Typed", "01632 960 001"):
        assert words in page.content.decode()


def test_feedback_is_for_the_team_of_its_offer_or_for_every_team(offer, team) -> None:
    other = UserFactory(role=Role.PHB_TEAM)
    ours, anybodys = make_feedback(local_offer=offer), make_feedback("In general")
    assert set(Feedback.objects.visible_to(team)) == {ours, anybodys}
    assert set(Feedback.objects.visible_to(other)) == {anybodys}
    assert not Feedback.objects.visible_to(UserFactory(role=Role.AUDITOR)).exists()
    with pytest.raises(PermissionDenied):
        deal_with_feedback(feedback=ours, note="Not theirs", by=other)


def test_feedback_never_changes_but_for_what_was_done(offer, team) -> None:
    feedback = make_feedback(local_offer=offer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Feedback.objects.filter(pk=feedback.pk).update(words="Other")
    deal_with_feedback(feedback=feedback, note="Done", by=team)
    with pytest.raises(DatabaseError), transaction.atomic():
        Feedback.objects.filter(pk=feedback.pk).update(dealt_with_note="Otherwise")


@pytest.mark.parametrize("fields", [{"words": " "}, {"words": "x" * 3001}, {"kind": "no-such"}])
def test_feedback_that_says_nothing_or_too_much_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        make_feedback(**{"form_key": uuid.uuid4(), **fields})


def test_list_of_feedback_is_read_in_as_many_queries_whatever_its_length(
    client: Client, offer, team, django_assert_max_num_queries
) -> None:
    for number in range(6):
        make_feedback(f"Feedback {number}", local_offer=offer)
    client.force_login(team)
    with django_assert_max_num_queries(11):
        client.get(reverse("offers:feedback-received"))


def test_how_to_ask_is_the_commissioners_own_until_an_edition_says_it(client: Client, offer) -> None:
    CommissionerSettings.objects.create(commissioner=offer.commissioner, how_to_ask="Ask the team in *Testshire*.")
    before = client.get("/local-offers/testshire/how-to-ask/").content.decode()
    assert "Ask the team in <em>Testshire</em>." in before
    offer.sections.filter(kind="how-to-ask").update(body="Ask your **nurse**.")
    offer.sections.filter(kind="contacts-by-role").update(body="The budgets team answers.")
    edition = published(offer)
    offer.sections.filter(kind="how-to-ask").update(body="Written since.")
    after = client.get("/local-offers/testshire/how-to-ask/").content.decode()
    assert "Ask your <strong>nurse</strong>." in after
    assert "The budgets team answers." in after
    assert "Written since" not in after
    assert "Ask the team in" not in after
    assert edition.is_public
    assert client.get("/local-offers/nowhere/how-to-ask/").status_code == 404


def test_public_pages_say_when_they_were_reviewed_and_staff_are_reminded(client: Client, offer, team) -> None:
    edition = published(offer)
    today = clock.today()
    soon = today + dt.timedelta(days=340)
    assert reviews_due(team, today) == []
    assert [due.reviewed_on for _, due in reviews_due(team, soon)] == [None]
    assert "last reviewed" not in client.get("/local-offers/testshire/").content.decode()

    client.force_login(team)
    address = reverse("offers:review-offer", args=["testshire"])
    day, following = today, today + dt.timedelta(days=365)
    fields = {f"{name}_{part}": getattr(value, part) for name, value in
              (("reviewed_on", day), ("next_review_on", following)) for part in ("day", "month", "year")}  # fmt: skip
    assert client.post(address, fields | {"reviewed_on_year": today.year + 1}).status_code == 422
    assert client.post(address, fields)["Location"] == reverse("offers:workshop", args=["testshire"])

    words = f"Page last reviewed: {day:%-d %B %Y}. Next review due: {following:%-d %B %Y}."
    for page in ("/local-offers/testshire/", f"/local-offers/testshire/editions/{edition.number}/",
                 "/local-offers/testshire/how-to-ask/"):  # fmt: skip
        assert words in client.get(page).content.decode()
    assert reviews_due(team, following - dt.timedelta(days=31)) == []
    (found,) = reviews_due(team, following + dt.timedelta(days=1))
    assert found[1].due_on == following
    assert reviews_due(UserFactory(role=Role.PHB_TEAM), following) == []


def test_review_is_refused_that_is_to_come_goes_back_or_looks_nowhere(offer, team) -> None:
    today = clock.today()
    day = dt.timedelta(days=1)
    record_review(offer=offer, reviewed_on=today, next_review_on=today + day, by=team)
    for reviewed_on, next_review_on in ((today + day, today + 2 * day), (today - day, today + day), (today, today)):
        with pytest.raises(Refused):
            record_review(offer=offer, reviewed_on=reviewed_on, next_review_on=next_review_on, by=team)
    with pytest.raises(PermissionDenied):
        record_review(offer=offer, reviewed_on=today, next_review_on=today + day, by=UserFactory(role=Role.PHB_TEAM))
    with pytest.raises(DatabaseError), transaction.atomic():
        OfferReview.objects.update(note="Otherwise")


class FuzzTest(TestCase):
    """Whatever is sent to a form that anybody may send, it is taken or refused in plain words, and never fails."""

    @settings(max_examples=8, deadline=None)
    @given(
        fields=st.dictionaries(
            st.sampled_from(["kind", "words", "local_offer", "contact", "page", "token", "section", "spoken_as"]),
            st.text(max_size=30)
            | st.sampled_from(["wrong", "/local-offers/", "99999999999999999999", "\x00", "other"]),
        ),
        is_token_right=st.booleans(),
    )
    def test_public_forms_survive_anything(self, fields: dict[str, str], is_token_right: bool) -> None:
        cache.clear()
        consultation = make_consultation()
        comment = reverse("offers:comment-publicly", args=[consultation.local_offer.slug, 1])
        for address, purpose in ((FEEDBACK, "feedback"), (comment, "comment")):
            sent = fields | ({"token": new_token(purpose, clock.now())} if is_token_right else {})
            assert self.client.post(address, sent).status_code in {302, 422}
        assert self.client.get(FEEDBACK, fields).status_code == 200


def test_file_sent_with_feedback_is_neither_held_nor_written(client: Client) -> None:
    """The form has no file: one that is sent all the same would lie on the server's disk, whatever its size."""
    sent = client.post("/feedback/", {"words": "", "extra": SimpleUploadedFile("x.bin", bytes(3_000_000))})
    assert sent.status_code == 422
    assert not sent.wsgi_request.FILES
