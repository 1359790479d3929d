"""What was shown to readers who may not see people: each figure once, as it then stood, and never another."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from phb_register.disclosure import PROFILES
from phb_register.models import Commissioner, User
from phb_register.models.guards import append_only
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

_LARGEST_HIDDEN = " ".join(f"WHEN '{each.code}' THEN {each.largest_hidden}" for each in PROFILES.values())
_MAY_BE_SMALL = max(each.largest_hidden for each in PROFILES.values())
_NEVER_SMALL = f"""
    IF NEW.value <= (
        SELECT CASE profile {_LARGEST_HIDDEN} END
        FROM reporting_figurerelease WHERE id = NEW.release_id
    ) THEN
        RAISE EXCEPTION 'A small number is never shown'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_cell_never_small';
    END IF;
    RETURN NEW;
"""  # noqa: S608  the parts are constants of disclosure control


class CellState(models.TextChoices):
    """What became of a number that was released."""

    SHOWN = "shown", "Shown"
    SMALL = "small", "Hidden: a small number"
    PROTECTS = "protects", "Hidden: a small number could be worked out from it"


class FigureReleaseQuerySet(ScopedQuerySet["FigureRelease"]):
    """Reads of releases."""

    scope_permission = Permission.VIEW_PEOPLE_BEHIND_FIGURES

    def of(self, commissioner: Commissioner, as_at: dt.date) -> Self:
        """Every release of a commissioner's figures as at a date, the latest restatement first."""
        return self.filter(commissioner=commissioner, as_at=as_at).order_by("part", "-number")

    def about(self, nodes: Iterable[str]) -> Self:
        """Those with a sum that one of these commissioners and dates stands in."""
        return self.filter(nodes__overlap=list(nodes)).order_by("pk")

    def for_lists(self) -> Self:
        """Without what only programmes read; the latest date first."""
        return (
            self.defer("keys", "counted", "sums", "unseen", "nodes")
            .select_related("commissioner", "shown_to")
            .order_by("-as_at", "part", "-number")
        )


class FigureRelease(models.Model):
    """A part of a commissioner's figures as at a date, when a reader who may not see people was first shown it.

    Its cells are fixed from then on: what is entered later does not change what such readers see. A restatement has
    the next number and a reason. `keys` are all numbers of the part, also those that stand in an earlier release.
    `counted` are the figures for a programme; `sums` says how cells add up with those of
    other dates and commissioners ("id:date:key" to its sign), `unseen` the numbers in them that nobody is shown, and
    `nodes` which commissioners and dates ("id:date") they reach.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField("as at")
    part = models.CharField("part", max_length=40)
    number = models.PositiveSmallIntegerField("number", default=1)
    reason = models.TextField("reason it was restated", blank=True)
    profile = models.CharField(
        "disclosure control", max_length=12, choices=[(each.code, each.label) for each in PROFILES.values()]
    )
    known_at = models.DateTimeField("as known at")
    purpose = models.CharField("first shown in", max_length=40)
    shown_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    keys = ArrayField(models.CharField(max_length=120), verbose_name="what it counts", default=list)
    counted = models.JSONField("figures, for a programme", null=True, blank=True)
    sums = models.JSONField("how it adds up", default=list)
    unseen = models.JSONField("numbers nobody is shown", default=dict)
    nodes = ArrayField(models.CharField(max_length=40), verbose_name="whom its sums reach", default=list)
    content_hash = models.CharField("content hash", max_length=64)

    objects: ClassVar[FigureReleaseQuerySet] = ScopedManager.from_queryset(FigureReleaseQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-as_at", "part", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "as_at", "part", "number"], name="figure_release_once"),
            models.CheckConstraint(name="figure_release_numbered_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(name="figure_release_restated_with_reason", condition=Q(number=1) | ~Q(reason="")),
            models.CheckConstraint(name="figure_release_known_profile", condition=Q(profile__in=list(PROFILES))),
            models.CheckConstraint(
                name="figure_release_has_a_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        indexes = [GinIndex(fields=["nodes"], name="figure_release_reach")]
        triggers = [
            *append_only("figure_release"),
            pgtrigger.Trigger(
                name="figure_release_follows_the_last",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.number <> 1 + coalesce((
                        SELECT max(number) FROM reporting_figurerelease
                        WHERE commissioner_id = NEW.commissioner_id AND as_at = NEW.as_at AND part = NEW.part
                    ), 0) THEN
                        RAISE EXCEPTION 'Releases of one part are numbered without a gap'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'figure_release_follows_the_last';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commissioner}, {self.as_at.day} {self.as_at:%B %Y}: {self.part}, release {self.number}"


class ReleasedCellQuerySet(models.QuerySet["ReleasedCell"]):
    """Reads of cells."""

    def of(self, commissioner_id: int, as_at: dt.date) -> Self:
        """Every cell of a commissioner as at a date."""
        return self.filter(commissioner=commissioner_id, as_at=as_at)


class ReleasedCell(models.Model):
    """One number of a release and what became of it. `value` is what was counted, also where it is hidden.

    One of a commissioner, date, key and number (of the release) there is once: whoever shows it again shows this.
    """

    release = models.ForeignKey(FigureRelease, on_delete=models.PROTECT, related_name="cells")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField("as at")
    key = models.CharField("what it counts", max_length=120)
    number = models.PositiveSmallIntegerField("number", default=1)
    value = models.PositiveBigIntegerField("value")
    state = models.CharField("state", max_length=8, choices=CellState.choices)

    objects: ClassVar[ReleasedCellQuerySet] = ReleasedCellQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["release", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "as_at", "key", "number"], name="released_cell_once"),
            models.CheckConstraint(name="released_cell_known_state", condition=Q(state__in=CellState.values)),
            models.CheckConstraint(
                name="released_cell_small_is_above_nought", condition=Q(value__gte=1) | ~Q(state=CellState.SMALL)
            ),
        ]
        triggers = [
            *append_only("released_cell"),
            pgtrigger.Trigger(
                name="released_cell_never_small",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(f"NEW.state = 'shown' AND NEW.value BETWEEN 1 AND {_MAY_BE_SMALL}"),
                func=_NEVER_SMALL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commissioner_id}:{self.as_at}:{self.key}"
