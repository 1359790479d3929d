"""An edition as plain text: for braille displays, e-mails and programmes. A paragraph is one line, however long."""

from collections.abc import Iterator

from offers.presenters.outputs import parts
from offers.presenters.wording import spoken
from offers.rules import text
from offers.rules.reading import ReadConsultation, Reading, ReadSince


def plain_text(reading: Reading, content_hash: str) -> str:
    """The whole edition, its lines ended as text files on all systems are read."""
    return "\n".join(_lines(reading, content_hash)) + "\n"


def _lines(reading: Reading, content_hash: str) -> Iterator[str]:
    yield from _heading(reading.title, "=")
    yield parts.about(reading)
    figures = {each.code: each.text for each in reading.figures}
    for section in reading.sections:
        yield from ("", *_heading(section.heading))
        if section.body.strip():
            yield text.plain(section.body, figures)
        if section.has_timeline:
            yield from _timeline(reading)
    if reading.figures:
        yield from ("", *_heading("Figures in this edition"))
        for figure in reading.figures:
            yield f"- {figure.label}: {figure.text}, as at {spoken(figure.as_at)}. {figure.definition}"
    if reading.since:
        yield from _since(reading.since)
    if reading.consultation:
        yield from _consultation(reading.consultation)
    yield from ("", *_heading("About this document"))
    yield (
        f"This is the whole text of edition {reading.number}. It does not change after publication: a correction is "
        "a new edition. The content of the edition has this SHA-256 fingerprint:"
    )
    yield content_hash


def _heading(words: str, rule: str = "-") -> tuple[str, str, str]:
    return words, rule * len(words), ""


def _timeline(reading: Reading) -> Iterator[str]:
    for group in parts.timeline(reading):
        yield from ("", group.phase)
        for row in group.rows:
            state = f": {row.state}." if row.state else ""
            yield f"- {row.cohort}{state} {row.note}".rstrip()


def _since(since: ReadSince) -> Iterator[str]:
    yield from ("", *_heading(f"What has changed since edition {since.number}"))
    if since.published_on:
        yield f"Edition {since.number} was published on {spoken(since.published_on)}."
    for change in since.changes:
        yield from ("", change.title)
        yield f"- Was: {change.was or 'not there'}"
        yield f"- Is now: {change.now or 'not there any more'}"
        if change.rationale:
            yield f"- Why: {change.rationale}"
    if since.progress:
        yield from ("", "Progress against the plan")
        for each in since.progress:
            standing = f" {each.standing_label}." if each.standing_label else ""
            note = f" {each.note}" if each.note else ""
            yield f"- {each.phase}, {each.cohort}: promised {each.promised}; reached {each.reached}.{standing}{note}"
    if since.learning.strip():
        yield from ("", "What we have learnt", text.plain(since.learning, {}))


def _consultation(consultation: ReadConsultation) -> Iterator[str]:
    yield from ("", *_heading("What people told us"))
    yield parts.consulted(consultation)
    for each in consultation.answers:
        yield from ("", each.section or "The whole draft", f"You said: {each.comment}", f"We did: {each.answer}")
