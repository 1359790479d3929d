"""Scheduled reports: who asked for which, and each as it was made."""

import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner, Job, StoredDocument, User
from phb_register.models.guards import no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet
from reporting.rules.scheduled_reports import ReportSection, Rhythm

from .snapshots import Snapshot


def _sections() -> ArrayField:
    return ArrayField(models.CharField(max_length=10, choices=ReportSection.choices), verbose_name="sections")


_KNOWN_SECTIONS = Q(sections__len__gte=1, sections__contained_by=ReportSection.values)


class ReportSubscriptionQuerySet(ScopedQuerySet["ReportSubscription"]):
    """Reads of subscriptions."""

    scope_permission = Permission.EXPORT_FIGURES

    def running(self) -> Self:
        """Those that were not stopped."""
        return self.filter(stopped_at__isnull=True)


@pghistory.track()
class ReportSubscription(models.Model):  # type: ignore[django-manager-missing]
    """Somebody's wish to get a report of a commissioner by itself, from the first that is due after it was asked for.

    One that was stopped stays so: who wants the report again asks anew.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rhythm = models.CharField("how often", max_length=9, choices=Rhythm.choices)
    sections = _sections()
    asked_on = models.DateField("asked for on")
    stopped_at = models.DateTimeField("stopped at", null=True, blank=True)
    stop_reason = models.CharField("why it was stopped", max_length=200, blank=True)

    objects: ClassVar[ReportSubscriptionQuerySet] = ScopedManager.from_queryset(ReportSubscriptionQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "user", "rhythm"],
                condition=Q(stopped_at__isnull=True),
                name="report_subscription_once",
            ),
            models.CheckConstraint(name="report_subscription_sections", condition=_KNOWN_SECTIONS),
            models.CheckConstraint(name="report_subscription_rhythm", condition=Q(rhythm__in=Rhythm.values)),
            models.CheckConstraint(
                name="report_subscription_stopped_why", condition=Q(stopped_at__isnull=False) | Q(stop_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["rhythm"], name="report_subscription_running", condition=Q(stopped_at__isnull=True))
        ]
        triggers = [
            no_delete("report_subscription"),
            no_truncate("report_subscription"),
            pgtrigger.ReadOnly(name="report_subscription_fixed", exclude=["sections", "stopped_at", "stop_reason"]),
            pgtrigger.Protect(
                name="report_subscription_stays_stopped",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.stopped_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()}: {self.commissioner}"


class ScheduledReportQuerySet(ScopedQuerySet["ScheduledReport"]):
    """Reads of reports."""

    scope_permission = Permission.EXPORT_FIGURES

    def for_lists(self) -> Self:
        """Without what only the page of one shows; the latest first."""
        rows = self.defer("content").select_related("commissioner", "asked_by", "snapshot", "job", "subscription")
        return rows.order_by("-asked_at", "-pk")


@pghistory.track(exclude=["content"])
class ScheduledReport(models.Model):
    """A report for somebody: asked for by hand, or by the register itself for a subscription.

    Of a subscription there is one for each as-at date. `is_controlled` says whether its figures are under disclosure
    control: they are for whoever may not see the people. Once it is made nothing of it changes: `content` is what it
    says, page and PDF are drawn from it, `content_hash` is the SHA-256 of its canonical form.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(
        ReportSubscription, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Whom it is for.")
    asked_at = models.DateTimeField("asked for at")
    as_at = models.DateField("figures as at")
    sections = _sections()
    is_controlled = models.BooleanField("under disclosure control")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("made at", null=True, blank=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content = models.JSONField("what it says", null=True, blank=True)
    content_hash = models.CharField("content hash", max_length=64, blank=True)
    pdf = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    workbook = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[ScheduledReportQuerySet] = ScopedManager.from_queryset(ScheduledReportQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "as_at"], name="scheduled_report_once"),
            models.CheckConstraint(name="scheduled_report_sections", condition=_KNOWN_SECTIONS),
            models.CheckConstraint(
                name="scheduled_report_made_whole",
                condition=Q(
                    made_at__isnull=False,
                    snapshot__isnull=False,
                    content__isnull=False,
                    content_hash__regex=r"^[0-9a-f]{64}$",
                    pdf__isnull=False,
                    workbook__isnull=False,
                )
                | Q(
                    made_at__isnull=True,
                    snapshot__isnull=True,
                    content__isnull=True,
                    content_hash="",
                    pdf__isnull=True,
                    workbook__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-asked_at", "-id"], name="scheduled_report_newest"),
        ]
        triggers = [
            no_delete("scheduled_report"),
            no_truncate("scheduled_report"),
            pgtrigger.Protect(
                name="scheduled_report_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.made_at IS NOT NULL"),
            ),
            pgtrigger.ReadOnly(
                name="scheduled_report_fixed",
                fields=["reference", "commissioner", "subscription", "asked_by", "as_at", "sections"],
            ),
        ]

    def __str__(self) -> str:
        return f"Report of {self.commissioner} as at {self.as_at.day} {self.as_at:%B %Y}"
