"""Letters and their templates on pages, worklists and timelines."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from eligibility.enums import LetterKind, LetterWording, ReferralStatus
from eligibility.models.letters import Letter, LetterTemplate
from eligibility.models.referrals import Referral
from eligibility.rules import letter_text
from eligibility.rules.letter_kinds import LetterSlot, slots_of
from eligibility.selectors.letter_texts import LetterText
from eligibility.selectors.letters import LetterCase, TemplateInUse, sender_of
from phb_register.models import Commissioner, CommunicationFormat, Job, JobState, Person
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import TimelineEvent, WorkItem
from phb_register.tables import Column, table_params

from .answers import Tag

HIDDEN = "nhsuk-u-visually-hidden"

NEEDS: dict[str, str] = {
    CommunicationFormat.LARGE_PRINT: "Needs large print",
    CommunicationFormat.EASY_READ: "Needs easy read",
    CommunicationFormat.BRAILLE: "Needs braille",
    CommunicationFormat.AUDIO: "Needs audio",
    CommunicationFormat.EMAIL: "Needs e-mail",
}
# What has to be done with a letter before its reader has it.
_TO_DO: dict[str, str] = {
    CommunicationFormat.BRAILLE: "Have the letter to {name} transcribed into braille, and send it",
    CommunicationFormat.AUDIO: "Have the letter to {name} recorded, and send it",
    CommunicationFormat.EMAIL: "Send the letter to {name} by e-mail",
}
_HOW_MADE: dict[str, str] = {
    CommunicationFormat.LARGE_PRINT: "The PDF is in large print, 18 point.",
    CommunicationFormat.EASY_READ: "The text is easy read: one idea a line. The PDF is in large type.",
    CommunicationFormat.BRAILLE: "Send the text to whoever transcribes it into braille. The PDF is for the record.",
    CommunicationFormat.AUDIO: "Send the text to whoever records it. The PDF is for the record.",
    CommunicationFormat.EMAIL: "Paste the text into an e-mail. The register sends none itself.",
}


def letter_url(letter: Letter) -> str:
    """The letter's own page."""
    return reverse("eligibility:letter", args=[letter.reference])


def need_of(person: Person) -> str:
    """The format a person needs, where it is not standard print: ``Needs large print``."""
    return NEEDS.get(person.communication_format, "")


def state_tag(letter: Letter) -> Tag:
    """Whether a letter was sent or replaced."""
    if replacement_of(letter) is not None:
        return Tag("Replaced", "nhsuk-tag--grey")
    if letter.sendings.all():
        return Tag("Sent", "nhsuk-tag--green")
    return Tag("Not sent yet", "nhsuk-tag--yellow")


def replacement_of(letter: Letter) -> Letter | None:
    """The letter that took its place."""
    replacement: Letter | None = getattr(letter, "replaced_by", None)
    return replacement


def letters_table(letters: Iterable[Letter], caption: str) -> dict[str, Any] | None:
    """The parameters of a table of letters; None where there are none."""
    rows = list(letters)
    columns: list[Column[Letter]] = [
        Column("Letter", lambda each: each.get_kind_display(), link=letter_url),
        Column("Date", lambda each: spoken_date(each.written_on)),
        Column("Format", lambda each: each.get_communication_format_display()),
        Column("Sent", lambda each: _sent_words(each)),
    ]
    return table_params(columns, rows, caption=caption, caption_classes=HIDDEN, is_responsive=True) if rows else None


def _sent_words(letter: Letter) -> str:
    sendings = list(letter.sendings.all())
    if sendings:
        return "; ".join(f"{spoken_date(each.sent_on)}, {each.get_how_display().lower()}" for each in sendings)
    return "Replaced" if replacement_of(letter) is not None else "Not yet"


def letters_section(referral: Referral, letters: Iterable[Letter], may_write: bool) -> dict[str, Any]:
    """The part of a referral's page with its letters."""
    return {
        "table": letters_table(letters, "Letters about this referral"),
        "need": need_of(referral.person),
        "write_url": reverse("eligibility:write-letter", args=[referral.reference]) if may_write else None,
    }


def letter_page(letter: Letter, *, job: Job | None, may_write: bool) -> dict[str, Any]:
    """What the page of one letter shows."""
    replacement = replacement_of(letter)
    return {
        "letter": letter,
        "tag": state_tag(letter),
        "need": NEEDS.get(letter.communication_format, ""),
        "how_made": _HOW_MADE.get(letter.communication_format, ""),
        "rows": _letter_rows(letter),
        "replacement_url": letter_url(replacement) if replacement else None,
        "replaced_url": letter_url(letter.replaces) if letter.replaces else None,
        "html": letter_text.html(letter.body, top_level=3),
        "address": letter.address.splitlines(),
        "sender": sender_of(letter),
        "css_class": f"app-letter--{letter.communication_format.replace('_', '-')}",
        "text": text_of(letter) if letter.communication_format == CommunicationFormat.EMAIL else None,
        "pdf_failed": job is not None and job.state == JobState.FAILED and letter.pdf_id is None,
        "may_write": may_write,
        "may_replace": may_write and replacement is None,
        "pause_url": _pause_url(letter) if may_write else None,
        "written_on": spoken_date(letter.written_on),
    }


def _pause_url(letter: Letter) -> str | None:
    """Where the clock is paused while the answer to a letter is waited for; None where it stands still already."""
    referral = letter.referral
    is_waiting = letter.kind == LetterKind.MORE_INFORMATION and referral is not None
    if referral is None or not is_waiting or referral.status != ReferralStatus.SUBMITTED or referral.is_paused:
        return None
    return reverse("eligibility:pause", args=[referral.reference])


def _letter_rows(letter: Letter) -> list[dict[str, Any]]:
    template = letter.template
    rows: list[tuple[str, Any]] = [
        ("To", letter.address.splitlines()[0]),
        ("About", letter.person.display_name),
        ("Kind", letter.get_kind_display()),
        ("Format", letter.get_communication_format_display()),
        ("Date", spoken_date(letter.written_on)),
        ("Written by", f"{letter.written_by}, {spoken_moment(letter.written_at)}"),
        (
            "Template",
            f"{letter.get_wording_display()}, version {template.version}"
            if template
            else f"{letter.get_wording_display()}, the register’s own wording",
        ),
    ]
    rows += [
        ("Sent", f"{each.get_how_display()} on {spoken_date(each.sent_on)}, recorded by {each.recorded_by}")
        for each in letter.sendings.all()
    ]
    if letter.replacement_reason:
        rows.append(("Replaces another, because", letter.replacement_reason))
    return summary(rows)


def text_of(letter: Letter) -> str:
    """A letter as plain text: for an e-mail, or for whoever transcribes it."""
    parts = [letter.address, spoken_date(letter.written_on), letter.heading, letter_text.plain_text(letter.body)]
    return "\n\n".join(parts) + "\n"


def writing_page(
    case: LetterCase, kind: str, template: TemplateInUse, body: str, acting: Sequence[str]
) -> dict[str, Any]:
    """What the page on which a letter is written shows beside its form, which starts with ``body``.

    ``acting`` are the names of those who act for the person.
    """
    waiting = [slot for slot in slots_of(kind) if not slot.is_asked and slot.code != "greeting"]
    return {
        "missing": [slot.remedy for slot in waiting if slot.code in letter_text.slots_in(body)],
        "case": case,
        "kind": LetterKind(kind),
        "need": need_of(case.person),
        "is_easy_read": case.wording == LetterWording.EASY_READ,
        "has_died": case.person.died_on is not None,
        "acting": ", ".join(acting),
        "about": about(case),
        "back_url": case_url(case),
        "slots": slots_table(slots_of(kind)),
        "template_words": template_words(template),
    }


def about(case: LetterCase) -> str:
    """What a letter is about, above its heading."""
    if case.referral is not None:
        return f"Referral {case.referral.short_reference}: {case.person}"
    return str(case.person)


def case_url(case: LetterCase) -> str:
    """The page from which a letter is written."""
    if case.referral is not None:
        return reverse("eligibility:referral", args=[case.referral.reference])
    return reverse("phb_register:person", args=[case.person.reference])


def write_url(case: LetterCase) -> str:
    """The page on which a letter about this is written."""
    if case.referral is not None:
        return reverse("eligibility:write-letter", args=[case.referral.reference])
    return reverse("eligibility:write-letter-to-person", args=[case.person.reference])


def preview(text: LetterText) -> dict[str, Any]:
    """A letter as it would be."""
    return {"heading": text.heading, "html": letter_text.html(text.body, top_level=4)}


def slots_table(slots: Iterable[LetterSlot]) -> dict[str, Any]:
    """The slots a text may have, with what each is."""
    columns: list[Column[LetterSlot]] = [
        Column("Write", lambda each: each.written),
        Column("What it becomes", lambda each: each.meaning),
        Column("Example", lambda each: each.example.replace("\n", " / ")),
    ]
    return table_params(columns, list(slots), caption="Slots you can use", is_responsive=True)


def template_words(in_use: TemplateInUse) -> str:
    """Which version is in use, and whose."""
    template = in_use.template
    if template is None:
        return "The register’s own wording"
    return f"Version {template.version}, {spoken_moment(template.written_at)}, by {template.written_by}"


def templates_table(commissioner: Commissioner, templates: Iterable[TemplateInUse]) -> dict[str, Any]:
    """The parameters of the table of a commissioner's templates."""
    columns: list[Column[TemplateInUse]] = [
        Column(
            "Letter",
            lambda each: f"{LetterKind(each.kind).label} ({LetterWording(each.wording).label.lower()})",
            link=lambda each: reverse(
                "eligibility:letter-template", args=[commissioner.code, str(each.kind), str(each.wording)]
            ),
        ),
        Column("Heading", lambda each: each.heading),
        Column(
            "In use",
            lambda each: template_words(each) + _of_another(each, commissioner),
        ),
    ]
    return table_params(
        columns, list(templates), caption="Templates of letters", caption_classes=HIDDEN, is_responsive=True
    )


def _of_another(in_use: TemplateInUse, commissioner: Commissioner) -> str:
    template = in_use.template
    is_of_another = template is not None and template.commissioner_id != commissioner.pk
    return " (the partnership’s)" if is_of_another else ""


def versions_table(versions: Iterable[LetterTemplate]) -> dict[str, Any] | None:
    """The versions of a template, the newest first; None where there are none."""
    rows = list(versions)
    columns: list[Column[LetterTemplate]] = [
        Column("Version", lambda each: each.version),
        Column("Heading", lambda each: each.heading),
        Column("Saved", lambda each: spoken_moment(each.written_at)),
        Column("By", lambda each: each.written_by),
    ]
    return table_params(columns, rows, caption="Versions") if rows else None


def letter_item(letter: Letter) -> WorkItem:
    """A letter that is not sent yet, on the home page."""
    words = _TO_DO.get(letter.communication_format, "Send the letter to {name}")
    return WorkItem(
        text=words.format(name=letter.person.display_name),
        url=letter_url(letter),
        why=f"“{letter.get_kind_display()}”, written on {spoken_date(letter.written_on)}, is not recorded as sent",
    )


def timeline_events(letters: Iterable[Letter]) -> list[TimelineEvent]:
    """What happened to a person's letters."""
    events = []
    for letter in letters:
        kind = letter.get_kind_display()
        events.append(
            TimelineEvent(
                on=letter.written_on,
                title=f"Letter replaced: {kind}" if letter.replaces_id else f"Letter written: {kind}",
                text=letter.replacement_reason or f"In {letter.get_communication_format_display().lower()}",
                by=str(letter.written_by),
                url=letter_url(letter),
                recorded_at=letter.written_at,
                about=letter,
            )
        )
        events += [
            TimelineEvent(
                on=each.sent_on,
                title=f"Letter sent: {kind}",
                text=each.get_how_display(),
                by=str(each.recorded_by),
                url=letter_url(letter),
                recorded_at=each.recorded_at,
                about=letter,
            )
            for each in letter.sendings.all()
        ]
    return events
