"""The national quarterly return: when it may be sent, and what was submitted."""

import datetime as dt
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from phb_register.models import Commissioner, User
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .snapshots import Snapshot


class ReturnWindowQuerySet(models.QuerySet["ReturnWindow"]):
    """Reads of the windows."""

    def of(self, year: int, quarter: int) -> "ReturnWindow | None":
        """The window of a quarter, or None where none is recorded."""
        return self.filter(year=year, quarter=quarter).first()


@pghistory.track()
class ReturnWindow(models.Model):
    """The days on which the national collection takes the return of a quarter, both counted.

    `year` is the one the financial year begins in. The collection announces them; none can be worked out.
    """

    year = models.PositiveSmallIntegerField("financial year begins in")
    quarter = models.PositiveSmallIntegerField("quarter")
    opens_on = models.DateField("opens on")
    closes_on = models.DateField("closes on")
    source = models.CharField("source", max_length=300, help_text="Where the days are published.")

    objects: ClassVar[ReturnWindowQuerySet] = ReturnWindowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter"],
                name="return_window_once",
                violation_error_message="That quarter has a window already. Change that one instead",
            ),
            models.CheckConstraint(name="return_window_quarter", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(
                name="return_window_in_order",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="The window must close on or after the day it opens",
            ),
            models.CheckConstraint(name="return_window_has_a_source", condition=~Q(source="")),
        ]
        triggers = [no_delete("return_window"), no_truncate("return_window")]

    def __str__(self) -> str:
        return f"Quarter {self.quarter} of {self.year}: {self.opens_on} to {self.closes_on}"


class NationalReturnQuerySet(ScopedQuerySet["NationalReturn"]):
    """Reads of what was submitted."""

    scope_path = "snapshot__commissioner_id"
    scope_permission = Permission.VIEW_FIGURES

    def of(self, commissioner: Commissioner, quarter_end: dt.date) -> Self:
        """What a commissioner submitted for a quarter, the latest first."""
        return (
            self.filter(snapshot__commissioner=commissioner, snapshot__as_at=quarter_end)
            .select_related("snapshot__commissioner", "submitted_by")
            .order_by("-snapshot__number")
        )


class NationalReturn(models.Model):
    """A return as it was submitted: its cells, what the checks found, and why it went all the same.

    It stands on the snapshot of its quarter's last day, whose budgets it counts. A correction is a further one, on a
    restated snapshot. `window` is the one in force when it was submitted.
    """

    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="national_return")
    cells = models.JSONField("cells")
    warnings = models.JSONField("what the checks found", default=list, blank=True)
    reason = models.TextField("why it is right all the same", blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("submitted at")
    window = models.ForeignKey(ReturnWindow, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content_hash = models.CharField("content hash", max_length=64)

    objects: ClassVar[NationalReturnQuerySet] = ScopedManager.from_queryset(NationalReturnQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-snapshot"]
        constraints = [
            models.CheckConstraint(name="return_warnings_explained", condition=Q(warnings=[]) | ~Q(reason="")),
            models.CheckConstraint(name="return_has_a_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")),
        ]
        triggers = [
            *append_only("national_return"),
            pgtrigger.Trigger(
                name="national_return_of_a_quarter",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM reporting_snapshot AS snapshot
                        JOIN phb_register_commissioner AS commissioner ON commissioner.id = snapshot.commissioner_id
                        WHERE snapshot.id = NEW.snapshot_id AND commissioner.kind IN ('ccg', 'icb')
                            AND extract(day FROM snapshot.as_at + 1) = 1
                            AND extract(month FROM snapshot.as_at + 1) IN (1, 4, 7, 10)
                    ) THEN
                        RAISE EXCEPTION 'A return is of one commissioner, at the end of a quarter'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'national_return_of_a_quarter';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Return of {self.snapshot}"
