"""Registers of other ICBs, each taken in from one file as a register that was kept elsewhere would be.

They give England's figures something to add up and its funnel plots something to compare. Everything is invented.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from random import Random

from budgets.enums import EndReason
from budgets.models import RegisterImport
from budgets.rules.register_import import COLUMNS
from budgets.services.budget_settings import change_budget_settings
from budgets.services.register_imports import IMPORTS
from phb_register import clock
from phb_register.models import Commissioner, User

from .people import People
from .plan import DAY
from .streams import STREAMS

#: Whose they are: the user of the demonstration who works for all of them.
BY = "team@registers.example.nhs.uk"
FILENAME = "registers of six ICBs.csv"
#: How many budgets each ICB began in its time. They differ by more than chance, as commissioners do.
BEGUN = {"QJ2": 56, "QPM": 31, "QR1": 68, "QT1": 47, "QUE": 11, "QVV": 27}
FIRST_START = dt.date(2022, 9, 1)
#: Cohorts by how often they come, with the youngest and the oldest in them.
COHORTS = (("chc", 7, (24, 92)), ("wheelchair", 2, (6, 80)), ("s117", 2, (20, 70)), ("continuing-care", 1, (3, 14)))
METHODS = ("notional",) * 16 + ("direct_payment",) * 3 + ("third_party",)
ENDS = (EndReason.DIED, EndReason.CARE_HOME, EndReason.NOT_ELIGIBLE)
#: The thousands of NHS numbers that the people of the plan leave free.
FIRST_BLOCK = len(STREAMS) + 20
LAST_START = dt.date(2026, 10, 1)
#: Below 1, later budgets follow each other more quickly: uptake grows.
GROWTH = 0.7


def load(progress: Callable[[int, int], None]) -> None:
    """Import the file, unless there is an import of these commissioners already."""
    commissioner = Commissioner.objects.get(code=next(iter(BEGUN)))
    if not RegisterImport.objects.filter(commissioner=commissioner).exists():
        by = User.objects.get(email=BY)
        content = as_file(clock.today()).encode()
        taken = IMPORTS.upload(commissioner=commissioner, filename=FILENAME, content=content, by=by)
        IMPORTS.run_at_once(file_import=taken, by=by, progress=progress)
        for each in Commissioner.objects.filter(code__in=BEGUN):
            # What was reviewed before the register was taken over stands in no file.
            change_budget_settings(commissioner=each, by=by, reviews_recorded_from=clock.today())
    progress(1, 1)


def as_file(last_day: dt.date) -> str:
    """The registers as they stood at the end of a day, one budget a row."""
    held = io.StringIO()
    rows = csv.DictWriter(held, [column.name for column in COLUMNS.all], lineterminator="\n")
    rows.writeheader()
    for block, (code, begun) in enumerate(BEGUN.items(), start=FIRST_BLOCK):
        rows.writerows(_rows(code, begun, People(block), last_day))
    return held.getvalue()


def _rows(code: str, begun: int, people: People, last_day: dt.date) -> Iterator[dict[str, str]]:
    span = (LAST_START - FIRST_START).days
    for number in range(begun):
        rng = Random(f"other-registers/{code}/{number}")  # noqa: S311  an invented person is no secret
        started_on = FIRST_START + DAY * int(span * ((number + 0.5) / begun) ** GROWTH)
        cohort, _, (youngest, oldest) = rng.choices(COHORTS, [each[1] for each in COHORTS])[0]
        person = people.invent(rng, youngest=youngest, oldest=oldest, on=started_on)
        annual = rng.randint(6_000, 60_000)
        ended_on = started_on + DAY * (30 + int(rng.expovariate(1 / 3_000)))
        has_ended = ended_on <= last_day
        agreed_on = started_on - DAY * rng.randint(3, 20)
        row = {
            "nhs_number": person.nhs_number,
            "family_name": person.family_name,
            "given_name": person.given_name,
            "born_on": person.born_on.isoformat(),
            "sex": person.sex,
            "ethnic_category": person.ethnic_category,
            "postcode": person.postcode,
            "gp_practice": person.gp_practice,
            "commissioner": code,
            "cohort": cohort,
            "fast_track": "yes" if cohort == "chc" and rng.random() < 0.08 else "no",
            "lives_in": "home",
            "funding": "nhs",
            "nhs_share": "100",
            "methods": rng.choice(METHODS),
            "referred_on": (agreed_on - DAY * rng.randint(12, 40)).isoformat(),
            "agreed_on": agreed_on.isoformat(),
            "started_on": started_on.isoformat(),
            "ended_on": ended_on.isoformat() if has_ended else "",
            "end_reason": rng.choice(ENDS) if has_ended else "",
            "annual_amount": f"{annual}.00",
            "previous_annual_amount": f"{annual * rng.randint(98, 124) // 100}.00",
        }
        if started_on <= last_day:
            yield row
