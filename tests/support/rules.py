"""The reference rules and the LLR timeline as values, for tests that need no database."""

import csv
import datetime as dt
import functools
import json
from pathlib import Path

from eligibility.rules import LineStatus, OfferLine, RuleSet, read_rule_set_file

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "eligibility" / "reference"
TIMELINE = ROOT / "offers" / "reference_files"
CASES = REFERENCE / "worked-cases.json"


def reference_data(name):
    """A reference file as JSON values: `national`, `llr` or `somerset`."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


@functools.cache
def national() -> tuple[RuleSet, ...]:
    """Every version of every national rule set."""
    return tuple(read_rule_set_file(reference_data("national")))


@functools.cache
def llr() -> tuple[RuleSet, ...]:
    """Every version of every rule set of LLR."""
    return tuple(read_rule_set_file(reference_data("llr")))


@functools.cache
def somerset() -> tuple[RuleSet, ...]:
    """Every version of every rule set of Somerset."""
    return tuple(read_rule_set_file(reference_data("somerset")))


def llr_lines() -> tuple[OfferLine, ...]:
    """The timeline of the LLR offer."""
    return offer_lines("LLR")


@functools.cache
def offer_lines(commissioner: str) -> tuple[OfferLine, ...]:
    """The timeline of the local offer that arrives with the product, by its commissioner's code."""
    with (TIMELINE / "phases.csv").open(encoding="utf-8", newline="") as file:
        starts = {row["name"]: row["starts_on"] for row in csv.DictReader(file) if row["commissioner"] == commissioner}
    with (TIMELINE / "lines.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["commissioner"] == commissioner]
    return tuple(
        OfferLine(
            cohort=row["cohort"],
            status=LineStatus(row["status"]),
            starts_on=dt.date.fromisoformat(starts[row["phase"]]) if starts[row["phase"]] else None,
            ends_on=None,
            phase=row["phase"],
            source=row["source"],
        )
        for row in rows
    )


def everybody() -> dict:
    """Facts of an adult about whom everything is known and nothing gives a budget."""
    return {**json.loads(CASES.read_text(encoding="utf-8"))["defaults"], "born_on": "1970-06-15"}
