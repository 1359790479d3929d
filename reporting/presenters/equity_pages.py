"""What each page of the equity lens says, put together for its template."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils.timezone import localdate

from phb_register.disclosure import Profile
from phb_register.models import Commissioner, Person
from phb_register.presenters import page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import Column, table_params
from reporting.models import AreaTable, EligibleGroup
from reporting.presenters import equity as words
from reporting.presenters.pages import breadcrumbs
from reporting.presenters.people import with_removed
from reporting.rules.equity_groups import Answers, Characteristic, group_label
from reporting.selectors.equity_lens import Lens
from reporting.selectors.equity_outcomes import GroupAsked
from reporting.selectors.people import removed_since

Crumbs = list[dict[str, str]]


def equity_url(commissioner: Commissioner, query: dict[str, str] | None = None) -> str:
    """The page of a commissioner, with the same filters."""
    address = reverse("reporting:equity", args=[commissioner.code])
    return f"{address}?{urlencode(query)}" if query else address


def query_of(lens: Lens) -> dict[str, str]:
    """What stands in an address for the same page."""
    return {
        **lens.scope.as_query(),
        **({"cohort": lens.cohort.code} if lens.cohort else {}),
        **({"question": str(lens.question.reference)} if lens.question else {}),
    }


def equity_page(lens: Lens, user: Any, profile: Profile | None, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the equity page shows. `only` says in words what the numbers are narrowed to."""
    commissioner, query = lens.scope.commissioner, query_of(lens)
    link = words.people_links(commissioner, query) if profile is None else None
    of_whom = f"People with a budget in place: {lens.cohort.name}, at home" if lens.cohort else words.EVERYBODY
    found = [*words.findings(lens.uptake, words.UPTAKE)]
    compared = words.compared_count(lens.uptake)
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner, lens.scope.as_at),
        "as_at": spoken_date(lens.scope.as_at),
        "known_on": spoken_date(lens.scope.known_on) if lens.scope.known_on else "",
        "of_whom": of_whom,
        "only": ". ".join(only),
        "whole_url": equity_url(commissioner, {"as_at": lens.scope.as_at.isoformat()}),
        "control": profile.explanation if profile else "",
        "findings": found,
        "compared": words.compared_words(compared, len(found)),
        "uptake": words.sections(lens.uptake, words.UPTAKE, of_whom, link),
        "question": words.question_words(lens),
        "outcome_findings": words.findings(lens.outcomes, words.OUTCOMES),
        "outcomes": words.sections(lens.outcomes, words.OUTCOMES, "People who answered", link),
        "areas": words.area_words(lens.areas),
        "method": words.METHOD,
        "method_source": words.SOURCE_OF_METHODS,
        "counts_url": reverse("reporting:group-counts", args=[commissioner.code])
        if can(user, Permission.MANAGE_SETTINGS, commissioner)
        else "",
    }


def _crumbs(commissioner: Commissioner, query: dict[str, str] | None = None) -> Crumbs:
    return [*breadcrumbs(commissioner), {"text": "Equity", "href": equity_url(commissioner, query)}]


def people_columns(as_at: dt.date) -> list[Column[Person]]:
    """The people of a group, one a row."""
    return [
        Column(
            "Person",
            lambda person: person.display_name,
            link=lambda person: reverse("phb_register:person", args=[person.reference]),
        ),
        Column("NHS number", lambda person: person.display_nhs_number),
        Column("Date of birth", lambda person: spoken_date(person.born_on), file_value=lambda person: person.born_on),
        Column("Age", lambda person: person.age_on(as_at), is_number=True),
        Column("Responsible commissioner", lambda person: str(person.commissioner)),
    ]


def group_words(asked: GroupAsked) -> str:
    """Which group it is."""
    return f"{asked.characteristic.label}: {group_label(asked.characteristic, asked.group)}"


def of_whom(asked: GroupAsked) -> str:
    """Who is in the groups."""
    if asked.answers is not None and asked.question is not None:
        said = "Better than before the budget" if asked.answers is Answers.BETTER else "Answered both times"
        return f"{said}, by the latest review of the 12 months before: {asked.question.question}"
    cohort = asked.cohort
    return f"With a budget of {cohort.name} in place, living at home" if cohort else "With a budget in place"


def people_page(asked: GroupAsked, page: Page[Any], address: str, *, only: Sequence[str]) -> dict[str, Any]:
    """The people of one group."""
    scope, heading = asked.scope, group_words(asked)
    removed = removed_since(list(page.object_list)) if scope.known_on else frozenset[int]()
    columns = with_removed(people_columns(scope.as_at), removed)
    return {
        "commissioner": scope.commissioner,
        "breadcrumbs": _crumbs(scope.commissioner, scope.as_query()),
        "heading": heading,
        "of_whom": of_whom(asked),
        "only": ". ".join(only),
        "as_at": spoken_date(scope.as_at),
        "count": f"{page.paginator.count:,} {'person' if page.paginator.count == 1 else 'people'}",
        "table": table_params(columns, page.object_list, caption=heading, is_responsive=True),
        "links": page_links(page, address) if page.paginator.num_pages > 1 else None,
    }


def counts_page(
    commissioner: Commissioner, page: Page[Any], tables: Iterable[AreaTable], address: str
) -> dict[str, Any]:
    """The counts by group, and the tables of areas, of a commissioner."""
    here = reverse("reporting:group-counts", args=[commissioner.code])
    return {
        "commissioner": commissioner,
        "breadcrumbs": _crumbs(commissioner),
        "table": _counts_table(page.object_list) if page.object_list else None,
        "links": page_links(page, address) if page.paginator.num_pages > 1 else None,
        "starts": [
            {"text": each.label, "href": f"{here}?start={each.value}#id_cohort"}
            for each in Characteristic
            if each != Characteristic.LOCALITY
        ],
        "areas": _areas_table(tables),
    }


def _counts_table(counts: Iterable[EligibleGroup]) -> dict[str, Any]:
    columns: list[Column[EligibleGroup]] = [
        Column("Counted on", lambda each: spoken_date(each.counted_on)),
        Column("Of whom", lambda each: each.cohort.name if each.cohort else "The whole population"),
        Column("By", lambda each: each.get_characteristic_display()),
        Column("Group", lambda each: group_label(each.characteristic, each.group)),
        Column("People", lambda each: f"{each.people:,}", is_number=True),
        Column("Source", lambda each: each.source),
    ]
    return table_params(columns, counts, caption="People counted by group", is_responsive=True)


def _areas_table(tables: Iterable[AreaTable]) -> dict[str, Any] | None:
    columns: list[Column[AreaTable]] = [
        Column("Applies from", lambda each: spoken_date(each.applies_from)),
        Column("Table", lambda each: each.source),
        Column("Postcodes", lambda each: f"{each.postcodes:,}", is_number=True),
        Column("GP practices", lambda each: f"{each.practices:,}", is_number=True),
        Column("Imported", _imported),
    ]
    rows = list(tables)
    return table_params(columns, rows, caption="Tables of areas", is_responsive=True) if rows else None


def _imported(table: AreaTable) -> str:
    said = f"{spoken_date(localdate(table.imported_at))} by {table.imported_by or 'the register'}"
    return f"{said}; withdrawn {spoken_date(localdate(table.withdrawn_at))}" if table.withdrawn_at else said
