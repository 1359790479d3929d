"""Every figure as a row: the same list feeds the page's table, the CSV and the command."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from budgets.enums import Method
from offers.models import Cohort
from phb_register.disclosure import Controlled
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date, spoken_moment
from phb_register.tables import Column
from reporting import measures as m
from reporting.presenters.targets import target_provenance
from reporting.release import Release
from reporting.rules.counting import differences
from reporting.rules.filters import FUNDING_LABELS

METHOD_LABELS: dict[str, str] = {**dict(Method.choices), m.NOT_RECORDED: "No method recorded that day"}
RATIO_CODES = (m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code)


@dataclass(frozen=True)
class FigureRow:
    """One figure: of which measure, which part of it, and as it may be shown."""

    measure: m.Measure
    part: str
    label: str
    cell: Controlled
    unit: str
    definition: str

    @property
    def text(self) -> str:
        """The figure as it stands on a page."""
        return self.cell.text

    @property
    def number(self) -> Any:
        """The figure for a file: a plain number, "*" where hidden, nothing where not known."""
        return self.cell.text if self.cell.is_hidden else self.cell.value


def figure_rows(release: Release, cohorts: Sequence[Cohort] = ()) -> list[FigureRow]:
    """Return every figure of a release, in the order of the declarations.

    `cohorts` gives the cohorts' names; without it they are called by their codes.
    """
    names = {cohort.code: cohort.name for cohort in cohorts}
    rows: list[FigureRow] = []
    for measure in m.OF_SPELLS:
        if measure is m.BY_COHORT:
            rows += [
                _row(measure, cell, part=code, label=f"In place: {names.get(code, code)}")
                for code, cell in release.by_cohort.items()
            ]
        elif measure is m.BY_METHOD:
            rows += [
                _row(measure, cell, part=code, label=f"People: {METHOD_LABELS[code].lower()}")
                for code, cell in release.by_method.items()
            ]
        elif measure is m.BY_FUNDING:
            rows += [
                _row(measure, cell, part=code, label=f"In place, paid by: {FUNDING_LABELS[code]}")
                for code, cell in release.by_funding.items()
            ]
        elif measure.code in RATIO_CODES:
            rows += _ratio_rows(measure, release)
        else:
            rows.append(_row(measure, release.cell(measure.code)))
    return rows


def _row(measure: m.Measure, cell: Controlled, *, part: str = "", label: str = "") -> FigureRow:
    return FigureRow(measure, part, label or measure.label, cell, measure.unit, measure.definition)


def _ratio_rows(measure: m.Measure, release: Release) -> list[FigureRow]:
    ratio = release.ratios[measure.code]
    parts = (
        ("numerator", ratio.numerator, m.Unit.BUDGETS, measure.numerator),
        ("denominator", ratio.denominator, m.Unit.PEOPLE, measure.denominator),
    )
    return [
        _row(measure, ratio.percent, part="percent"),
        *(
            FigureRow(measure, part, f"{measure.label}: {part}", cell, unit, f"{text}.")
            for part, cell, unit, text in parts
        ),
    ]


FIGURE_COLUMNS: tuple[Column[FigureRow], ...] = (
    Column("Measure", lambda row: row.label),
    Column("Code", lambda row: row.measure.code),
    Column("Part", lambda row: row.part),
    Column("Figure", lambda row: row.text, is_number=True, file_value=lambda row: row.number),
    Column("Unit", lambda row: row.unit),
    Column("Definition", lambda row: row.definition),
    Column("Numerator", lambda row: row.measure.numerator),
    Column("Denominator", lambda row: row.measure.denominator),
    Column("Counting policy", lambda row: row.measure.policy),
    Column("Source", lambda row: row.measure.source),
)


def figures_words(release: Release, commissioner: Commissioner, *, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what stands above a file of figures: of whom they are, when, how counted, and what is hidden.

    `only` says in words what the figures are narrowed to.
    """
    control = release.profile.explanation if release.profile else "None: for the case team only. Do not publish."
    population, eligible = release.figures.population, release.figures.chc_eligible
    return [
        ("Commissioner", f"{commissioner} ({commissioner.code})"),
        ("As at", spoken_date(release.figures.as_at)),
        ("Filters", ". ".join(only) or "None"),
        ("Counting policy", ". ".join(differences(release.figures.policy)) or "As the national collection counts"),
        ("Disclosure control", control),
        *([("As known", spoken_moment(release.known_at))] if release.known_at else []),
        *([("Restated", release.reason)] if release.number > 1 else []),
        ("Population", _provenance(population.basis, population.counted_on, population.source, population.remedy)),
        ("Target", target_provenance(release.figures.target)),
        ("People eligible for CHC", _provenance("", eligible.counted_on, eligible.source, eligible.remedy)),
    ]


def _provenance(basis: str, counted_on: dt.date | None, source: str, remedy: str) -> str:
    if counted_on is None:
        return f"Not known. {remedy}"
    return ". ".join(part for part in (basis, f"Counted on {spoken_date(counted_on)}", source) if part)
