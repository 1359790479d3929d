"""The file of the page of variation."""

from collections.abc import Iterator, Sequence

from phb_register.presenters import spoken_date
from phb_register.tables import Column
from reporting.rules.variation import BETTER, Series
from reporting.selectors.variation import VariationPage

from .series import Chart, charts, shows
from .xmr_chart import Plotted, lower_limit, number

FileRow = tuple[Series, Plotted]


def file_rows(found: VariationPage, length: int) -> Iterator[FileRow]:
    """Every point of every chart that this reader may see."""
    for series, chart in charts(found, length).items():
        if isinstance(chart, Chart):
            yield from ((series, each) for each in chart.plotted)


FILE_COLUMNS: tuple[Column[FileRow], ...] = (
    Column("Chart", lambda row: row[0].label),
    Column("Month", lambda row: row[1].begins_on),
    Column("Number", lambda row: number(row[1].point.value), is_number=True),
    Column("Mean", lambda row: number(row[1].point.limits.mean) if row[1].point.limits else ""),
    Column("Lower limit", lambda row: number(lower_limit(row[0], row[1].point))),
    Column("Upper limit", lambda row: number(row[1].point.limits.upper) if row[1].point.limits else ""),
    Column("What it shows", lambda row: shows(row[1], BETTER[row[0]])),
)


def file_words(found: VariationPage, length: int, *, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What stands above the file."""
    commissioner = found.scope.commissioner
    return [
        ("Commissioner", f"{commissioner} ({commissioner.code})"),
        ("As at", spoken_date(found.scope.as_at)),
        ("Narrowed to", ". ".join(only) or "Nothing"),
        ("Months", str(length)),
        (
            "Disclosure control",
            found.profile.explanation if found.profile else "None: for the case team only. Do not publish.",
        ),
    ]
