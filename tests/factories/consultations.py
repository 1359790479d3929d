"""Consultations and what was said in them, reached through the services."""

import datetime as dt
import uuid

from offers.models import Consultation, ConsultationComment, Edition, Feedback, LocalOffer
from offers.services.comments import send_comment, set_aside_comment
from offers.services.consultations import close_consultation, invite, open_consultation
from offers.services.editions import submit
from offers.services.feedback import send_feedback
from phb_register import clock
from phb_register.models import User
from tests.factories.offers import EditionFactory

WEEK = dt.timedelta(days=7)


def make_consultation(edition: Edition | None = None, **kwargs: object) -> Consultation:
    """An edition of which the draft is put to the public, since a week ago and for two more."""
    edition = edition or EditionFactory()
    today = clock.today()
    details = {"opens_on": today - WEEK, "closes_on": today + 2 * WEEK, "introduction": "", **kwargs}
    return open_consultation(edition=edition, by=edition.author, **details)  # type: ignore[arg-type]


def make_comment(consultation: Consultation, words: str = "Say who to call.", **kwargs: object) -> ConsultationComment:
    """What somebody said of it."""
    details = {"form_key": uuid.uuid4(), "words": words, **kwargs}
    return send_comment(consultation=consultation, **details)  # type: ignore[arg-type]


def make_feedback(words: str = "The phone number is wrong.", **kwargs: object) -> Feedback:
    """What a reader wrote about a page."""
    return send_feedback(**{"form_key": uuid.uuid4(), "kind": "wrong", "words": words, **kwargs})  # type: ignore[arg-type]


def submitted_after_consultation(offer: LocalOffer, invited: User) -> tuple[Edition, ConsultationComment]:
    """An edition that waits for approval, and the one comment on it, which was set aside."""
    edition = EditionFactory(local_offer=offer)
    consultation = make_consultation(edition)
    invite(consultation=consultation, addresses=[invited.email], by=edition.author)
    comment = make_comment(consultation)
    set_aside_comment(comment=comment, reason="not-about-it", by=edition.author)
    close_consultation(edition=edition, by=edition.author)
    return submit(edition=edition, by=edition.author), comment
