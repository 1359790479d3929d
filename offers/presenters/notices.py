"""What every public page of an offer says beside its text: a consultation that is open, the last review."""

import datetime as dt
from typing import Any

from offers.models import Edition, LocalOffer
from offers.presenters.consultations import notice
from offers.presenters.feedback import reviewed_words
from offers.selectors.consultations import public_consultations


def notices(offer: LocalOffer, edition: Edition | None, today: dt.date) -> dict[str, Any]:
    """For the page of an edition, or of an offer that has none yet. Two reads."""
    consultations = public_consultations(offer, today)
    return {
        "consultation_notice": notice(next((each for each in consultations if each.takes_comments(today)), None)),
        "has_consultations": bool(consultations),
        "reviewed": reviewed_words(offer, edition),
    }
