"""What the pages on which a section is written are given."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from offers import figures, policies
from offers.enums import SectionKind, WritingPart
from offers.models import OfferSection, SectionDraft
from offers.presenters.easy_read import shown, verdict
from offers.presenters.writing import HIDDEN
from offers.rules import easy_read, sides, text
from offers.rules.readability import measured
from offers.rules.template import TABLE, TEMPLATE, slot
from offers.selectors import content, drafts
from phb_register.models import User
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_moment
from phb_register.tables import Column, table_params

#: The field that a figure is put into.
_TEXT_FIELD = "id_body"
_EASY_READ_BUTTONS: list[dict[str, Any]] = [
    {"text": "Save", "name": "save", "value": "1", "preventDoubleClick": True},
    {"text": "Check without saving", "name": "check", "value": "1", "variant": "secondary"},
]


def text_page(
    section: OfferSection, *, user: User, body: str, kept: SectionDraft | None, form_id: str
) -> dict[str, Any]:
    """What stands beside the form of a section's text. `kept` is the draft the form was filled from."""
    template = TEMPLATE[SectionKind(section.kind)]
    return {
        **_page(section, user, kept),
        "points": template.points,
        "starter": None if body.strip() else _button(form_id, "Start from the template", "template", template.starter),
        "table_button": _button(form_id, "Put a table in", "table", TABLE),
    }


def easy_read_page(section: OfferSection, *, user: User, kept: SectionDraft | None) -> dict[str, Any]:
    """What stands beside the lines of a section's easy read version."""
    return _page(section, user, kept) | {"most_lines": easy_read.MOST_LINES, "buttons": _EASY_READ_BUTTONS}


def live_text(section: OfferSection, *, body: str, today: dt.date, **status: Any) -> dict[str, Any]:
    """The preview of a text as it is typed, with what else its writer should know. `status` is that of `live`."""
    values = content.figure_texts(section.local_offer, body, today=today)
    return live(section, WritingPart.TEXT, **status) | {"preview": text.render(body, values)}


def live_easy_read(section: OfferSection, lines: Iterable[easy_read.TypedLine], **status: Any) -> dict[str, Any]:
    """The same of easy read lines: how they look, and how hard they are to read."""
    tidy = easy_read.tidied(list(lines))
    return live(section, WritingPart.EASY_READ, **status) | {
        "easy_read": shown(tidy),
        "verdict": verdict(measured(line.words for line in tidy)),
    }


def live(
    section: OfferSection, part: WritingPart, *, user: User, at: dt.datetime, seen: int, kept_at: dt.datetime | None
) -> dict[str, Any]:
    """Who else is writing, and whether somebody saved since version `seen` was opened."""
    names = drafts.others_writing(section, part, user=user, at=at)
    by, saved_at = _saved(section, part)
    is_newer = drafts.saved_version(section, part) > seen
    return {
        "kept": f"Kept on {spoken_moment(kept_at)}, not saved yet" if kept_at else "",
        "others": _others(names),
        "newer": f"{by} saved this on {spoken_moment(saved_at)}" if is_newer and saved_at else "",
    }


def text_sides(section: OfferSection, *, heading: str, body: str) -> dict[str, Any]:
    """The text as somebody else saved it beside one's own, with what only one of them has marked."""
    return _both_sides(
        section, WritingPart.TEXT, f"{section.heading}\n\n{section.body}", f"{heading}\n\n{text.as_typed(body)}"
    )


def easy_read_sides(section: OfferSection, lines: Iterable[easy_read.TypedLine]) -> dict[str, Any]:
    """The same of easy read lines."""
    theirs = "\n".join(line.words for line in drafts.easy_read_lines(section))
    mine = "\n".join(line.words for line in easy_read.tidied(list(lines)))
    return _both_sides(section, WritingPart.EASY_READ, theirs, mine)


def figure_picker(section: OfferSection, *, today: dt.date, form_id: str) -> dict[str, Any] | None:
    """The figures a writer may put into the text: what each is, what it is now, and a button that puts it in."""
    known = figures.known()
    values = content.figure_values(section.local_offer, [each.code for each in known], today=today)
    columns: list[Column[figures.Figure]] = [
        Column("Figure", lambda each: each.label),
        Column("Now", lambda each: values[each.code].text),
        Column("What it means", lambda each: values[each.code].definition),
        Column("Put it in", lambda each: _insert_button(form_id, each)),
    ]
    caption = "Figures you can use"
    return table_params(columns, known, caption=caption, caption_classes=HIDDEN, is_stacked=True) if known else None


def _page(section: OfferSection, user: User, kept: SectionDraft | None) -> dict[str, Any]:
    return {
        "offer": section.local_offer,
        "section": section,
        "draft": kept,
        "draft_since": spoken_moment(kept.saved_at) if kept else "",
        "lock": policies.lock_on(section.local_offer),
    }


def _both_sides(section: OfferSection, part: WritingPart, theirs: str, mine: str) -> dict[str, Any]:
    by, saved_at = _saved(section, part)
    left, right = sides.compared(theirs, mine)
    return {
        "heading": f"As {by} saved it",
        "when": spoken_moment(saved_at) if saved_at else "",
        "theirs": left,
        "mine": right,
    }


def _saved(section: OfferSection, part: WritingPart) -> tuple[str, dt.datetime | None]:
    by, at = section.saved_by, section.saved_at
    if part == WritingPart.EASY_READ:
        by, at = section.easy_read_saved_by, section.easy_read_saved_at
    return (by.full_name if by else "Somebody else"), at


def _others(names: list[str]) -> str:
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} {'is' if len(names) == 1 else 'are'} writing this section too"


def _insert_button(form_id: str, figure: figures.Figure) -> SafeString:
    words = format_html('Put in<span class="nhsuk-u-visually-hidden"> {}</span>', figure.label)
    return render_component("button", _button(form_id, "Put in", figure.code, slot(figure.code)) | {"html": words})


def _button(form_id: str, text: str, what: str, piece: str | None = None) -> dict[str, Any]:
    """A button that puts something into the text: with script at the cursor, without it at the end of the text."""
    return {
        "text": text,
        "name": "insert",
        "value": what,
        "variant": "secondary",
        "classes": "nhsuk-button--small",
        "attributes": {"form": form_id, "formnovalidate": ""}
        | ({"data-insert": piece, "data-insert-into": _TEXT_FIELD} if piece else {}),
    }
