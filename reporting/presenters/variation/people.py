"""The lists behind the numbers of the page of variation."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse

from budgets.models import PersonalHealthBudget
from eligibility.models import Referral
from phb_register.presenters import counted, spoken_date
from phb_register.tables import Column
from reporting.presenters.pages import breadcrumbs
from reporting.presenters.people import budget_columns, with_removed
from reporting.rules.variation import Behind
from reporting.selectors.scope import Counted
from reporting.selectors.variation_people import PeopleBehind, records_of

DEFINITIONS: dict[Behind, str] = {
    Behind.STARTED: "Personal health budgets that started on one of these days.",
    Behind.ENDED: "Personal health budgets that had started, and ended on one of these days.",
    Behind.RECEIVED: "Referrals received on one of these days.",
    Behind.DECIDED: (
        "Referrals first decided on one of these days, with the calendar days from the day each was received. The "
        "number on the chart is the average of these days."
    ),
    Behind.IN_PLACE: "Personal health budgets in place at the end of the last of these days.",
    Behind.ON_THE_LINE: (
        "Personal health budgets in place at the end of that day, of the commissioners that count on the as-at date."
    ),
    Behind.COMPARED: "Personal health budgets in place at the end of the day, counted as on the page of variation.",
    Behind.COMPARED_CHC: (
        "Of the personal health budgets in place at the end of the day, those of NHS continuing healthcare of people "
        "who live at home, counted as on the page of variation."
    ),
}


UNITS: dict[type[Any], tuple[str, str]] = {
    Referral: ("referral", "referrals"),
    PersonalHealthBudget: ("personal health budget", "personal health budgets"),
}


def columns_behind(behind: Behind, on: dt.date, *, removed: Collection[int] = ()) -> list[Column[Any]]:
    """The columns of a list, by what it counts; budgets as they were managed `on` a day."""
    columns = referral_columns() if records_of(behind) is Referral else budget_columns(on)
    return with_removed(columns, removed)


def referral_columns() -> list[Column[Any]]:
    """A referral a row, with its first decision by the as-at date."""
    return [
        Column(
            "Person",
            lambda row: row.person.display_name,
            link=lambda row: reverse("eligibility:referral", args=[row.reference]),
        ),
        Column("NHS number", lambda row: row.person.display_nhs_number),
        Column("Received", lambda row: spoken_date(row.received_on), file_value=lambda row: row.received_on),
        Column(
            "First decided",
            lambda row: spoken_date(row.first_decided_on) if row.first_decided_on else "Not by then",
            file_value=lambda row: row.first_decided_on,
        ),
        Column("Days", lambda row: row.days_to_decision.days if row.days_to_decision else "", is_number=True),
        Column("Commissioner", lambda row: row.commissioner.name),
    ]


def days_words(asked: PeopleBehind) -> str:
    """The days that a list is of."""
    if asked.behind.is_at_the_end:
        return f"at the end of {spoken_date(asked.last)}"
    return f"{spoken_date(asked.first)} to {spoken_date(asked.last)}"


def variation_url(scope: Counted) -> str:
    """The page of variation with the same dates and filters."""
    return f"{reverse('reporting:variation', args=[scope.commissioner.code])}?{urlencode(scope.as_query())}"


def people_page(asked: PeopleBehind, page: Page[Any], *, only: Sequence[str]) -> dict[str, Any]:
    """What a list says above its table."""
    scope, back = asked.scope, variation_url(asked.scope)
    return {
        "commissioner": scope.commissioner,
        "body": asked.body,
        "breadcrumbs": [*breadcrumbs(scope.commissioner, scope.as_at), {"text": "Variation", "href": back}],
        "heading": asked.behind.label,
        "days": days_words(asked),
        "definition": DEFINITIONS[asked.behind],
        "only": ". ".join(only),
        "count": counted(page.paginator.count, *UNITS[records_of(asked.behind)]),
        "page": page,
        "which": asked.behind.value,
        "variation_url": back,
    }
