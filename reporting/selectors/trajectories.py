"""What a commissioner plans to have in place, as its sheet and its pace read it."""

from phb_register.dates import FinancialYear
from phb_register.models import Commissioner
from reporting.models import Trajectory
from reporting.rules.trajectories import PlannedPoint, YearPlan, planned_points


def plan_of(row: Trajectory) -> YearPlan:
    """A year as the rules read it."""
    return YearPlan(FinancialYear(row.year_begins), (row.q1, row.q2, row.q3, row.q4), row.source)


def plans_of(commissioner: Commissioner) -> list[YearPlan]:
    """Every year that a commissioner planned, the earliest first."""
    return [plan_of(row) for row in Trajectory.objects.for_commissioner(commissioner).order_by("year_begins")]


def points_of(commissioner: Commissioner) -> list[PlannedPoint]:
    """Every quarter that a commissioner planned, in the order of time."""
    return planned_points(plans_of(commissioner))
