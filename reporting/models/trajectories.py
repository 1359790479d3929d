"""Trajectories: how many budgets a commissioner plans to have in place at the end of each quarter of a year."""

from collections.abc import Mapping
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner
from phb_register.models.guards import no_delete, no_truncate

#: The quarters of a financial year: the field of each, and the month in which it ends.
QUARTERS: Mapping[str, int] = {"q1": 6, "q2": 9, "q3": 12, "q4": 3}


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    """Reads of trajectories."""

    def for_commissioner(self, commissioner: Commissioner) -> Self:
        """Every year that a commissioner, partnership or nation planned, the latest first."""
        return self.filter(commissioner=commissioner).order_by("-year_begins")


@pghistory.track()
class Trajectory(models.Model):
    """Budgets planned to be in place at the end of each quarter of one financial year, and the paper that says so.

    A quarter without a number is not planned. A year with none at all was planned once and no longer is: its history
    keeps what it was.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    year_begins = models.PositiveSmallIntegerField("financial year", help_text="The calendar year in which it begins.")
    q1 = models.PositiveIntegerField("end of June", null=True, blank=True)
    q2 = models.PositiveIntegerField("end of September", null=True, blank=True)
    q3 = models.PositiveIntegerField("end of December", null=True, blank=True)
    q4 = models.PositiveIntegerField("end of March", null=True, blank=True)
    source = models.CharField("source", max_length=300, help_text="Where the trajectory is set out.")

    objects: ClassVar[TrajectoryQuerySet] = TrajectoryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-year_begins"]
        verbose_name_plural = "trajectories"
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "year_begins"],
                name="trajectory_one_a_year",
                violation_error_message="There is a trajectory for that year already. Change that one instead",
            ),
            models.CheckConstraint(
                name="trajectory_of_a_year_there_is",
                condition=Q(year_begins__gte=2013, year_begins__lte=2100),
                violation_error_message="The financial year must be 2013/14 or later",
            ),
            models.CheckConstraint(name="trajectory_has_a_source", condition=~Q(source="")),
        ]
        triggers = [no_delete("trajectory"), no_truncate("trajectory")]

    def __str__(self) -> str:
        return f"{self.commissioner}: trajectory of {self.year_begins}/{(self.year_begins + 1) % 100:02d}"
