"""The words, tables and charts of the page of pathway and quality, from what may be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html

from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from phb_register.charts import BLUE, render_chart
from phb_register.dates import financial_year
from phb_register.disclosure import Controlled
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params
from reporting import measures as m
from reporting.measures import pathway, quality
from reporting.pathway_release import PathwayRelease, ReleasedSpread
from reporting.rules.pathway import Answer, Kept, Period, PeriodKind, last_whole_quarter

CHART_WIDTH, BAR_HEIGHT = 560, 26
MEASURES = (*pathway.PATHWAY, *quality.QUALITY)


@dataclass(frozen=True)
class PathwayLinks:
    """Addresses of the people behind figures; none for those who may not see them."""

    commissioner: Commissioner
    query: Mapping[str, str]
    may_see_people: bool

    def to(self, measure: m.Measure, **chosen: str) -> str:
        """The list behind a measure, or "" where the reader gets no link."""
        if not self.may_see_people:
            return ""
        address = reverse("reporting:pathway-people", args=[self.commissioner.code, measure.code])
        return f"{address}?{urlencode({**self.query, **chosen})}"

    def figure(self, cell: Controlled, measure: m.Measure, **chosen: str) -> Any:
        """The figure, as a link to its people where there is one."""
        address = self.to(measure, **chosen)
        return format_html('<a class="nhsuk-link" href="{}">{}</a>', address, cell.text) if address else cell.text


@dataclass(frozen=True)
class Chart:
    """A drawing and its title."""

    svg: Any
    title: str


def period_words(period: Period) -> str:
    """From which day to which, and what that is: so far, or the whole of it."""
    is_year = period.kind == PeriodKind.YEAR
    name = "financial year" if is_year else "quarter"
    ends = financial_year(period.last).end if is_year else last_whole_quarter(period.last)
    said = f"the whole {name}" if ends == period.last else f"the {name} so far"
    return f"{spoken_date(period.first)} to {spoken_date(period.last)}, {said}"


def tiles(release: PathwayRelease, links: PathwayLinks) -> list[dict[str, Any]]:
    """The figures at the top, each with its definition."""
    on_time = {"part": Kept.ON_TIME.value}
    medians = (pathway.DAYS_TO_DECISION, pathway.DAYS_TO_FIRST_PAYMENT)
    found: list[tuple[m.Measure, Any]] = [
        (pathway.PEOPLE_OFFERED, links.figure(release.percents["offered"], pathway.PEOPLE_OFFERED)),
        (pathway.DECIDED_ON_TIME, links.figure(release.percents["on_time"], pathway.DECIDED_ON_TIME)),
        (pathway.DAYS_TO_DECISION, links.figure(release.to_decision.median, pathway.DAYS_TO_DECISION)),
        (
            pathway.DAYS_TO_FIRST_PAYMENT,
            links.figure(release.to_first_payment.median, pathway.DAYS_TO_FIRST_PAYMENT),
        ),
        (quality.REVIEWS_ON_TIME, links.figure(release.percents["kept"], quality.REVIEWS_ON_TIME, **on_time)),
        (quality.ANNUAL_SAVING, links.figure(release.saving["amount"], quality.ANNUAL_SAVING, part="known")),
    ]
    return [
        {
            "label": f"{each.label}: the median" if each in medians else each.label,
            "value": value,
            "definition": each.definition,
        }
        for each, value in found
    ]


Line = tuple[str, Any]


def _table(caption: str, heading: str, counted: str, lines: Iterable[Line]) -> dict[str, Any]:
    columns: list[Column[Line]] = [
        Column(heading, lambda line: line[0]),
        Column(counted, lambda line: line[1], is_number=True),
    ]
    return table_params(columns, list(lines), caption=caption)


def answers_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """What became of the offer that everyone eligible must have."""
    lines = [
        (
            str(answer.label),
            links.figure(release.count("answer", answer), pathway.PEOPLE_BY_ANSWER, part=answer.value),
        )
        for answer in Answer
    ]
    lines.append(("All found eligible", links.figure(release.count("eligible"), pathway.PEOPLE_FOUND_ELIGIBLE)))
    return _table("People found eligible, by what they said to the offer", "Offer", "People", lines)


def why_not_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """Why people declined, or said not now."""
    lines = [
        (
            str(reason.label),
            links.figure(release.count("why_not", reason), pathway.PEOPLE_BY_WHY_NOT, reason=reason.value),
        )
        for reason in WhyNot
    ]
    return _table("Why people declined, or said not now", "Reason", "People", lines)


def decisions_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """What was decided on referrals."""
    lines = [
        (
            str(outcome.label),
            links.figure(release.count("decision", outcome), pathway.REFERRALS_DECIDED, part=outcome.value),
        )
        for outcome in DecisionOutcome
    ]
    lines.append(("All decided", links.figure(release.count("decided"), pathway.REFERRALS_DECIDED)))
    lines.append(("Of them, on time", links.figure(release.count("on_time"), pathway.DECIDED_ON_TIME)))
    return _table("Referrals decided, by the first decision", "Decision", "Referrals", lines)


def refusals_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """Why referrals were declined, or accepted in part only."""
    lines = [
        (
            str(reason.label),
            links.figure(release.count("refusal", reason), pathway.REFERRALS_BY_REFUSAL, reason=reason.value),
        )
        for reason in ReasonCode
    ]
    return _table("Why referrals were declined, or accepted in part", "Reason", "Referrals", lines)


def days_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """How long the way took."""
    rows = [
        (pathway.DAYS_TO_DECISION, release.to_decision),
        (pathway.DAYS_TO_FIRST_PAYMENT, release.to_first_payment),
    ]
    columns: list[Column[tuple[m.Measure, ReleasedSpread]]] = [
        Column("Days", lambda row: row[0].label),
        Column("How many", lambda row: links.figure(row[1].count, row[0]), is_number=True),
        Column("Lower quartile", lambda row: row[1].lower.text, is_number=True),
        Column("Median", lambda row: row[1].median.text, is_number=True),
        Column("Upper quartile", lambda row: row[1].upper.text, is_number=True),
        Column("Mean", lambda row: row[1].mean.text, is_number=True),
    ]
    return table_params(columns, rows, caption="Calendar days from referral", is_responsive=True)


def reviews_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """How reviews that were due were kept."""
    lines = [
        (str(kept.label), links.figure(release.count("kept", kept), quality.REVIEWS_ON_TIME, part=kept.value))
        for kept in Kept
    ]
    lines.append(("All due", links.figure(release.count("due"), quality.REVIEWS_ON_TIME)))
    return _table("Reviews due, by how they were kept", "Review", "Reviews", lines)


def saving_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """What budgets save against the packages they replaced, a year."""
    saving, measure = release.saving, quality.ANNUAL_SAVING
    lines: list[Line] = [
        ("Packages replaced, a year", saving["replaced"].text),
        ("Budgets in their place, a year", saving["budgets"].text),
        ("Saving a year", links.figure(saving["amount"], measure, part="known")),
        ("Saving as a share of the packages replaced", saving["percent"].text),
    ]
    if release.profile is None:
        lines.append(("Budgets that replaced a known package", links.figure(saving["known"], measure, part="known")))
        lines.append(("Budgets without one", links.figure(saving["unknown"], measure, part="unknown")))
    return _table(quality.ANNUAL_SAVING.label, "Of budgets in place", "Figure", lines)


def outcomes_table(release: PathwayRelease, links: PathwayLinks) -> dict[str, Any]:
    """What holders and carers say is better, the same or worse, a scale a row."""

    def cell(scale_id: int, change: str) -> Any:
        chosen = {"reason": str(scale_id)} | ({"part": change} if change != "all" else {})
        shown = release.count(f"outcome/{scale_id}", change)
        return links.figure(shown, quality.OUTCOMES_CHANGED, **chosen)

    rows = [
        (each.question, *(cell(each.scale_id, change) for change in (*(c.value for c in Change), "all")))
        for each in release.figures.outcomes
    ]
    columns: list[Column[tuple[Any, ...]]] = [
        Column("Scale", lambda row: row[0]),
        Column("Better", lambda row: row[1], is_number=True),
        Column("The same", lambda row: row[2], is_number=True),
        Column("Worse", lambda row: row[3], is_number=True),
        Column("All answers", lambda row: row[4], is_number=True),
    ]
    return table_params(
        columns, rows, caption="Outcomes, before the budget and at the latest review", is_responsive=True
    )


def definitions_table() -> dict[str, Any]:
    """Every measure of the page and what it means."""
    columns: list[Column[m.Measure]] = [
        Column("Measure", lambda measure: measure.label),
        Column("What it is", lambda measure: measure.definition),
        Column("Source", lambda measure: measure.source),
    ]
    return table_params(columns, MEASURES, caption="Every measure of this page and what it means", is_stacked=True)


def answers_chart(release: PathwayRelease, name: str) -> Chart | None:
    """A bar for each answer; what is hidden is left out, and said."""
    bars = [(str(answer.label), release.count("answer", answer)) for answer in Answer]
    return _bars(bars, f"What people found eligible said to the offer of a budget, {name}", "People")


def reviews_chart(release: PathwayRelease, name: str) -> Chart | None:
    """A bar for how reviews were kept."""
    bars = [(str(kept.label), release.count("kept", kept)) for kept in Kept]
    return _bars(bars, f"How reviews that were due were kept, {name}", "Reviews")


def _bars(bars: Sequence[tuple[str, Controlled]], title: str, unit: str) -> Chart | None:
    """Horizontal bars with their numbers; None where there is nothing to draw."""
    drawn = [(label, cell) for label, cell in bars if cell.value]
    if not drawn:
        return None
    hidden = [label for label, cell in bars if cell.is_hidden]
    words = ". ".join(f"{label}: {cell.text}" for label, cell in drawn) + "."
    if hidden:
        words += f" Hidden, so that nobody can be identified: {', '.join(hidden)}."
    values = [{"label": label, "number": int(cell.value or 0), "text": cell.text} for label, cell in drawn]
    axis = {"field": "label", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 220}}
    spec = {
        "width": CHART_WIDTH,
        "height": BAR_HEIGHT * len(drawn),
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE},
                "encoding": {"y": axis, "x": {"field": "number", "type": "quantitative", "title": unit}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"y": axis, "x": {"field": "number", "type": "quantitative"}, "text": {"field": "text"}},
            },
        ],
    }
    return Chart(render_chart(spec, title=title, description=words), title)
