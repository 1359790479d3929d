"""Tables of areas, and people counted by group."""

import datetime as dt
from collections.abc import Mapping

from offers.models import Cohort
from phb_register.models import Commissioner
from reporting.models import AreaTable, EligibleGroup
from reporting.services.equity import import_areas, record_group_counts


def make_areas(commissioner: Commissioner, text: str, *, applies_from: dt.date = dt.date(2015, 4, 1)) -> AreaTable:
    """A table of areas from the text of a CSV file."""
    done = import_areas(
        commissioner=commissioner,
        by=None,
        filename="areas.csv",
        content=text.encode(),
        applies_from=applies_from,
        source="Areas made for a test",
    )
    assert done.table is not None, done.faults
    return done.table


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
