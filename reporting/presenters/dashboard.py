"""The dashboard's words, tables and links, from what may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from offers.enums import LineStatus
from offers.models import Cohort
from phb_register.disclosure import Controlled
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params
from reporting import measures as m
from reporting.presenters.addresses import address_of
from reporting.presenters.people import counting_words
from reporting.presenters.rows import METHOD_LABELS
from reporting.presenters.variation.links import VariationLinks
from reporting.release import Release
from reporting.rules import Course, course
from reporting.rules.counting import CountingPolicy
from reporting.rules.filters import FUNDING_LABELS
from reporting.rules.variation import Behind
from reporting.selectors.members import Member
from reporting.selectors.scope import Counted

HEADLINES = (m.PHBS_IN_PLACE, m.RATE_PER_1000, m.GAP_TO_LOW, m.PHBS_AGREED, m.PEOPLE_YEAR_TO_DATE)
#: What began, ended and was counted over the quarter and the year; and the budgets that are counted apart.
OVER_TIME = (
    m.NEW_IN_QUARTER,
    m.ENDED_IN_QUARTER,
    m.NEW_YEAR_TO_DATE,
    m.ENDED_YEAR_TO_DATE,
    m.PEOPLE_YEAR_TO_DATE,
    m.ADULTS_YEAR_TO_DATE,
    m.CHILDREN_YEAR_TO_DATE,
    m.PEOPLE_COUNTED_YEAR_TO_DATE,
)
APART = (m.ONE_OFF_IN_PLACE, m.ONE_OFF_YEAR_TO_DATE, m.WHEELCHAIR_ACTIVE)
NOT_SHOWN_YET = "Not shown yet"
NO_LIST = "No list stands behind it: it is worked out from other figures."
COURSE_TAGS: dict[Course, str] = {
    Course.NOT_KNOWN: "nhsuk-tag--grey",
    Course.BELOW: "nhsuk-tag--red",
    Course.WITHIN: "nhsuk-tag--green",
    Course.ABOVE: "nhsuk-tag--blue",
}


@dataclass(frozen=True)
class Links:
    """Addresses of the people behind figures; none for those who may not see them."""

    scope: Counted
    may_see_people: bool

    def to(self, measure: m.Measure, part: str = "") -> str:
        """The list behind a measure, or behind a part of it; "" where the reader gets no link."""
        if not self.may_see_people or not measure.has_people:
            return ""
        address = address_of("reporting:people", self.scope.commissioner.code, measure.code)
        return f"{address}?{self._query}{'&' + urlencode({'part': part}) if part else ''}"

    @cached_property
    def _query(self) -> str:
        return urlencode(self.scope.as_query())

    def figure(self, cell: Controlled, measure: m.Measure, part: str = "") -> Any:
        """The figure, as a link to its people where there is one."""
        address = self.to(measure, part)
        return format_html('<a class="nhsuk-link" href="{}">{}</a>', address, cell.text) if address else cell.text


def course_tag(release: Release) -> dict[str, str]:
    """A tag that says where uptake stands against the target band."""
    in_place = release.cell(m.PHBS_IN_PLACE.code).value
    low, high = release.figures.target_low, release.figures.target_high
    found = course(int(in_place), low, high) if in_place is not None else Course.NOT_KNOWN
    return {"text": found.value.capitalize(), "classes": COURSE_TAGS[found]}


def headlines(release: Release, links: Links) -> list[dict[str, Any]]:
    """The tiles at the top: each figure with its definition."""
    tiles = []
    for measure in HEADLINES:
        cell = release.cell(measure.code)
        label = measure.label
        if measure is m.GAP_TO_LOW and isinstance(cell.value, int) and cell.value < 0:
            cell, label = Controlled(-cell.value, f"{-cell.value:,}", cell.reason), "Above the lower target by"
        tiles.append(
            {
                "label": label,
                "value": links.figure(cell, measure),
                "definition": measure.definition,
                "why_no_list": "" if measure.has_people or not links.may_see_people else NO_LIST,
            }
        )
    return tiles


def measures_table(caption: str, measures: Sequence[m.Measure], release: Release, links: Links) -> dict[str, Any]:
    """Single figures below each other, each with what it counts."""
    columns: list[Column[m.Measure]] = [
        Column("Measure", lambda measure: measure.label),
        Column("Number", lambda measure: links.figure(release.cell(measure.code), measure), is_number=True),
        Column("Counted in", lambda measure: measure.unit),
    ]
    return table_params(columns, measures, caption=caption)


def funding_table(release: Release, links: Links) -> dict[str, Any]:
    """Budgets in place by who pays."""
    rows = [(FUNDING_LABELS[code], links.figure(cell, m.BY_FUNDING, code)) for code, cell in release.by_funding.items()]
    rows.append(("Total", links.figure(release.cell(m.PHBS_IN_PLACE.code), m.PHBS_IN_PLACE)))
    columns: list[Column[tuple[str, Any]]] = [
        Column("Paid by", lambda row: row[0]),
        Column("In place", lambda row: row[1], is_number=True),
    ]
    return table_params(columns, rows, caption=m.BY_FUNDING.label)


def members_table(members: Sequence[Member], people: VariationLinks) -> dict[str, Any]:
    """The commissioners that are counted together, the lowest rate first."""
    columns: list[Column[Member]] = [
        Column(
            "Commissioner",
            lambda each: each.commissioner.name,
            link=lambda each: reverse("reporting:dashboard", args=[each.commissioner.code]),
        ),
        Column(
            "In place",
            lambda each: each.in_place.text if each.in_place else NOT_SHOWN_YET,
            is_number=True,
            link=lambda each: people.body(Behind.COMPARED, each.commissioner),
        ),
        Column("Population", lambda each: f"{each.population:,}" if each.population else "Not known", is_number=True),
        Column("Per 1,000 people", _rate_words, is_number=True),
    ]
    if any(each.lower_rate is not None for each in members):
        columns.append(Column("Against the lower target", _standing))
    return table_params(columns, members, caption="Each commissioner, the lowest rate first", is_responsive=True)


def _rate_words(member: Member) -> str:
    if member.in_place is None or member.in_place.is_hidden:
        return member.in_place.text if member.in_place else NOT_SHOWN_YET
    return "Not known" if member.rate is None else str(member.rate)


def _standing(member: Member) -> Any:
    if member.rate is None or member.lower_rate is None:
        return "–"
    text, colour = ("Below", "nhsuk-tag--red") if member.is_below else ("Reached", "nhsuk-tag--green")
    return render_component("tag", {"text": text, "classes": colour})


def terms(measures: Sequence[m.Measure], policy: CountingPolicy) -> dict[str, Any]:
    """What each of the measures of a section is, and how the switches that govern it stand."""
    said = [(measure, counting_words(measure, policy)) for measure in measures]
    return {
        "rows": summary([(measure.label, " ".join([measure.definition, words]).strip()) for measure, words in said])
    }


def cohort_table(
    release: Release, cohorts: Sequence[Cohort], statuses: Mapping[str, str], links: Links
) -> dict[str, Any]:
    """Budgets in place by cohort, and whether each cohort is on the local offer that day, where there is one."""
    rows: list[tuple[str, str, Any]] = [
        (
            cohort.name,
            LineStatus(statuses[cohort.code]).label if cohort.code in statuses else "Not on the offer",
            links.figure(release.by_cohort[cohort.code], m.BY_COHORT, cohort.code),
        )
        for cohort in cohorts
        if cohort.code in release.by_cohort
    ]
    rows.append(("Total", "", links.figure(release.cell(m.PHBS_IN_PLACE.code), m.PHBS_IN_PLACE)))
    columns: list[Column[tuple[str, str, Any]]] = [
        Column("Cohort", lambda row: row[0]),
        *([Column("Local offer that day", lambda row: row[1])] if statuses else []),
        Column("In place", lambda row: row[2], is_number=True),
    ]
    return table_params(columns, rows, caption=m.BY_COHORT.label)


def method_table(release: Release, links: Links) -> dict[str, Any]:
    """People by how the money is managed, each once."""
    rows = [(METHOD_LABELS[code], links.figure(cell, m.BY_METHOD, code)) for code, cell in release.by_method.items()]
    return _people_table(m.BY_METHOD.label, "Method", rows, release, links)


def age_table(release: Release, links: Links) -> dict[str, Any]:
    """People with a budget in place, adults and children."""
    rows = [
        (measure.label, links.figure(release.cell(measure.code), measure))
        for measure in (m.ADULTS_IN_PLACE, m.CHILDREN_IN_PLACE)
    ]
    return _people_table("People by age", "Age on that day", rows, release, links)


def _people_table(
    caption: str, heading: str, rows: list[tuple[str, Any]], release: Release, links: Links
) -> dict[str, Any]:
    total = ("Total", links.figure(release.cell(m.PEOPLE_IN_PLACE.code), m.PEOPLE_IN_PLACE))
    columns: list[Column[tuple[str, Any]]] = [
        Column(heading, lambda row: row[0]),
        Column("People", lambda row: row[1], is_number=True),
    ]
    return table_params(columns, [*rows, total], caption=caption)


def uptake_table(release: Release, links: Links) -> dict[str, Any]:
    """Both CHC uptake figures with the numbers they are made from."""
    labels = {
        m.CHC_UPTAKE_INCLUDING_FAST_TRACK: "Including fast track",
        m.CHC_UPTAKE_EXCLUDING_FAST_TRACK: "Excluding fast track, from both numbers",
    }
    columns: list[Column[m.Measure]] = [
        Column("CHC in the community", lambda measure: labels[measure]),
        Column(
            "Budgets in place",
            lambda measure: links.figure(release.ratios[measure.code].numerator, measure),
            is_number=True,
        ),
        Column("People eligible", lambda measure: release.ratios[measure.code].denominator.text, is_number=True),
        Column("Uptake", lambda measure: release.ratios[measure.code].percent.text, is_number=True),
    ]
    return table_params(columns, list(labels), caption="Uptake of budgets among people eligible for CHC")


@cache
def definitions() -> SafeString:
    """Every measure with its definition, the switches that govern it and its source, as a table: always the same."""
    columns: list[Column[m.Measure]] = [
        Column("Measure", lambda measure: measure.label),
        Column("What it is", lambda measure: measure.definition),
        Column("Counted in", lambda measure: measure.unit),
        Column("Counting policy", lambda measure: measure.policy or "–"),
        Column("Source", lambda measure: measure.source),
    ]
    return render_component("table", table_params(columns, m.MEASURES, caption="Every measure and what it means"))


def control_words(release: Release) -> str:
    """How the figures are controlled, since when they stand, and why they were restated; nothing for the case team."""
    if release.profile is None:
        return ""
    words = release.profile.explanation
    if release.known_at is not None:
        words += f" As known on {spoken_date(localdate(release.known_at))}: what was entered since is not in them."
    return f"{words} Restated: {release.reason}" if release.number > 1 and release.reason else words


def denominator_words(release: Release) -> str:
    """Where the number of eligible people comes from, or what to do where it is not known."""
    eligible = release.figures.chc_eligible
    if eligible.counted_on is None:
        return f"CHC uptake is not known. {eligible.remedy}"
    return f"People eligible were counted on {spoken_date(eligible.counted_on)}. {eligible.source}"


def population_words(release: Release) -> str:
    """Where the population comes from."""
    population = release.figures.population
    if population.counted_on is None:
        return population.remedy
    return f"{population.basis}, counted on {spoken_date(population.counted_on)}. {population.source}"
