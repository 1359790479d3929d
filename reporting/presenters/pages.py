"""What each page of this room says, put together for its template."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse

from phb_register.models import Commissioner, Job
from phb_register.presenters import job_progress, spoken_date
from phb_register.tables import Column, table_params
from reporting import measures as m
from reporting.models import EligiblePopulation
from reporting.presenters.people import count_words, counting_words
from reporting.selectors.scope import Counted


def default_as_at(commissioner: Commissioner, today: dt.date) -> dt.date:
    """The date shown where none was asked for: today, or the last day of a commissioner that has closed."""
    return min(today, commissioner.closed_on or today)


def breadcrumbs(commissioner: Commissioner, as_at: dt.date | None = None) -> list[dict[str, str]]:
    """The way back to the dashboard."""
    return [
        {"text": "Home", "href": reverse("phb_register:home")},
        {"text": f"Dashboard: {commissioner}", "href": dashboard_url(commissioner, as_at)},
    ]


def dashboard_url(commissioner: Commissioner, as_at: dt.date | None = None) -> str:
    """The dashboard of a commissioner, as at a date where one is given."""
    address = reverse("reporting:dashboard", args=[commissioner.code])
    return f"{address}?as_at={as_at.isoformat()}" if as_at else address


def being_fixed_page(scope: Counted, job: Job, address: str, *, target: str) -> dict[str, Any]:
    """What a page says while the figures that it shows are put together by a job."""
    return {
        "commissioner": scope.commissioner,
        "breadcrumbs": breadcrumbs(scope.commissioner),
        "as_at": spoken_date(scope.as_at),
        "progress": job_progress(job),
        "reference": job.reference,
        "address": address,
        "target": target,
    }


def people_page(
    measure: m.Measure, scope: Counted, page: Page[Any], chosen: Iterable[str], *, only: Iterable[str] = ()
) -> dict[str, Any]:
    """What the list behind a figure says above its table.

    `chosen` are the names of the part it is narrowed to, `only` the words for what all figures are narrowed to.
    """
    return {
        "commissioner": scope.commissioner,
        "breadcrumbs": breadcrumbs(scope.commissioner, scope.as_at),
        "measure_code": measure.code,
        "heading": ": ".join([measure.label, *chosen]),
        "as_at": spoken_date(scope.as_at),
        "definition": measure.definition,
        "policy": counting_words(measure, scope.policy),
        "only": ". ".join(only),
        "numerator": measure.numerator if measure.denominator else "",
        "count": count_words(measure, page.paginator.count),
        "page": page,
        "dashboard_url": f"{dashboard_url(scope.commissioner)}?{urlencode(scope.as_query())}",
    }


def denominators_choice(commissioners: Iterable[Commissioner]) -> dict[str, Any]:
    """The list of commissioners, each with its two pages."""
    return {
        "caption": "Commissioners and partnerships",
        "firstCellIsHeader": True,
        "head": ["Name", "Targets", "Eligible people"],
        "rows": [
            [
                {"text": each.name},
                {"text": f"Targets of {each.code}", "href": reverse("reporting:targets", args=[each.code])},
                {
                    "text": f"Eligible people of {each.code}",
                    "href": reverse("reporting:eligible-populations", args=[each.code]),
                },
            ]
            for each in commissioners
        ],
    }


def eligible_table(counts: Iterable[EligiblePopulation]) -> dict[str, Any]:
    """Numbers of eligible people, newest first."""
    columns: list[Column[EligiblePopulation]] = [
        Column("Counted on", lambda each: spoken_date(each.counted_on)),
        Column("Cohort", lambda each: each.cohort.name),
        Column("Where they live", lambda each: each.get_setting_display()),
        Column("People eligible", lambda each: f"{each.people:,}", is_number=True),
        Column("Of them, on fast track", lambda each: f"{each.fast_track_people:,}", is_number=True),
        Column("Source", lambda each: each.source),
    ]
    return table_params(columns, counts, caption="People eligible, by cohort and date")
