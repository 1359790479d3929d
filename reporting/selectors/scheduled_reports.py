"""Reads of scheduled reports and subscriptions."""

import datetime as dt
import uuid
from typing import Any

from phb_register.models import Commissioner, StoredDocument
from reporting.models import ReportSubscription, ScheduledReport
from reporting.models.scheduled_reports import ScheduledReportQuerySet
from reporting.selectors.scope import counted, may_see_people


def reports_of(user: Any, commissioner: Commissioner, today: dt.date) -> ScheduledReportQuerySet:
    """The reports of a commissioner that the user may read, the latest first.

    Those for the case team are there for who may see all the people of that day; each asks again for its own date.
    """
    rows = ScheduledReport.objects.visible_to(user).filter(commissioner=commissioner).for_lists()
    return rows if may_see_people(user, counted(commissioner, today)) else rows.filter(is_controlled=True)


def report_for(user: Any, reference: uuid.UUID) -> ScheduledReport | None:
    """One report, if the user may read it."""
    rows = ScheduledReport.objects.visible_to(user).select_related("commissioner", "asked_by", "snapshot", "job")
    found = rows.filter(reference=reference).first()
    if found is None or found.is_controlled or may_see_people(user, counted(found.commissioner, found.as_at)):
        return found
    return None


def document_of(report: ScheduledReport, kind: str) -> StoredDocument | None:
    """One of the files of a report that was made: "pdf" or "workbook"."""
    pk = {"pdf": report.pdf_id, "workbook": report.workbook_id}[kind]
    return StoredDocument.objects.filter(pk=pk).first() if pk else None


def report_to_make(pk: int) -> ScheduledReport:
    """The report that a job is to make, with whom it is for."""
    return ScheduledReport.objects.select_related("commissioner", "asked_by", "subscription", "job").get(pk=pk)


def subscriptions_of(user: Any, commissioner: Commissioner) -> list[ReportSubscription]:
    """The user's own subscriptions that run."""
    return list(ReportSubscription.objects.running().filter(user=user, commissioner=commissioner).order_by("rhythm"))


def subscription_for(user: Any, reference: uuid.UUID) -> ReportSubscription | None:
    """One of the user's own subscriptions."""
    rows = ReportSubscription.objects.running().filter(user=user, reference=reference)
    return rows.select_related("commissioner").first()
