"""Snapshots: the figures of a commissioner as they stood at one moment, with the budgets that they counted."""

import datetime as dt
import uuid
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from budgets.enums import LivesIn, Method
from phb_register.models import Commissioner, User
from phb_register.models.guards import append_only
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet


class SnapshotQuerySet(ScopedQuerySet["Snapshot"]):
    """Reads of snapshots."""

    scope_permission = Permission.VIEW_FIGURES

    def of(self, commissioner: Commissioner, as_at: dt.date) -> Self:
        """The snapshot of a commissioner's figures as at a date and its restatements, the latest first."""
        return self.filter(commissioner=commissioner, as_at=as_at).order_by("-number")

    def for_lists(self) -> Self:
        """Without the figures; the latest date first, and of one date the latest restatement."""
        return (
            self.defer("figures", "counted", "policy")
            .select_related("commissioner", "frozen_by")
            .order_by("-as_at", "-number")
        )


class Snapshot(models.Model):
    """Every figure of a commissioner or partnership as at a date, as the register had it when it was frozen.

    The first of a date has number 1; a restatement has the next number and a reason, and the one before stays.
    `figures` are rows as they are shown to those who may see the people, each with its definition as it then was;
    `counted` is the same for a programme (`reporting.frozen`), `policy` how was counted. `records` is how many budgets
    were looked at: they stand in `SnapshotRecord`, whose fingerprint is `records_hash`. `content_hash` covers all of
    it. `frozen_by` is empty where the register did it by itself.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField("as at")
    number = models.PositiveSmallIntegerField("number")
    frozen_at = models.DateTimeField("frozen at")
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField("reason", blank=True)
    policy = models.JSONField("how was counted")
    figures = models.JSONField("figures")
    counted = models.JSONField("figures, for a programme")
    records = models.PositiveIntegerField("budgets looked at")
    records_hash = models.CharField("fingerprint of the budgets", max_length=64)
    content_hash = models.CharField("content hash", max_length=64)

    objects: ClassVar[SnapshotQuerySet] = ScopedManager.from_queryset(SnapshotQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-as_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "as_at", "number"], name="snapshot_number_once"),
            models.CheckConstraint(name="snapshot_numbered_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(name="snapshot_restated_with_reason", condition=Q(number=1) | ~Q(reason="")),
            models.CheckConstraint(
                name="snapshot_has_hashes",
                condition=Q(records_hash__regex=r"^[0-9a-f]{64}$", content_hash__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        triggers = [
            *append_only("snapshot"),
            pgtrigger.Trigger(
                name="snapshot_follows_the_last",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.number <> 1 + coalesce((
                        SELECT max(number) FROM reporting_snapshot
                        WHERE commissioner_id = NEW.commissioner_id AND as_at = NEW.as_at
                    ), 0) THEN
                        RAISE EXCEPTION 'Snapshots of one date are numbered without a gap'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_follows_the_last';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="snapshot_is_whole",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.records <> (SELECT count(*) FROM reporting_snapshotrecord WHERE snapshot_id = NEW.id) THEN
                        RAISE EXCEPTION 'A snapshot has every budget that it looked at'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_whole';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commissioner}, {self.as_at.day} {self.as_at:%B %Y}, snapshot {self.number}"


class SnapshotRecord(models.Model):
    """A budget as a snapshot found it: agreed by its date and not ended before that financial year.

    `phb`, `person` and `responsible` are the ids of rows of the register, not foreign keys: a snapshot says what stood
    there, also of a row that an undone import took away since. `methods` are those in force at the end of the date,
    `methods_in_year` those of the year so far, in the order of the alphabet.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    phb = models.BigIntegerField("personal health budget")
    person = models.BigIntegerField("person")
    responsible = models.BigIntegerField("accountable commissioner")
    cohort_code = models.CharField("cohort", max_length=60)
    agreed_on = models.DateField("agreed on")
    started_on = models.DateField("started on", null=True)
    ended_on = models.DateField("ended on", null=True)
    end_reason = models.CharField("reason it ended", max_length=32, blank=True)
    methods = ArrayField(models.CharField(max_length=16, choices=Method.choices), verbose_name="methods", default=list)
    methods_in_year = ArrayField(
        models.CharField(max_length=16, choices=Method.choices), verbose_name="methods in the year", default=list
    )
    is_child = models.BooleanField("child on the date")
    is_fast_track = models.BooleanField("fast track")
    is_joint = models.BooleanField("jointly funded on the date")
    is_one_off = models.BooleanField("one-off")
    lives_in = models.CharField("lives in", max_length=12, choices=LivesIn.choices)
    reviewed_on = models.DateField("last reviewed on", null=True)

    objects: ClassVar[models.Manager["SnapshotRecord"]] = models.Manager()

    class Meta:
        ordering = ["snapshot", "phb"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "phb"], name="snapshot_record_once")]
        triggers = [
            *append_only("snapshot_record"),
            pgtrigger.Trigger(
                name="snapshot_record_all_at_once",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM reporting_snapshot AS snapshot
                        WHERE snapshot.id IN (SELECT snapshot_id FROM added) AND snapshot.records <> (
                            SELECT count(*) FROM reporting_snapshotrecord WHERE snapshot_id = snapshot.id
                        )
                    ) THEN
                        RAISE EXCEPTION 'The budgets of a snapshot are written all at once'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_record_all_at_once';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.phb}"
