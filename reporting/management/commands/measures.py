"""`python manage.py measures --commissioner CODE --as-at DATE [--json]`: the figures of the dashboard, uncontrolled.

`--known-on DATE` gives what the register knew at the end of that day; `--cohort`, `--method`, `--age-group` and
`--funding` narrow the figures as the dashboard's filters do.
"""

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.enums import Method
from offers.models import Cohort
from phb_register import clock
from phb_register.presenters import spoken_date
from reporting import measures as m
from reporting.figures import Figures
from reporting.presenters import figure_rows
from reporting.release import release
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.filters import AGE_GROUP_LABELS, FUNDING_LABELS, Filters
from reporting.selectors.commissioners import commissioner_with_code, similar_codes
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted

#: Counts that came after other programs had begun to read the output.
FURTHER = (
    m.PEOPLE_IN_PLACE.code,
    m.ADULTS_IN_PLACE.code,
    m.ONE_OFF_IN_PLACE.code,
    m.WHEELCHAIR_ACTIVE.code,
    *(measure.code for measure in m.FLOW if measure is not m.PEOPLE_YEAR_TO_DATE),
)
METHODS = [*Method.values, m.NOT_RECORDED]


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
        parser.add_argument("--known-on", metavar="DATE", help="as the register knew it at the end of that day")
        parser.add_argument("--cohort", default="", metavar="CODE", help="only this cohort, like chc")
        parser.add_argument("--method", default="", choices=METHODS, help="only budgets managed in this way")
        parser.add_argument("--age-group", default="", choices=list(AGE_GROUP_LABELS), help="only adults, or children")
        parser.add_argument("--funding", default="", choices=list(FUNDING_LABELS), help="only those paid for so")
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures. Raises `CommandError` with a remedy for a code or date that is not one."""
        as_at = _day(options["as_at"], "--as-at") or clock.today()
        known_on = _day(options["known_on"], "--known-on")
        only = Filters.of(options)
        if only.cohort and not Cohort.objects.filter(code=only.cohort).exists():
            known = ", ".join(Cohort.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There is no cohort with the code {only.cohort!r}. Give one of these: {known}.")
        code = options["commissioner"].strip()
        commissioner = commissioner_with_code(code)
        if commissioner is None:
            near = similar_codes(code)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise CommandError(f"There is no commissioner with the code {code!r}.{hint} Give its ODS code, or LLR.")
        figures = figures_for(counted(commissioner, as_at, known_on=known_on, only=only))
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


def _day(typed: str | None, option: str) -> dt.date | None:
    if typed is None:
        return None
    try:
        day = dt.date.fromisoformat(typed.strip())
    except ValueError as error:
        raise CommandError(f"{typed!r} is not a date. Write {option} as year-month-day, like 2017-02-07.") from error
    if not EARLIEST_AS_AT <= day <= clock.today():
        asked = "an as-at date" if option == "--as-at" else "a date"
        raise CommandError(f"Give {asked} from {EARLIEST_AS_AT.isoformat()} to today, not {day.isoformat()}.")
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
        "by_funding": dict(figures.by_funding),
        **{code: getattr(figures, code) for code in FURTHER},
        "known_on": figures.known_on.isoformat() if figures.known_on else None,
        "only": figures.only.as_query(),
        "policy": asdict(figures.policy),
    }


def _ratio(ratio: m.Ratio) -> dict[str, Any]:
    return {
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "percent": _number(ratio.percent),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
