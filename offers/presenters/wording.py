"""Words, colours and sizes."""

import datetime as dt
from dataclasses import dataclass

from offers.enums import EditionStatus, LineStatus
from offers.rules.editions import Verb

LINE_TAGS: dict[str, str] = {
    LineStatus.LIVE: "nhsuk-tag--green",
    LineStatus.PLANNED: "nhsuk-tag--blue",
    LineStatus.SCOPING: "nhsuk-tag--yellow",
    LineStatus.PROPOSED: "nhsuk-tag--grey",
}

EDITION_TAGS: dict[str, str] = {
    EditionStatus.DRAFT: "nhsuk-tag--grey",
    EditionStatus.IN_CONSULTATION: "nhsuk-tag--purple",
    EditionStatus.SUBMITTED: "nhsuk-tag--yellow",
    EditionStatus.APPROVED: "nhsuk-tag--blue",
    EditionStatus.PUBLISHED: "nhsuk-tag--green",
    EditionStatus.SUPERSEDED: "nhsuk-tag--white",
    EditionStatus.WITHDRAWN: "nhsuk-tag--red",
}


@dataclass(frozen=True)
class Confirmation:
    """What a confirm page says: its heading, what will happen, and what is said once it has."""

    heading: str
    explanation: str
    done: str


CONFIRMATIONS: dict[Verb, Confirmation] = {
    Verb.SUBMIT: Confirmation(
        "Submit edition {number} for approval",
        "Somebody else must approve it. Until they decide, nobody can change its text or timeline.",
        "Edition {number} waits for approval",
    ),
    Verb.OPEN_CONSULTATION: Confirmation(
        "Open a consultation on edition {number}",
        "Everybody can then read the draft and comment on it. You can go on writing meanwhile.",
        "Edition {number} is open to comments",
    ),
    Verb.CLOSE_CONSULTATION: Confirmation(
        "Close the consultation on edition {number}",
        "Nobody can comment on it any more. The comments and their answers stay on the record.",
        "The consultation on edition {number} is closed",
    ),
    Verb.RETURN: Confirmation(
        "Return edition {number} to its author",
        "The edition becomes a draft again. Its author sees your reason in their list of work.",
        "Edition {number} is back with its author",
    ),
    Verb.APPROVE: Confirmation(
        "Approve edition {number}",
        "Read the preview first. You approve its text and timeline as they stand, to be published.",
        "Edition {number} is approved",
    ),
    Verb.PUBLISH: Confirmation(
        "Publish edition {number}",
        "Everybody can then read it, without signing in. Its text, timeline and figures can never be changed "
        "again; the edition before it stays readable at its own address.",
        "Edition {number} is being published",
    ),
    Verb.WITHDRAW: Confirmation(
        "Withdraw edition {number}",
        "The public can no longer read it, and reads your reason in its place. This cannot be undone: to offer its "
        "text again, publish a new edition.",
        "Edition {number} is withdrawn",
    ),
}

DONE_WORDS: dict[str, str] = {
    Verb.OPEN_CONSULTATION: "Consultation opened",
    Verb.CLOSE_CONSULTATION: "Consultation closed",
    Verb.SUBMIT: "Submitted for approval",
    Verb.RETURN: "Returned to the author",
    Verb.APPROVE: "Approved",
    Verb.PUBLISH: "Published",
    Verb.SUPERSEDE: "Superseded",
    Verb.WITHDRAW: "Withdrawn",
}


def file_size(size: int) -> str:
    """A file's size as a link says it: `41 KB`, `1.2 MB`. `size` is in bytes."""
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{size / 1_000_000:.1f} MB"


def when(starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """From when until when, in words; nothing where neither is said. `ends_on` is the first day no longer offered."""
    parts = [f"from {spoken(starts_on)}"] if starts_on else []
    if ends_on:
        parts.append(f"until {spoken(ends_on - dt.timedelta(days=1))}")
    return " ".join(parts)


def spoken(day: dt.date) -> str:
    """A date as the NHS writes it: `7 February 2017`."""
    return f"{day.day} {day:%B %Y}"
