"""`python manage.py measures --commissioner CODE --as-at DATE [--json]`: the figures of the dashboard, uncontrolled."""

import datetime as dt
import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phb_register import clock
from phb_register.presenters import spoken_date
from reporting import measures as m
from reporting.figures import Figures
from reporting.presenters import figure_rows
from reporting.release import release
from reporting.rules import EARLIEST_AS_AT
from reporting.selectors.commissioners import commissioner_with_code, similar_codes
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted


class Command(BaseCommand):
    """Prints every measure of a commissioner or partnership as at a date."""

    help = (
        "Print every measure of a commissioner or partnership as at a date, with its definition, or as JSON. "
        "The figures are not disclosure controlled: they are for the case team."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The commissioner, the date and the form."""
        parser.add_argument("--commissioner", required=True, metavar="CODE", help="ODS code, or LLR")
        parser.add_argument("--as-at", metavar="DATE", help="year-month-day, like 2017-02-07; today if left out")
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures. Raises `CommandError` with a remedy for a code or date that is not one."""
        as_at = _as_at(options["as_at"])
        code = options["commissioner"].strip()
        commissioner = commissioner_with_code(code)
        if commissioner is None:
            near = similar_codes(code)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise CommandError(f"There is no commissioner with the code {code!r}.{hint} Give its ODS code, or LLR.")
        figures = figures_for(counted(commissioner, as_at))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(figures), indent=2))
            return
        self.stdout.write(f"{commissioner} ({commissioner.code}), as at {spoken_date(as_at)}\n\n")
        said = ""
        for row in figure_rows(release(figures, profile=None)):
            self.stdout.write(f"{row.label:<54} {row.text:>10} {'' if row.text.endswith('%') else row.unit}")
            if row.definition != said:
                said = row.definition
                self.stdout.write(f"    {said}")


def _as_at(typed: str | None) -> dt.date:
    if typed is None:
        return clock.today()
    try:
        day = dt.date.fromisoformat(typed.strip())
    except ValueError as error:
        raise CommandError(f"{typed!r} is not a date. Write --as-at as year-month-day, like 2017-02-07.") from error
    if not EARLIEST_AS_AT <= day <= clock.today():
        raise CommandError(f"Give an as-at date from {EARLIEST_AS_AT.isoformat()} to today, not {day.isoformat()}.")
    return day


def as_json(figures: Figures) -> dict[str, Any]:
    """Return the figures by the names other programs know them by; what is not known is null."""
    return {
        "commissioner": figures.commissioner_code,
        "as_at": figures.as_at.isoformat(),
        "phbs_in_place": figures.phbs_in_place,
        "phbs_agreed": figures.phbs_agreed,
        "children_in_place": figures.children_in_place,
        "people_year_to_date": figures.people_year_to_date,
        "population": figures.population.people,
        "rate_per_1000": _number(figures.rate_per_1000),
        "target_low": figures.target_low,
        "target_high": figures.target_high,
        "gap_to_low": figures.gap_to_low,
        "chc_uptake_including_fast_track": _ratio(figures.chc_uptake_including_fast_track),
        "chc_uptake_excluding_fast_track": _ratio(figures.chc_uptake_excluding_fast_track),
        "by_cohort": dict(figures.by_cohort),
        "by_method": dict(figures.by_method),
    }


def _ratio(ratio: m.Ratio) -> dict[str, Any]:
    return {
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "percent": _number(ratio.percent),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
