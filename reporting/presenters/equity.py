"""What the equity page and its file say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from phb_register.disclosure import Controlled, Profile
from phb_register.models import Commissioner
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params
from reporting.equity import Base, Line, Table
from reporting.models import AreaTable
from reporting.presenters.equity_chart import equity_chart
from reporting.rules.equity_groups import UNKNOWN, Answers, Characteristic
from reporting.rules.intervals import Mark
from reporting.selectors.areas import Areas
from reporting.selectors.equity_lens import Lens

TAGS = {Mark.LOWER: "nhsuk-tag--orange", Mark.HIGHER: "nhsuk-tag--blue"}
METHOD = (
    "A line beside a number is its 95% interval: for a share Wilson's, for a rate the limits of a Poisson count "
    "(exact below 10, Byar's from 10 on). A group is marked only where that leaves the average out; of twenty groups "
    "that do not differ, about one is marked by chance. The comparison with the others is the rate of the group "
    "divided by that of all the other groups together. People who said nothing of a characteristic (“not stated”), who "
    "were not asked (“not known”) and places that no table has are counted, and compared with nobody."
)
EVERYBODY = "People with a budget in place"
SOURCE_OF_METHODS = "Public Health England, Technical Guide: Confidence Intervals (2018)"


#: Where the people of a group are: all of them, or those who answered in a way.
PeopleLink = Callable[[str, str, str], str]


@dataclass(frozen=True)
class Words:
    """What the numbers of a part are called."""

    people: str
    base: dict[Base, str]
    rate: dict[Base, str]


UPTAKE = Words(
    people="People with a budget",
    base={Base.ELIGIBLE: "People eligible", Base.POPULATION: "Population", Base.NOT_KNOWN: "Population"},
    rate={Base.ELIGIBLE: "Of those eligible", Base.POPULATION: "Per 1,000 people", Base.NOT_KNOWN: "Per 1,000 people"},
)
OUTCOMES = Words(
    people="Better",
    base={Base.ANSWERED: "Answered both times"},
    rate={Base.ANSWERED: "Better, of those who answered"},
)


@dataclass(frozen=True)
class Section:
    """One characteristic on the page."""

    heading: str
    anchor: str
    chart: SafeString | None
    chart_title: str
    table: dict[str, Any]
    table_summary: str
    source: str
    average: str
    unknown: str
    remedy: str


def sections(
    tables: Mapping[Characteristic, Table], words: Words, of_whom: str, people_link: PeopleLink | None
) -> list[Section]:
    """A section for each characteristic, but one of localities where no table of areas names any."""
    return [
        _section(table, words, of_whom, people_link)
        for table in tables.values()
        if table.characteristic != Characteristic.LOCALITY or len(table.lines) > 1
    ]


def _section(table: Table, words: Words, of_whom: str, people_link: PeopleLink | None) -> Section:
    which, base = table.characteristic, table.base
    rate = words.rate[base.base]
    title = f"{of_whom}, by {which.label.lower()}: {rate[0].lower()}{rate[1:]}"
    is_known = base.base != Base.NOT_KNOWN
    return Section(
        heading=str(which.label),
        anchor=which.value.replace("_", "-"),
        chart=equity_chart(table, title=title, axis=f"{rate}{' (%)' if base.base.is_controlled else ''}"),
        chart_title=title,
        table=table_params(
            _columns(table, words, people_link),
            table.lines,
            caption=f"{of_whom}, by {which.label.lower()}",
            is_responsive=True,
        ),
        table_summary=f"Table by {which.label.lower()}: {words.people.lower()}, rates, intervals and comparisons",
        source=_source(table, words) if is_known and base.base != Base.ANSWERED else "",
        average=_average(table, rate) if is_known else "",
        unknown=_unknown(table),
        remedy=base.remedy,
    )


def _columns(table: Table, words: Words, people_link: PeopleLink | None) -> list[Column[Line]]:
    which, base = table.characteristic, table.base.base

    def link(number: Callable[[Line], Controlled], answers: str) -> Callable[[Line], str | None]:
        return lambda line: people_link(which, line.group, answers) if people_link and number(line).value else None

    is_of_answers = base == Base.ANSWERED
    columns: list[Column[Line]] = [
        Column(str(which.label), lambda line: line.label),
        Column(
            words.people,
            lambda line: line.people.text,
            is_number=True,
            link=link(lambda line: line.people, Answers.BETTER if is_of_answers else ""),
        ),
    ]
    if base != Base.ANSWERED:
        columns.append(Column("Of all", lambda line: line.percent.text, is_number=True))
    if base == Base.NOT_KNOWN:
        return columns
    return [
        *columns,
        Column(
            words.base[base],
            lambda line: line.base.text,
            is_number=True,
            link=link(lambda line: line.base, Answers.BOTH_TIMES) if is_of_answers else None,
        ),
        Column(words.rate[base], lambda line: line.rate.text, is_number=True),
        Column("95% interval", lambda line: line.interval.text, is_number=True),
        Column("Times the others", lambda line: line.ratio.text, is_number=True),
        Column("Against the average", _mark),
    ]


def _mark(line: Line) -> str:
    if line.mark in TAGS:
        return render_component("tag", {"text": line.mark.value, "classes": TAGS[line.mark]})
    return line.mark.value


def _source(table: Table, words: Words) -> str:
    base = table.base
    counted = f"counted on {spoken_date(base.counted_on)}" if base.counted_on else ""
    return f"{words.base[base.base]}: {counted}. {base.source}"


def _average(table: Table, rate: str) -> str:
    if table.average.is_hidden:
        return "The average is not shown: small numbers could be worked out from it."
    return f"Average of the groups that are compared, {rate[0].lower()}{rate[1:]}: {table.average.text}."


def _unknown(table: Table) -> str:
    """How many people are in no group that can be compared."""
    said = [
        f"{line.label}: {line.people.text}" for line in table.lines if line.group in UNKNOWN and line.people.text != "0"
    ]
    return f"In no group that is compared: {'; '.join(said)}." if said else ""


def findings(tables: Mapping[Characteristic, Table], words: Words) -> list[str]:
    """A sentence for each group that differs from the average, the lowest first."""
    marked = [
        (line.mark != Mark.LOWER, table, line)
        for table in tables.values()
        for line in table.lines
        if line.mark in (Mark.LOWER, Mark.HIGHER)
    ]
    return [
        f"{table.characteristic.label}, {line.label}: {_rate_words(line, table, words)}"
        for _, table, line in sorted(marked, key=lambda each: each[0])
    ]


def _rate_words(line: Line, table: Table, words: Words) -> str:
    rate = words.rate[table.base.base]
    return (
        f"{line.mark.value.lower()}, {line.rate.text} {rate[0].lower()}{rate[1:]} "
        f"({line.interval.text}) against {table.average.text}."
    )


def saved_words(written: int) -> str:
    """What a save did."""
    if not written:
        return "These counts were recorded before. Nothing was changed"
    return f"{written} {'count is' if written == 1 else 'counts are'} saved"


def compared_words(compared: int, found: int) -> str:
    """How many groups were compared, and how many differ."""
    if not compared:
        return (
            "No group could be compared with the others: the people who could have a budget are not counted by group."
        )
    if not found:
        return f"None of the {compared} groups that are compared differs from its average by more than chance allows."
    return f"{found} of the {compared} groups that are compared differ from their average by more than chance allows."


def question_words(lens: Lens) -> str:
    """Which answers are compared."""
    if lens.question is None:
        return ""
    asked = lens.question.get_asked_of_display().lower()
    return (
        f"“{lens.question.question}” Asked of {asked}. People who said a level before their budget and at a review in "
        f"the 12 months to {spoken_date(lens.scope.as_at)}; better is a better level at the latest review."
    )


def compared_count(tables: Mapping[Characteristic, Table]) -> int:
    """How many groups are compared with an average."""
    return sum(line.mark != Mark.NOT_COMPARED for table in tables.values() for line in table.lines)


def area_words(areas: Areas) -> list[str]:
    """Which tables of areas say where people live, or what is missing."""
    told = []
    if areas.deprivation is None:
        told.append("No table of deprivation was in force. One can be imported under Targets.")
    else:
        told.append(f"Deprivation: {_table_words(areas.deprivation)}.")
    localities = [table for table in (areas.localities, areas.practices) if table is not None]
    if not localities:
        told.append("No table of localities was in force. One can be imported under Targets.")
    else:
        told.append(f"Localities: {'; '.join(dict.fromkeys(_table_words(table) for table in localities))}.")
    return told


def _table_words(table: AreaTable) -> str:
    return f"{table.source}, from {spoken_date(table.applies_from)}"


def people_links(commissioner: Commissioner, query: Mapping[str, str]) -> PeopleLink:
    """Addresses of the people of a group: of all with a budget, or of those who answered the question of `query`."""

    def link(characteristic: str, group: str, answers: str = "") -> str:
        # Answers are those of everybody, whatever cohort uptake is compared in.
        left_out = "cohort" if answers else "question"
        of = {key: value for key, value in query.items() if key != left_out}
        asked = {**of, "characteristic": characteristic, "group": group, **({"answers": answers} if answers else {})}
        return f"{reverse('reporting:equity-people', args=[commissioner.code])}?{urlencode(asked)}"

    return link


# ── The file ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class FileLine:
    """One line of the file."""

    part: str
    table: Table
    line: Line


def file_lines(lens: Lens) -> Iterator[FileLine]:
    """Every line of every table of the page."""
    for part, tables in (("Uptake", lens.uptake), ("Outcome", lens.outcomes)):
        for table in tables.values():
            for line in table.lines:
                yield FileLine(part, table, line)


def _of(cell: Callable[[Line], Controlled]) -> Callable[[FileLine], Any]:
    def value(row: FileLine) -> Any:
        found = cell(row.line)
        return found.text if found.is_hidden or found.value is None else found.value

    return value


FILE_COLUMNS: tuple[Column[FileLine], ...] = (
    Column("Part", lambda row: row.part),
    Column("Characteristic", lambda row: str(row.table.characteristic.label)),
    Column("Group", lambda row: row.line.label),
    Column("Code", lambda row: row.line.group),
    Column("People", _of(lambda line: line.people), is_number=True),
    Column("Of all", _of(lambda line: line.percent), is_number=True),
    Column("Divided by", lambda row: row.table.base.base.value),
    Column("Number divided by", _of(lambda line: line.base), is_number=True),
    Column("Rate", lambda row: row.line.rate.text, is_number=True),
    Column("95% interval", lambda row: row.line.interval.text),
    Column("Times the others", lambda row: row.line.ratio.text),
    Column("Against the average", lambda row: row.line.mark.value),
    Column("Average", lambda row: row.table.average.text),
    Column("Counted on", lambda row: row.table.base.counted_on),
    Column("Source", lambda row: row.table.base.source or row.table.base.remedy),
)


def file_words(lens: Lens, profile: Profile | None, *, only: Sequence[str]) -> list[tuple[str, str]]:
    """What stands above the file."""
    commissioner = lens.scope.commissioner
    return [
        ("Commissioner", f"{commissioner} ({commissioner.code})"),
        ("As at", spoken_date(lens.scope.as_at)),
        ("As known on", spoken_date(lens.scope.known_on) if lens.scope.known_on else "The day it was made"),
        ("Of whom", lens.cohort.name if lens.cohort else "Everybody with a budget in place"),
        ("Narrowed to", ". ".join(only) or "Nothing"),
        ("Question", lens.question.question if lens.question else "None answered"),
        ("Disclosure control", profile.explanation if profile else "None: for the case team only. Do not publish."),
        ("Areas", " ".join(area_words(lens.areas))),
        ("Method", f"{METHOD} {SOURCE_OF_METHODS}"),
    ]
