"""Figures that were shown to readers who may not see people."""

import datetime as dt

from phb_register.disclosure import Sum
from phb_register.models import Commissioner
from reporting.ledger import Counts
from reporting.models import FigureRelease
from reporting.services.releases import shown


def make_release(
    commissioner: Commissioner, as_at: dt.date = dt.date(2026, 9, 30), part: str = "test"
) -> FigureRelease:
    """Thirty in place, of them three with continuing care, who are hidden with another cohort."""
    values = {"in_place": 30, "by/chc": 20, "by/ld": 7, "by/continuing-care": 3}
    counts = Counts(values, [Sum("in_place", tuple(values)[1:])], headlines=["in_place"])
    shown(commissioner, as_at, part, purpose="test", to=None, count=lambda: counts)
    return FigureRelease.objects.get(commissioner=commissioner, as_at=as_at, part=part)
