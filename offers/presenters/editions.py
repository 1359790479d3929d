"""An edition on a page: the tables of its timeline and figures, its facts, its history, its buttons."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from offers.models import Edition, EditionTransition
from offers.presenters.outputs.parts import change_of, phase_name
from offers.presenters.wording import DONE_WORDS, EDITION_TAGS, LINE_TAGS, spoken, when
from offers.rules.editions import Transition, Verb
from offers.rules.reading import ReadFigure, ReadLine, ReadPhase
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_moment, summary
from phb_register.tables import STACKED, Column, table_params


def timeline_table(phases: Sequence[ReadPhase]) -> dict[str, Any] | None:
    """The timeline as a table: a row for each line, and one for what goes on from earlier phases."""
    rows = [row for phase in phases for row in _phase_rows(phase)]
    if not rows:
        return None
    return {
        "caption": "What is offered, by year or phase",
        "firstCellIsHeader": True,
        "responsive": True,
        "classes": STACKED,
        "head": ["Year or phase", "Who it is for", "Where it has got to", "Notes and source"],
        "rows": rows,
    }


def figures_table(figures: Sequence[ReadFigure]) -> dict[str, Any] | None:
    """Each figure of the edition with what it means and the day it was counted on."""
    if not figures:
        return None
    caption = "Each figure, what it means, and the day it was counted on"
    return table_params(_FIGURE_COLUMNS, figures, caption=caption, is_stacked=True)


def facts(edition: Edition) -> list[dict[str, Any]]:
    """The facts about a published edition, for a summary list."""
    rows: list[tuple[str, Any]] = [
        ("Edition", str(edition.number)),
        ("Approved", spoken(edition.day_approved) if edition.day_approved else ""),
        ("Published", spoken(timezone.localdate(edition.published_at)) if edition.published_at else ""),
        ("Figures as at", spoken(edition.figures_as_at)),
    ]
    digest = format_html('<span class="app-hash">{}</span>', edition.content_hash)
    return [*summary(rows), {"key": {"text": "Fingerprint (SHA-256)"}, "value": {"html": digest}}]


def progress_facts(edition: Edition) -> list[dict[str, Any]]:
    """The facts about an edition that staff see."""
    rows: list[tuple[str, Any]] = [
        ("Title", edition.title),
        ("Author", edition.author.full_name),
        ("Figures as at", spoken(edition.figures_as_at)),
        ("Approved by", edition.approved_by.full_name if edition.approved_by else "Nobody yet"),
    ]
    if edition.day_approved:
        rows.append(("Approved on", spoken(edition.day_approved)))
    if edition.published_at:
        rows.append(("Published", spoken_moment(edition.published_at)))
    return summary(rows)


def history_table(transitions: Sequence[EditionTransition]) -> dict[str, Any] | None:
    """What happened to an edition."""
    if not transitions:
        return None
    has_reasons = any(each.reason for each in transitions)
    columns = _HISTORY_COLUMNS if has_reasons else _HISTORY_COLUMNS[:-1]
    return table_params(columns, transitions, caption="What happened to this edition", is_responsive=True)


def editions_table(editions: Sequence[Edition]) -> dict[str, Any] | None:
    """The editions of an offer, for staff."""
    if not editions:
        return None
    return table_params(
        _EDITION_COLUMNS,
        editions,
        caption="All editions",
        caption_classes="nhsuk-u-visually-hidden",
        is_responsive=True,
    )


def buttons(edition: Edition, moves: Sequence[Transition]) -> list[dict[str, Any]]:
    """The links to the confirm pages of what the user may do now; the first is the main one, if it leads on."""
    return [
        {
            "text": move.button,
            "href": reverse(f"offers:edition-{move.verb}", args=[edition.local_offer.slug, edition.number]),
            "variant": None if index == 0 and not _leads_back(move) else "secondary",
        }
        for index, move in enumerate(sorted(moves, key=_leads_back))
    ]


def _leads_back(move: Transition) -> bool:
    # It does not look like the next step, even where nothing else is left to do.
    return move.verb in (Verb.RETURN, Verb.WITHDRAW)


def status_tag(edition: Edition) -> dict[str, str]:
    """The tag that says where an edition stands."""
    return {"text": edition.get_status_display(), "classes": EDITION_TAGS[edition.status]}


def _phase_rows(phase: ReadPhase) -> list[list[Any]]:
    name, mark = phase_name(phase), change_of(phase)
    rows: list[list[Any]] = [
        [name, line.cohort, {"html": _status(line)}, {"html": _note(line)}] for line in phase.lines
    ]
    if phase.continues:
        cohorts = format_html_join("", "<li>{}</li>", ((each,) for each in phase.continues))
        rows.append(
            [
                name,
                {"html": format_html('<ul class="nhsuk-list">{}</ul>', cohorts)},
                "Continues",
                "From earlier years or phases",
            ]
        )
    if not rows:
        rows.append([name, "Nobody new", "", ""])
    if mark:
        rows[0][0] = {"html": format_html("{} <br>{}", name, _marked(mark))}
    return rows


def _status(line: ReadLine) -> str:
    tag = render_component("tag", {"text": line.status_label, "classes": LINE_TAGS.get(line.status, "")})
    words = when(line.starts_on, line.ends_on)
    return format_html("{} <br>{}", tag, words) if words else tag


def _marked(mark: str) -> str:
    """What is new or changed since the edition before, so that it is seen in a table."""
    return format_html('<span class="app-mark">{}</span>', mark)


def _note(line: ReadLine) -> str:
    source = format_html('<span class="nhsuk-body-s">Source: {}</span>', line.source) if line.source else ""
    mark = change_of(line)
    parts = [line.note, source, _marked(mark) if mark else ""]
    return format_html_join("", "<div>{}</div>", ((each,) for each in parts if each))


_FIGURE_COLUMNS: list[Column[ReadFigure]] = [
    Column("Figure", lambda each: each.label),
    Column("Value", lambda each: each.text, is_number=True),
    Column("As at", lambda each: spoken(each.as_at)),
    Column("What it means", lambda each: each.definition),
]

_HISTORY_COLUMNS: list[Column[EditionTransition]] = [
    Column("What", lambda each: DONE_WORDS[each.verb]),
    Column("When", lambda each: spoken_moment(each.at)),
    Column("Who", lambda each: each.by.full_name),
    Column("Reason", lambda each: each.reason),
]

_EDITION_COLUMNS: list[Column[Edition]] = [
    Column(
        "Edition",
        lambda each: f"Edition {each.number}",
        link=lambda each: reverse("offers:edition-progress", args=[each.local_offer.slug, each.number]),
    ),
    Column("Status", lambda each: each.get_status_display()),
    Column("Author", lambda each: each.author.full_name),
    Column("Figures as at", lambda each: spoken(each.figures_as_at)),
    Column("Published", lambda each: spoken(timezone.localdate(each.published_at)) if each.published_at else ""),
]
