"""What changed between two editions, on a page: words taken out and put in, tables of plan and figures, progress."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from offers.enums import Standing
from offers.models import Edition, Explanation
from offers.presenters.wording import spoken
from offers.rules import text
from offers.rules.reading import ReadChange, ReadProgress, ReadSince
from offers.selectors.changes import Explained, mark_of
from offers.selectors.since import ExplainedChange, NotedProgress, Since
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted
from phb_register.tables import Column, table_params

NOTHING = "Not there"

STANDING_TAGS: dict[str, str] = {
    Standing.REACHED: "nhsuk-tag--green",
    Standing.KEPT: "nhsuk-tag--green",
    Standing.FURTHER: "nhsuk-tag--blue",
    Standing.NOT_DUE: "nhsuk-tag--white",
    Standing.MOVED: "nhsuk-tag--yellow",
    Standing.LATE: "nhsuk-tag--orange",
    Standing.BACK: "nhsuk-tag--orange",
    Standing.ENDED: "nhsuk-tag--grey",
    Standing.DROPPED: "nhsuk-tag--grey",
}


def since_context(since: ReadSince | None) -> dict[str, Any] | None:
    """The part of an edition that tells what became of the one before; None in the first."""
    if since is None:
        return None
    published = f", published {spoken(since.published_on)}" if since.published_on else ""
    return {
        "heading": f"What has changed since edition {since.number}",
        "lead": f"Compared with edition {since.number}{published}.",
        "is_same": not since.changes,
        "words": since.changes_of_words,
        "plan": _table(_PLAN_COLUMNS, since.changes_of_plan, "What changed on the timeline"),
        "figures": _table(
            _FIGURE_COLUMNS if since.explains_figures else _FIGURE_COLUMNS[:-1],
            since.changes_of_figures,
            "Figures that changed",
        ),
        "progress": _table(_PROGRESS_COLUMNS, since.progress, f"How far the plan of edition {since.number} has got"),
        "learning_html": since.learning_html,
    }


def comparison_page(was: Edition, now: Edition, since: ReadSince) -> dict[str, Any]:
    """The page of two editions against each other."""
    return {
        "offer": now.local_offer,
        "was": was,
        "now": now,
        "heading": f"Edition {was.number} and edition {now.number} compared",
        "since": {
            **(since_context(since) or {}),
            "heading": "What is different",
            "lead": _between(was, now, is_explained=any(each.rationale for each in since.changes)),
        },
    }


def changes_page(edition: Edition, since: Since | None, *, may_write: bool) -> dict[str, Any]:
    """What a draft's author has to say something about, and what was said."""
    base = since.base if since else None
    return {
        "edition": edition,
        "offer": edition.local_offer,
        "base": base,
        "wanted": len(since.unexplained) if since else 0,
        "wanted_words": _wanted(since),
        "changes": _table(_change_columns(edition, may_write), since.changes if since else (), "Changes and reasons"),
        "progress": _table(
            _noted_columns(edition, may_write),
            since.progress if since else (),
            f"How far the plan of edition {base.number} has got" if base else "",
        ),
        "learning_html": text.render(edition.learning, {}),
        "may_write": may_write,
    }


def explanation_page(edition: Edition, each: Explained) -> dict[str, Any]:
    """The page on which something is said of one change or promise."""
    about = _about(each)
    return {
        "edition": edition,
        "offer": edition.local_offer,
        "title": about.title if isinstance(about, ReadChange) else f"{about.cohort}, {about.phase}",
        "change": about if isinstance(about, ReadChange) else None,
        "promise": about if isinstance(about, ReadProgress) else None,
        "is_stale": is_stale(each),
    }


def next_address(edition: Edition, since: Since, each: Explained) -> str:
    """Where to go on to: the next change that wants a reason, or after the last the list."""
    waiting = [other for other in since.unexplained if other is not each]
    if waiting:
        return address_of(edition, waiting[0])
    return reverse("offers:edition-changes", args=[edition.local_offer.slug, edition.number])


def is_stale(each: Explained) -> bool:
    """Whether a reason was given for a change that has become another one since."""
    given = each.explanation
    return isinstance(each, ExplainedChange) and bool(given and given.words) and not _is_current(each, given)


def address_of(edition: Edition, each: Explained) -> str:
    """The page on which something is said of it."""
    return reverse("offers:explain-change", args=[edition.local_offer.slug, edition.number, *mark_of(each)])


def _is_current(each: ExplainedChange, given: Explanation | None) -> bool:
    return given is not None and given.fingerprint == each.change.fingerprint


def _about(each: Explained) -> ReadChange | ReadProgress:
    words = each.explanation.words if each.explanation else ""
    if isinstance(each, NotedProgress):
        found = each.progress
        return ReadProgress(found.phase, found.cohort, found.promised, found.reached, words, found.standing.value)
    change = each.change
    return ReadChange(change.kind.value, change.title, change.was, change.now, words)


def _between(was: Edition, now: Edition, *, is_explained: bool) -> str:
    words = f"From edition {was.number}{_day(was)} to edition {now.number}{_day(now)}."
    return words if is_explained else f"{words} The reasons are in each edition."


def _day(edition: Edition) -> str:
    day = (edition.snapshot or {}).get("edition", {}).get("published_on")
    return f" (published {spoken(dt.date.fromisoformat(day))})" if day else " (not published yet)"


def _wanted(since: Since | None) -> str:
    if since is None:
        return ""
    wanted = len(since.unexplained)
    return f"{counted(wanted, 'change wants', 'changes want')} a reason" if wanted else "Every change has its reason"


def _table(columns: Sequence[Column[Any]], rows: Sequence[Any], caption: str) -> dict[str, Any] | None:
    return table_params(columns, rows, caption=caption, is_stacked=True) if rows else None


def _change_columns(edition: Edition, may_write: bool) -> list[Column[ExplainedChange]]:
    return [
        Column(
            "What changed",
            lambda each: each.change.title,
            link=lambda each: address_of(edition, each) if may_write else None,
        ),
        Column("Part", lambda each: each.change.kind.label),
        Column("Change", _change_word),
        Column("Reason", _reason),
    ]


def _change_word(each: ExplainedChange) -> str:
    if not each.change.was:
        return "New"
    return "Changed" if each.change.now else "Taken out"


def _reason(each: ExplainedChange) -> Any:
    if is_stale(each):
        return _tag("Look at it again", "nhsuk-tag--yellow")
    if each.explanation and each.explanation.words:
        return each.explanation.words
    return _tag("Wanted", "nhsuk-tag--orange") if each.change.needs_reason else "Not asked for"


def _noted_columns(edition: Edition, may_write: bool) -> list[Column[NotedProgress]]:
    return [
        Column(
            "Who it is for",
            lambda each: f"{each.progress.cohort}, {each.progress.phase}",
            link=lambda each: address_of(edition, each) if may_write else None,
        ),
        Column("Promised", lambda each: each.progress.promised),
        Column("Reached", lambda each: _reached(each.progress.standing, each.progress.reached)),
        Column("Note", lambda each: each.explanation.words if each.explanation else ""),
    ]


def _reached(standing: str, reached: str) -> Any:
    label = Standing(standing).label if standing else ""
    return format_html("{} {}", _tag(label, STANDING_TAGS[standing]), reached) if standing else reached


def _tag(text: str, classes: str) -> Any:
    return render_component("tag", {"text": text, "classes": classes})


_PLAN_COLUMNS: list[Column[ReadChange]] = [
    Column("What", lambda each: each.title),
    Column("Was", lambda each: each.was or NOTHING),
    Column("Now", lambda each: each.now or "Taken out"),
    Column("Why", lambda each: each.rationale),
]

_FIGURE_COLUMNS: list[Column[ReadChange]] = [
    Column("Figure", lambda each: each.title),
    Column("Was", lambda each: each.was or NOTHING),
    Column("Now", lambda each: each.now or "Taken out"),
    Column("Why", lambda each: each.rationale),
]

_PROGRESS_COLUMNS: list[Column[ReadProgress]] = [
    Column("Year or phase", lambda each: each.phase),
    Column("Who it is for", lambda each: each.cohort),
    Column("Promised", lambda each: each.promised),
    Column("Reached", lambda each: _reached(each.standing, each.reached)),
    Column("Note", lambda each: each.note),
]
