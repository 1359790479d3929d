"""What the local offer and the programme behind it bring: progress by phase, risks, the tools chosen."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from offers.enums import LineStatus
from offers.programme_enums import ToolKind
from offers.selectors.lines import timeline_on
from offers.selectors.programme import ProgrammePart
from phb_register.presenters import spoken_date
from reporting import board_packs as words
from reporting.board_packs import Block
from reporting.rules import Standing, standing
from reporting.selectors.pack_content.sources import Sources

NO_OFFER = "There is no local offer for these people yet."
RISKS = ToolKind.RISKS.value


def progress_blocks(sources: Sources) -> list[Block]:
    """Each line of the timeline: what was planned, how it stands on the as-at date, and how many have a budget.

    The timeline is the published one (ADR 0027), as on the dashboard: nobody has approved what is being written.
    """
    if sources.offer is None:
        return [words.text(NO_OFFER)]
    rows = [_row(phase, line, sources) for phase in timeline_on(sources.offer) for line in phase["lines"]]
    if not rows:
        return [words.text("The local offer has no timeline that holds now.")]
    caption = "The local offer’s timeline, and where each line stands"
    head = ("Year or phase", "Cohort", "Status", "Begins", "How it stands", "Budgets in place")
    note = "Budgets in place are those of the whole cohort, whichever line they were agreed under."
    late = sum(row[4] == Standing.LATE.value for row in rows)
    told = f"{late} of {len(rows)} lines were planned to have begun and are not live." if late else "No line is late."
    return [words.text(told), words.table(caption, head, rows, numeric=[5], note=note)]


def _row(phase: Mapping[str, Any], line: Mapping[str, Any], sources: Sources) -> tuple[str, ...]:
    begins_on, ends_on = (dt.date.fromisoformat(line[key]) if line[key] else None for key in ("starts_on", "ends_on"))
    status = line["status"]
    is_promised = status in (LineStatus.LIVE, LineStatus.PLANNED)
    found = standing(status == LineStatus.LIVE, begins_on, ends_on, sources.as_at, is_promised=is_promised)
    in_place = sources.release.by_cohort.get(line["cohort"])
    return (
        phase["name"],
        line["cohort_name"],
        line["status_label"],
        spoken_date(begins_on) if begins_on else phase["timing"] or "No date",
        found.value,
        in_place.text if in_place else "0",
    )


def risk_blocks(sources: Sources) -> list[Block]:
    """The risk register of the programme."""
    found = [part for part in sources.programme if part.code == RISKS]
    return [block for part in found for block in _blocks(part)] or [
        words.text("No risk of the programme was chosen for this pack.")
    ]


def programme_blocks(sources: Sources) -> list[Block]:
    """The other tools of the programme, each under its own heading."""
    found = [part for part in sources.programme if part.code != RISKS]
    blocks = [block for part in found for block in (words.heading(part.title), *_blocks(part))]
    return blocks or [words.text("Nothing of the programme was chosen for this pack.")]


def _blocks(part: ProgrammePart) -> list[Block]:
    if part.kind == "text":
        return [words.text(part.explanation), words.paragraphs(part.paragraphs)]
    return [words.text(part.explanation), words.table(part.title, part.head, part.rows, numeric=part.numeric)]
