"""Tables of areas, and people counted by group."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from offers.models import Cohort
from phb_register.models import Commissioner, User
from phb_register.services.file_imports import Outcome
from phb_register.spreadsheets import Table
from reporting.models import AreaImport, AreaTable, EligibleGroup
from reporting.rules.area_rows import COLUMNS
from reporting.services.areas import IMPORTS, read_places, record_areas
from reporting.services.equity import record_group_counts

AREA_DETAILS = {"applies_from": dt.date(2015, 9, 30), "source": "Areas of a test"}
ONE_AREA = "postcode,quintile,locality\nZZ1 1AA,1,North\n"


def make_areas(commissioner: Commissioner, text: str, *, applies_from: dt.date = dt.date(2015, 4, 1)) -> AreaTable:
    """A table of areas from the text of a CSV file."""
    content, outcome = text.encode(), Outcome()
    table = Table(content, "areas.csv")
    places = read_places(table, COLUMNS.find(table.header), outcome, lambda done, total: None)
    assert not outcome.problems
    return record_areas(
        commissioner=commissioner,
        by=None,
        filename="areas.csv",
        sha256=hashlib.sha256(content).hexdigest(),
        applies_from=applies_from,
        source="Areas made for a test",
        places=places,
    )


def make_area_import(commissioner: Commissioner, *, by: User, text: str = ONE_AREA) -> AreaImport:
    """A file of areas that was checked, and waits to be imported."""
    taken = IMPORTS.upload(
        commissioner=commissioner,
        filename="areas.csv",
        content=text.encode(),
        by=by,
        details=AREA_DETAILS,
    )
    IMPORTS.run_check(file_import=taken, progress=lambda done, total: None)
    taken.refresh_from_db()
    return taken


def count_groups(
    commissioner: Commissioner,
    characteristic: str,
    counts: Mapping[str, int],
    *,
    cohort: Cohort | None = None,
    counted_on: dt.date = dt.date(2017, 1, 31),
) -> list[EligibleGroup]:
    """People counted by group, of the population unless a cohort is given."""
    return record_group_counts(
        commissioner=commissioner,
        by=None,
        cohort=cohort,
        counted_on=counted_on,
        characteristic=characteristic,
        counts=counts,
        source="A count made for a test",
    )
