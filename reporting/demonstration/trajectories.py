"""Trajectories of the demonstration, all invented: of the year of the LLR paper, and of the years around today."""

import datetime as dt
from collections.abc import Callable

from phb_register import clock
from phb_register.dates import FinancialYear, financial_year
from phb_register.models import Commissioner
from reporting.models import Trajectory
from reporting.rules.trajectories import YearPlan
from reporting.selectors.scope import counted
from reporting.services.trajectories import save_trajectories

INVENTED = "Invented for the demonstration"
#: Of the year whose numbers the LLR paper gives: 122 were in place, or agreed, in its last quarter.
LLR_2016 = YearPlan(FinancialYear(2016), (80, 95, 110, 130), INVENTED)
#: What each quarter of a year adds to what was in place before it.
A_QUARTER = {"LLR": 6, "QSL": 4}
YEARS = 2


def load(progress: Callable[[int, int], None]) -> None:
    """Plan the years that nobody planned yet."""
    for done, (code, step) in enumerate(A_QUARTER.items(), start=1):
        commissioner = Commissioner.objects.get(code=code)
        if not Trajectory.objects.for_commissioner(commissioner).exists():
            plans = [*([LLR_2016] if code == "LLR" else []), *_around_today(commissioner, step)]
            save_trajectories(commissioner=commissioner, by=None, plans=plans, seen={})
        progress(done, len(A_QUARTER))


def _around_today(commissioner: Commissioner, step: int) -> list[YearPlan]:
    """This year and the next, from what was in place when this one began."""
    this_year = financial_year(clock.today())
    before = this_year.start - dt.timedelta(days=1)
    begun = counted(commissioner, before).spells().in_place_on(before).count()
    return [
        YearPlan(
            FinancialYear(this_year.begins + year),
            tuple(begun + step * (4 * year + quarter) for quarter in range(1, 5)),
            INVENTED,
        )
        for year in range(YEARS)
    ]
