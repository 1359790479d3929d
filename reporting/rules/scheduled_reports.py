"""Scheduled reports: how often, of what, and as at which day one is due. Pure."""

import datetime as dt

from django.db.models import TextChoices

from phb_register.dates import ONE_DAY
from reporting.rules.pathway import PeriodKind, period_up_to

#: A report is made so many days after its as-at date, so that what happened in its last days is entered.
DAYS_FOR_LATE_ENTRIES = 5


class ReportSection(TextChoices):
    """A part of a report, in the order of the report."""

    UPTAKE = "uptake", "Uptake against target"
    PATHWAY = "pathway", "Pathway and quality"
    EQUALITY = "equality", "Equality"


class Rhythm(TextChoices):
    """How often somebody gets a report."""

    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"


def sections_in_order(chosen: list[str] | tuple[str, ...]) -> list[ReportSection]:
    """The sections that were chosen, each once, in the order of the report."""
    return [section for section in ReportSection if section in chosen]


def latest_due(rhythm: Rhythm, today: dt.date) -> dt.date:
    """The as-at date of the latest report that is due by the end of `today`."""
    by = today - ONE_DAY * DAYS_FOR_LATE_ENTRIES
    if rhythm == Rhythm.QUARTERLY:
        return period_up_to(by, PeriodKind.QUARTER).first - ONE_DAY
    return by.replace(day=1) - ONE_DAY


def next_made_on(rhythm: Rhythm, today: dt.date) -> dt.date:
    """The next day on which a report is made by itself, after `today`."""
    day = today + ONE_DAY
    while latest_due(rhythm, day) == latest_due(rhythm, today):
        day += ONE_DAY
    return day
