"""Working a scheduled report out: what it says, section by section, and its PDF and workbook.

Page, PDF and workbook hold the same figures: all three are made of the blocks that are kept with the report.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from phb_register import clock
from phb_register.presenters import spoken_date, spoken_moment
from phb_register.tables import Column
from phb_register.workbooks import Sheet, write_workbook
from reporting import board_packs as words
from reporting.board_packs import Block
from reporting.frozen import fingerprint
from reporting.models import ScheduledReport, Snapshot
from reporting.pathway_release import PathwayRelease
from reporting.points import points_shown
from reporting.presenters import FIGURE_COLUMNS, figure_rows
from reporting.presenters.pathway import PathwayLinks
from reporting.presenters.pathway_report import pathway_blocks
from reporting.presenters.scheduled_reports import FOR_TEAM, write_pdf
from reporting.release import Release, release
from reporting.rules.pathway import PeriodKind, period_up_to
from reporting.rules.scheduled_reports import ReportSection, sections_in_order
from reporting.selectors.equity_lens import Control, everything, uptake_by_group
from reporting.selectors.pack_content.equality import blocks_of
from reporting.selectors.pack_content.sources import Sources
from reporting.selectors.pack_content.uptake import uptake_blocks
from reporting.selectors.pathway import Walked
from reporting.selectors.series import months_in_place
from reporting.selectors.snapshots import figures_in
from reporting.services import equity_release, pathway, releases
from reporting.services.scheduled_reports import Drawn

FORMAT = 1
PURPOSE = "report"
#: A cell that is a number and nothing else, as it stands in a table.
NUMBER = re.compile(r"[−-]?£?[0-9][0-9,]*(\.[0-9]+)?")


class ReportSources(Sources):
    """What the sections of a report are made of: for who may see people from the snapshot, for others the ledger's."""

    def __init__(self, report: ScheduledReport, snapshot: Snapshot) -> None:
        super().__init__(report.commissioner, report.as_at)
        self.report = report
        self.snapshot = snapshot

    @cached_property
    def release(self) -> Release:
        """The figures of the dashboard, as whom the report is for may see them."""
        if self.report.is_controlled:
            return releases.release_for(self.report.asked_by, self.scope, purpose=PURPOSE)
        shown = release(figures_in(self.snapshot), None)
        return replace(shown, points=tuple(points_shown(months_in_place(self.scope), None)))

    def pathway(self) -> PathwayRelease:
        """The figures of pathway and quality: the year so far, or for others the last whole quarter."""
        asked = Walked(self.scope, period_up_to(self.as_at, PeriodKind.YEAR), clock.today())
        if not self.report.is_controlled:
            return pathway.live(asked)
        return pathway.published(asked, purpose=PURPOSE, to=self.report.asked_by)[0]


def _uptake(sources: ReportSources) -> list[Block]:
    return uptake_blocks(sources)


def _pathway(sources: ReportSources) -> list[Block]:
    found = sources.pathway()
    links = PathwayLinks(sources.commissioner, {}, may_see_people=False)
    return pathway_blocks(found, links)


def _equality(sources: ReportSources) -> list[Block]:
    scope = sources.scope
    control: Control = everything
    if sources.report.is_controlled:
        scope = equity_release.last_published(scope)
        control = equity_release.published(scope, purpose=PURPOSE, to=sources.report.asked_by)
    return [words.text(f"As at {spoken_date(scope.as_at)}."), *blocks_of(uptake_by_group(scope, control=control))]


SECTIONS: dict[ReportSection, Callable[[ReportSources], list[Block]]] = {
    ReportSection.UPTAKE: _uptake,
    ReportSection.PATHWAY: _pathway,
    ReportSection.EQUALITY: _equality,
}


def draw(report: ScheduledReport, snapshot: Snapshot, step: Callable[[], None]) -> Drawn:
    """Work a report out from its snapshot, saying after each section and file that it is done."""
    sources = ReportSources(report, snapshot)
    parts = []
    for section in sections_in_order(report.sections):
        parts.append(words.part(section, SECTIONS[section](sources)))
        step()
    content = {
        "format": FORMAT,
        "commissioner": report.commissioner.name,
        "as_at": report.as_at.isoformat(),
        "as_at_words": spoken_date(report.as_at),
        "made": spoken_moment(clock.now()),
        "for": str(report.asked_by),
        "control": _control(sources),
        "snapshot": {"number": snapshot.number, "content_hash": snapshot.content_hash},
        "parts": parts,
    }
    pdf = write_pdf(content, fingerprint(content))
    step()
    workbook = _workbook(content, sources)
    step()
    return Drawn(content, pdf, workbook)


def _control(sources: ReportSources) -> str:
    profile = sources.release.profile
    return profile.explanation if profile else FOR_TEAM


@dataclass(frozen=True)
class Cell:
    """One figure of a section: of which table, in which line and column."""

    table: str
    line: str
    column: str
    value: Any


CELL_COLUMNS: tuple[Column[Cell], ...] = (
    Column("Table", lambda cell: cell.table),
    Column("Line", lambda cell: cell.line),
    Column("Column", lambda cell: cell.column),
    Column("Figure", lambda cell: cell.value, is_number=True),
)


def _workbook(content: dict[str, Any], sources: ReportSources) -> bytes:
    """A sheet for each section, and one of every figure of the dashboard with its definition."""
    snapshot = content["snapshot"]
    head = [
        ["Uptake of personal health budgets"],
        ["Commissioner", f"{content['commissioner']} ({sources.commissioner.code})"],
        ["As at", content["as_at_words"]],
        ["Figures from", f"Snapshot {snapshot['number']}, {snapshot['content_hash'][:12]}"],
        ["Made", f"{content['made']} for {content['for']}"],
        ["Disclosure control", content["control"]],
    ]
    sheets = [Sheet(part["title"], CELL_COLUMNS, _cells(part["blocks"])) for part in content["parts"]]
    if ReportSection.UPTAKE in sources.report.sections:
        sheets.append(Sheet("Every figure", FIGURE_COLUMNS, figure_rows(sources.release, sources.cohorts)))
    file = io.BytesIO()
    write_workbook(file, sheets, head, title=head[0][0])
    return file.getvalue()


def _cells(blocks: Sequence[Block]) -> Iterator[Cell]:
    """Every figure of the blocks, in their order."""
    for block in blocks:
        if block["kind"] == "figures":
            for item in block["items"]:
                yield Cell("The figures", item["label"], "Value", number_or_text(item["value"]))
        elif block["kind"] == "table":
            for line, *values in block["rows"]:
                for heading, value in zip(block["head"][1:], values, strict=True):
                    yield Cell(block["caption"], line, heading, number_or_text(value))
        elif block["kind"] == "chart":
            for point in block["points"]:
                yield Cell(
                    "In place over time",
                    point["on"],
                    "In place",
                    point["in_place"] if point["in_place"] is not None else "*",
                )


def number_or_text(text: str) -> Any:
    """A cell's words as a number where they are one, so that a spreadsheet can add them up."""
    if not NUMBER.fullmatch(text):
        return text
    return Decimal(text.replace("−", "-").replace("£", "").replace(",", ""))
