"""The demonstration of consultations, feedback and reviews: through the services, and safe to run again."""

import datetime as dt

import pytest

from offers.demonstration import consultations as demonstration
from offers.models import Consultation, ConsultationComment, Feedback, LocalOffer, OfferReview
from offers.selectors.consultations import comment_counts, summary_of
from offers.services.editions import submit
from phb_register import clock
from phb_register.models import OutgoingEmail, User
from phb_register.roles import Role
from tests.factories.offers import EditionFactory
from tests.factories.phb_register import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _users() -> None:
    """Those of the demonstration that these parts ask for."""
    for code, email in (("LLR", "llr"), ("11X", "somerset"), ("SURREY", "surrey")):
        commissioner = LocalOffer.objects.get(commissioner__code=code).commissioner
        MembershipFactory(
            user=UserFactory(email=f"team@{email}.example.nhs.uk"), role=Role.PHB_TEAM, commissioner=commissioner
        )
    for email in demonstration.INVITED:
        UserFactory(email=email)


def load(step) -> None:
    step(lambda done, total: None)


def test_running_consultation_has_something_to_read_to_answer_and_to_see() -> None:
    for _ in range(2):
        load(demonstration.load_running)
    consultation = Consultation.objects.get()
    counts = comment_counts(consultation)
    assert (counts.received, counts.shown, counts.answered, counts.set_aside) == (1, 2, 2, 1)
    assert consultation.takes_comments(clock.today())
    assert demonstration.NEW_TEXT in str(consultation.snapshot)
    assert {email.to_address for email in OutgoingEmail.objects.all()} == set(demonstration.INVITED)
    assert "Gannet" not in "".join(ConsultationComment.objects.public().values_list("shown_words", flat=True))


def test_past_consultation_is_settled_so_that_its_edition_can_be_submitted() -> None:
    offer = LocalOffer.objects.get(commissioner__code="LLR")
    by = User.objects.get(email="team@llr.example.nhs.uk")
    edition = EditionFactory(local_offer=offer, author=by)
    opened_on, closed_on = dt.date(2018, 1, 8), dt.date(2018, 2, 26)
    demonstration.consult_on(edition=edition, by=by, opened_on=opened_on, closed_on=closed_on)
    edition.refresh_from_db()
    assert demonstration.consult_on(edition=edition, by=by, opened_on=opened_on, closed_on=closed_on) is None
    summary = summary_of(edition)
    assert summary is not None
    assert (summary["opened_on"], summary["closed_on"]) == ("2018-01-08", "2018-02-26")
    assert (summary["comments"], len(summary["answers"])) == (len(demonstration.SETTLED), 3)
    assert submit(edition=edition, by=by).status == "submitted"


def test_feedback_and_reviews_are_loaded_once() -> None:
    for _ in range(2):
        load(demonstration.load_feedback)
    assert Feedback.objects.count() == 4
    assert Feedback.objects.waiting().count() == 3
    assert OfferReview.objects.count() == 2
