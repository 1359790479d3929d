"""Noting who is writing in a section now. Kept in the cache only: it is true for minutes, and may be lost."""

import datetime as dt

from django.core.cache import cache

from offers.enums import WritingPart
from offers.models import OfferSection
from offers.selectors.drafts import STILL_WRITING, Writer, writers_key, writers_of
from phb_register.models import User


def note_writing(*, section: OfferSection, part: WritingPart, by: User, at: dt.datetime) -> None:
    """Somebody has the part open, or typed in it."""
    _keep(section, part, by, at, [Writer(by.pk, by.full_name, at)])


def note_left(*, section: OfferSection, part: WritingPart, by: User, at: dt.datetime) -> None:
    """Somebody saved the part, or threw away what they typed."""
    _keep(section, part, by, at, [])


def _keep(section: OfferSection, part: WritingPart, by: User, at: dt.datetime, own: list[Writer]) -> None:
    # Two who write at the same moment may lose one of the two signs; the next one puts it right.
    others = [each for each in writers_of(section, part, at=at) if each.user_id != by.pk]
    cache.set(writers_key(section, part), others + own, timeout=STILL_WRITING.total_seconds())
