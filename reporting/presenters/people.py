"""The lists behind figures: budgets or people, one a row."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.urls import reverse

from budgets.enums import Method
from budgets.models import PersonalHealthBudget
from phb_register.models import Person
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column
from reporting import measures as m
from reporting.rules.counting import SWITCHES, CountingPolicy, switch_words

METHODS: dict[str, str] = dict(Method.choices)
#: Said of a row that was once known, and is no longer on the register.
REMOVED = "Removed: its import was undone"


def columns_for(measure: m.Measure, as_at: dt.date, *, removed: Collection[int] = ()) -> list[Column[Any]]:
    """The columns of the list behind a measure: of budgets, or of people.

    Rows that are `removed` since, where a list is as known on a day, have no page to lead to, and say so.
    """
    return with_removed(budget_columns(as_at) if counts_budgets(measure) else person_columns(as_at), removed)


def with_removed(columns: list[Column[Any]], removed: Collection[int]) -> list[Column[Any]]:
    """The columns of a list, where some of its rows are removed since: these lead nowhere, and say why."""
    if not removed:
        return columns
    return [
        *(replace(each, link=_unless(removed, each.link)) if each.link else each for each in columns),
        Column("Since then", lambda row: REMOVED if row.pk in removed else "–"),
    ]


def _unless(removed: Collection[int], link: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    return lambda row: None if row.pk in removed else link(row)


def counts_budgets(measure: m.Measure) -> bool:
    """Whether the list behind a measure has a budget a row; otherwise it has a person a row."""
    return measure.unit in (m.Unit.BUDGETS, m.Unit.PERCENT)


def budget_columns(as_at: dt.date) -> list[Column[PersonalHealthBudget]]:
    """A budget a row, with how it was managed on the as-at date."""
    return [
        Column(
            "Person",
            lambda phb: phb.person.display_name,
            link=lambda phb: reverse("budgets:personal-health-budget", args=[phb.reference]),
        ),
        Column("NHS number", lambda phb: phb.person.display_nhs_number),
        Column("Cohort", lambda phb: phb.cohort.name),
        Column("Method", lambda phb: methods_on(phb, as_at)),
        Column("Agreed", lambda phb: spoken_date(phb.agreed_on), file_value=lambda phb: phb.agreed_on),
        Column("Started", lambda phb: spoken_date(phb.started_on), file_value=lambda phb: phb.started_on),
        Column("Commissioner", lambda phb: phb.commissioner.name),
    ]


def person_columns(as_at: dt.date) -> list[Column[Person]]:
    """A person a row, with their age on the as-at date."""
    return [
        Column(
            "Person",
            lambda person: person.display_name,
            link=lambda person: reverse("phb_register:person", args=[person.reference]),
        ),
        Column("NHS number", lambda person: person.display_nhs_number),
        Column("Age on that day", lambda person: person.age_on(as_at), is_number=True),
        Column("Responsible commissioner", lambda person: person.commissioner.name),
    ]


def methods_on(phb: PersonalHealthBudget, as_at: dt.date) -> str:
    """How a budget was managed at the end of a day, in words; a dash where no part was in force."""
    held = [
        METHODS[part.method]
        for part in phb.method_parts.all()
        if part.starts_on <= as_at and (part.ends_on is None or part.ends_on > as_at)
    ]
    return ", ".join(held) or "–"


def count_words(measure: m.Measure, number: int) -> str:
    """How many rows the list has, which is what the figure says."""
    if counts_budgets(measure):
        return counted(number, "personal health budget", "personal health budgets")
    return counted(number, "person", "people")


def counting_words(measure: m.Measure, policy: CountingPolicy) -> str:
    """How the switches that govern a measure stand; empty where none does."""
    said = [f"{each.label}: {each.said(policy)}" for each in SWITCHES if switch_words(each.field) in measure.policy]
    return ". ".join(said)
