"""What is kept of a section before it is saved, and who is writing in it now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache

from offers.enums import WritingPart
from offers.models import LocalOffer, OfferSection, SectionDraft
from offers.rules.easy_read import TypedLine
from phb_register.models import User

#: Somebody who opened a section or typed in it counts as writing for this long. Nothing asks again by itself: a page
#: left open would keep its session alive.
STILL_WRITING = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Writer:
    """Somebody who has a part of a section open, and when they last gave a sign."""

    user_id: int
    name: str
    seen_at: dt.datetime


def draft_of(section: OfferSection, part: WritingPart, user: User) -> SectionDraft | None:
    """What is kept of a part for this user."""
    return SectionDraft.objects.filter(section=section, part=part, user=user).first()


def drafts_on(offer: LocalOffer, user: Any) -> set[tuple[str, str]]:
    """Kind of section and part of everything kept for a user on one offer."""
    kept = SectionDraft.objects.filter(section__local_offer=offer, user=user)
    return set(kept.values_list("section__kind", "part"))


def saved_content(section: OfferSection, part: WritingPart) -> dict[str, Any]:
    """What is saved of a part, in the form a draft keeps it in."""
    if part == WritingPart.TEXT:
        return {"heading": section.heading, "body": section.body}
    return content_of(easy_read_lines(section))


def content_of(lines: Iterable[TypedLine]) -> dict[str, Any]:
    """Easy read lines in the form a draft keeps them in. Empty ones at the end are not kept."""
    kept = [asdict(line) for line in lines]
    while kept and not any(kept[-1].values()):
        kept.pop()
    return {"lines": kept}


def easy_read_lines(section: OfferSection) -> list[TypedLine]:
    """The easy read lines of a section as they are saved, in order."""
    return [TypedLine(line.picture, line.words) for line in section.easy_read_lines.order_by("position")]


def saved_version(section: OfferSection, part: WritingPart) -> int:
    """The version of what is saved of a part."""
    return section.version if part == WritingPart.TEXT else section.easy_read_version


def writers_of(section: OfferSection, part: WritingPart, *, at: dt.datetime) -> list[Writer]:
    """Who is writing in a part now, by name."""
    found: list[Writer] = cache.get(writers_key(section, part), [])
    return sorted((each for each in found if each.seen_at > at - STILL_WRITING), key=lambda each: each.name)


def others_writing(section: OfferSection, part: WritingPart, *, user: User, at: dt.datetime) -> list[str]:
    """The names of everybody else who is."""
    return [each.name for each in writers_of(section, part, at=at) if each.user_id != user.pk]


def writers_key(section: OfferSection, part: WritingPart) -> str:
    """Where the cache keeps who is writing in a part."""
    return f"offers/writing/{section.pk}/{part}"
