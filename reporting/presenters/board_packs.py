"""How board packs are said: in lists, on their page, and in the PDF."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from phb_register import safe_markdown
from phb_register.email_presenters import status_tag as email_tag
from phb_register.models import OutgoingEmail
from phb_register.nhsuk.components import render_component
from phb_register.pdf import render_pdf
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting.board_pack_states import CANCEL, MAKE, PLAN, TABLE, WITHDRAW, PackStatus
from reporting.board_packs import Block, ReadPack, ReadPart, points_of
from reporting.models import BoardPack, BoardPackTransition, DecisionWanted
from reporting.presenters.uptake_chart import UptakeChart, uptake_chart

PDF_TEMPLATE = "reporting/board_packs/pdf.html"
TAGS: dict[str, str] = {
    PackStatus.PLANNED: "nhsuk-tag--blue",
    PackStatus.MADE: "nhsuk-tag--green",
    PackStatus.CANCELLED: "nhsuk-tag--grey",
    PackStatus.WITHDRAWN: "nhsuk-tag--red",
}
DONE = {step.action: step.label for step in (PLAN, MAKE, CANCEL, WITHDRAW)}
ADDRESSES = {CANCEL.action: "reporting:cancel-board-pack", WITHDRAW.action: "reporting:withdraw-board-pack"}


def pack_url(pack: BoardPack) -> str:
    """The address of a pack."""
    return reverse("reporting:board-pack", args=[pack.reference])


def crumb() -> dict[str, str]:
    """The way back to the list."""
    return {"text": "Board packs", "href": reverse("reporting:board-packs")}


def status_tag(pack: BoardPack) -> SafeString:
    """How far it is, as a coloured word."""
    return render_component("tag", {"text": pack.get_status_display(), "classes": TAGS[pack.status]})


PACK_COLUMNS: list[Column[BoardPack]] = [
    Column("Meeting", lambda each: each.meeting, link=pack_url),
    Column("Date", lambda each: spoken_date(each.meets_on)),
    Column("For", lambda each: each.commissioner),
    Column("Figures as at", lambda each: spoken_date(each.as_at)),
    Column("Status", status_tag),
]

_HISTORY_COLUMNS: list[Column[BoardPackTransition]] = [
    Column("What", lambda each: DONE[each.action]),
    Column("When", lambda each: spoken_moment(each.at)),
    Column("Who", lambda each: each.by or "The register"),
    Column("Reason", lambda each: each.reason),
]

_TOLD_COLUMNS: list[Column[OutgoingEmail]] = [
    Column("To", lambda each: each.to_address),
    Column("Status", email_tag),
]


def facts(pack: BoardPack) -> list[dict[str, Any]]:
    """The facts about a pack, for a summary list."""
    rows: list[tuple[str, Any]] = [
        ("For", pack.commissioner),
        ("Date of the meeting", spoken_date(pack.meets_on)),
        ("Figures as at the end of", spoken_date(pack.as_at)),
        ("Made", spoken_moment(pack.made_at) if pack.made_at else f"To be made on {spoken_date(pack.make_on)}"),
        ("Parts", ", ".join(part.label for part in pack.chosen_parts)),
        ("Planned by", pack.planned_by),
    ]
    found = summary(rows)
    if pack.content_hash:
        digest = format_html('<span class="app-hash">{}</span>', pack.content_hash)
        found.append({"key": {"text": "Fingerprint (SHA-256)"}, "value": {"html": digest}})
    return found


def history_table(history: Sequence[BoardPackTransition]) -> dict[str, Any]:
    """What happened to a pack."""
    return table_params(_HISTORY_COLUMNS, history, caption="What happened to this board pack")


def told_table(told: Sequence[OutgoingEmail]) -> dict[str, Any] | None:
    """Who was told of it by e-mail."""
    return table_params(_TOLD_COLUMNS, told, caption="Members told by e-mail") if told else None


def end_buttons(pack: BoardPack) -> list[dict[str, str]]:
    """The links to what its writers may do in the end."""
    return [
        {"text": step.button, "href": reverse(ADDRESSES[step.action], args=[pack.reference])}
        for step in TABLE.steps_from(pack.status)
        if step.button
    ]


def decision_lines(decisions: Iterable[DecisionWanted]) -> list[dict[str, Any]]:
    """The decisions of a planned pack, each with where it is changed and removed."""
    return [
        {
            "decision": each,
            "change": reverse("reporting:change-decision", args=[each.pack.reference, each.pk]),
            "remove": reverse("reporting:remove-decision", args=[each.pack.reference, each.pk]),
            "remove_words": format_html('Remove<span class="nhsuk-u-visually-hidden"> “{}”</span>', each.question),
        }
        for each in decisions
    ]


def content(pack: ReadPack) -> dict[str, Any]:
    """What a pack says, ready for the templates of the page and of the PDF."""
    return {
        "pack": pack,
        "introduction": safe_markdown.render(pack.introduction, top_level=2) if pack.introduction.strip() else "",
        "parts": drawn_parts(pack.parts),
    }


def drawn_parts(parts: Iterable[ReadPart]) -> list[dict[str, Any]]:
    """Parts with what their templates need: also those of a scheduled report."""
    return [
        {"code": part.code, "title": part.title, "blocks": [_drawn(block) for block in part.blocks]} for part in parts
    ]


def write_pdf(pack: ReadPack, digest: str) -> bytes:
    """The PDF of a pack that has this fingerprint."""
    title = f"Board pack: {pack.meeting}, {spoken_date(pack.meets_on)}"
    return render_pdf(PDF_TEMPLATE, {**content(pack), "content_hash": digest}, title=title)


def _drawn(block: Block) -> dict[str, Any]:
    """A block with what its template needs beside its words: the drawing, or the parameters of the table."""
    if block["kind"] == "chart":
        return {**block, "chart": _chart(block)}
    if block["kind"] == "table":
        numeric = set(block["numeric"])
        return {
            **block,
            "columns": [{"text": text, "numeric": place in numeric} for place, text in enumerate(block["head"])],
            "lines": [
                [{"html": _lines(text), "numeric": place in numeric} for place, text in enumerate(row)]
                for row in block["rows"]
            ],
            "params": _table(block, numeric),
        }
    return block


def _chart(block: Block) -> UptakeChart | None:
    return uptake_chart(points_of(block), name=block["name"], low=block["low"], high=block["high"])


def _table(block: Block, numeric: set[int]) -> dict[str, Any]:
    def cell(place: int, value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "format": "numeric"} if place in numeric else value

    return {
        "caption": block["caption"],
        "firstCellIsHeader": True,
        "head": [cell(place, {"text": text}) for place, text in enumerate(block["head"])],
        "rows": [[cell(place, {"html": _lines(text)}) for place, text in enumerate(row)] for row in block["rows"]],
    }


def _lines(text: str) -> SafeString:
    """A cell's words, a line each where it has several points."""
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n")))


def writer_page(
    pack: BoardPack,
    *,
    decisions: Sequence[DecisionWanted],
    history: Sequence[BoardPackTransition],
    told: Sequence[OutgoingEmail],
) -> dict[str, Any]:
    """What the page of a pack shows to those who write it, beside what it says."""
    is_planned = pack.status == PackStatus.PLANNED
    return {
        "is_planned": is_planned,
        "decisions": decision_lines(decisions) if is_planned else [],
        "history": history_table(history),
        "told": told_table(told),
        "end_buttons": end_buttons(pack),
    }
