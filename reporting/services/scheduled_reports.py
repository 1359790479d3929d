"""Scheduled reports: asked for by hand or by subscription, made as a job, told of by e-mail, cancelled."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from phb_register import audit, clock, documents, emails, jobs, workbooks
from phb_register.dates import is_month_end, last_month_end
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import can, check
from reporting.frozen import fingerprint
from reporting.models import ReportSubscription, ScheduledReport, Snapshot
from reporting.rules.release_dates import MONTH_ENDS_ONLY
from reporting.rules.scheduled_reports import Rhythm, latest_due, sections_in_order
from reporting.selectors.scope import counted, may_see_people
from reporting.services import snapshots

JOB_KIND = "make-report"
NO_LONGER = "Whom it was for may no longer take figures of this commissioner"


@dataclass(frozen=True)
class Drawn:
    """A report as it was worked out: what it says, and its two files."""

    content: dict[str, Any]
    pdf: bytes
    workbook: bytes


#: Works a report out from a snapshot; it is given how to say that one more step is done.
Draw = Callable[[ScheduledReport, Snapshot, Callable[[], None]], Drawn]


@transaction.atomic
def subscribe(
    *, commissioner: Commissioner, by: User, rhythm: str, sections: Sequence[str], today: dt.date
) -> ReportSubscription:
    """Have a report made every month or quarter. Who has one already changes what is in it.

    Raises `PermissionDenied`; `Refused` without a section.
    """
    check(by, Permission.EXPORT_FIGURES, commissioner)
    chosen = _chosen(sections)
    if rhythm not in Rhythm.values:
        raise Refused("Select how often", field="rhythm")
    # Held, so that somebody who presses twice has one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    running = ReportSubscription.objects.running().filter(commissioner=commissioner, user=by, rhythm=rhythm).first()
    if running is None:
        running = ReportSubscription(commissioner=commissioner, user=by, rhythm=rhythm, asked_on=today)
    running.sections = chosen
    running.save()
    detail = {"rhythm": rhythm, "sections": chosen}
    audit.record(actor=by, action="subscribe-to-report", subject=running, commissioner=commissioner, detail=detail)
    return running


@transaction.atomic
def stop(*, subscription: ReportSubscription, by: User) -> ReportSubscription:
    """End one's own subscription. Raises `Refused` where it was stopped before."""
    found = ReportSubscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk, user=by)
    if found.stopped_at is not None:
        raise Refused("This subscription was stopped already")
    return _stop(found, by, "")


@transaction.atomic
def ask(
    *, commissioner: Commissioner, by: User, as_at: dt.date, sections: Sequence[str], today: dt.date
) -> ScheduledReport:
    """Have a report made now. Raises `PermissionDenied`; `Refused` for a day to come, or without a section."""
    check(by, Permission.EXPORT_FIGURES, commissioner)
    if as_at > today:
        raise Refused("The figures must be as at today or a day before", field="as_at")
    is_controlled = not may_see_people(by, counted(commissioner, as_at))
    if is_controlled and not is_month_end(as_at):
        raise Refused(MONTH_ENDS_ONLY.format(spoken_date(last_month_end(as_at))), field="as_at")
    report = ScheduledReport.objects.create(
        commissioner=commissioner,
        asked_by=by,
        asked_at=clock.now(),
        as_at=as_at,
        sections=_chosen(sections),
        is_controlled=is_controlled,
    )
    audit.record(actor=by, action="ask-for-report", subject=report, commissioner=commissioner)
    return _enqueue(report, by)


@transaction.atomic
def ask_again(*, report: ScheduledReport, by: User) -> ScheduledReport:
    """Have a report made that stopped or was cancelled. Raises as `ask`; `Refused` where it is made or being made."""
    found = _own(report, by)
    check(by, Permission.EXPORT_FIGURES, found.commissioner)
    if found.made_at is not None or found.job is None or not found.job.is_finished:
        raise Refused("This report is made, or being made. Look at its page again in a minute")
    audit.record(actor=by, action="ask-for-report", subject=found, commissioner=found.commissioner)
    return _enqueue(found, by)


@transaction.atomic
def cancel(*, report: ScheduledReport, by: User) -> ScheduledReport:
    """Cancel one's own report while it waits or is being made. Raises `Refused` where it is finished."""
    found = _own(report, by)
    if found.job is None or found.made_at is not None:
        raise Refused("This report is made. There is nothing left to cancel")
    jobs.cancel(job=found.job)
    audit.record(actor=by, action="cancel-report", subject=found, commissioner=found.commissioner)
    return found


def ask_for_due(today: dt.date) -> int:
    """Have every report made that is due by a subscription. Returns how many. Asking again makes no second."""
    asked = 0
    for subscription in ReportSubscription.objects.running().select_related("commissioner", "user").order_by("pk"):
        as_at = latest_due(Rhythm(subscription.rhythm), today)
        if as_at >= subscription.asked_on:
            asked += _ask_once(subscription, as_at)
    return asked


def make(*, report: ScheduledReport, draw: Draw, progress: Callable[[int, int], None]) -> ScheduledReport:
    """Freeze the figures of its date, work the report out, keep its files, and tell whom it is for.

    Made meanwhile, it is left as it is, so that a job may run again at any point. Nothing of it is kept before the
    end, so one that stops between two steps has done no more than freeze the figures. Raises `Refused` where whom it
    is for may no longer have it.
    """
    steps = len(report.sections) + 3
    done = iter(range(1, steps + 1))

    def step() -> None:
        progress(next(done), steps)

    progress(0, steps)
    if report.made_at is not None:
        return report
    _check_reader(report)
    snapshot = snapshots.freeze(commissioner=report.commissioner, as_at=report.as_at, by=None)
    step()
    return _keep(report, snapshot, draw(report, snapshot, step))


@transaction.atomic
def _keep(report: ScheduledReport, snapshot: Snapshot, drawn: Drawn) -> ScheduledReport:
    found = ScheduledReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.made_at is not None:
        return found
    found.is_controlled = report.is_controlled
    found.snapshot, found.made_at = snapshot, clock.now()
    found.content, found.content_hash = drawn.content, fingerprint(drawn.content)
    found.pdf = _store(found, "pdf", "application/pdf", drawn.pdf)
    found.workbook = _store(found, "xlsx", workbooks.MEDIA_TYPE, drawn.workbook)
    found.save()
    detail = {"snapshot": snapshot.number, "content_hash": found.content_hash, "for": found.asked_by_id}
    audit.record(actor=None, action="make-report", subject=found, commissioner=found.commissioner, detail=detail)
    _tell(found)
    return found


def _store(report: ScheduledReport, ending: str, media_type: str, content: bytes) -> Any:
    return documents.store(
        title=str(report)[:200],
        filename=f"report-{report.commissioner.code}-{report.as_at.isoformat()}.{ending}",
        media_type=media_type,
        content=content,
        made_by=None,
    )


def _check_reader(report: ScheduledReport) -> None:
    """Whom it is for may have it still; what they may see of it is asked again, since roles change."""
    if not can(report.asked_by, Permission.EXPORT_FIGURES, report.commissioner):
        if report.subscription is not None and report.subscription.stopped_at is None:
            with transaction.atomic():
                _stop(report.subscription, None, NO_LONGER)
        raise Refused(NO_LONGER)
    report.is_controlled = not may_see_people(report.asked_by, counted(report.commissioner, report.as_at))


def _stop(subscription: ReportSubscription, by: User | None, why: str) -> ReportSubscription:
    subscription.stopped_at, subscription.stop_reason = clock.now(), why
    subscription.save(update_fields=["stopped_at", "stop_reason"])
    audit.record(
        actor=by,
        action="stop-report-subscription",
        subject=subscription,
        commissioner=subscription.commissioner,
        detail={"why": why} if why else None,
    )
    return subscription


@transaction.atomic
def _ask_once(subscription: ReportSubscription, as_at: dt.date) -> bool:
    """Ask for the report of a subscription as at a date, unless it was asked for."""
    report, is_new = ScheduledReport.objects.get_or_create(
        subscription=subscription,
        as_at=as_at,
        defaults={
            "commissioner": subscription.commissioner,
            "asked_by": subscription.user,
            "asked_at": clock.now(),
            "sections": subscription.sections,
            "is_controlled": not may_see_people(subscription.user, counted(subscription.commissioner, as_at)),
        },
    )
    if is_new:
        _enqueue(report, None)
    return is_new


def _own(report: ScheduledReport, by: User) -> ScheduledReport:
    """One's own report, locked."""
    rows = ScheduledReport.objects.select_for_update(of=("self",)).select_related("job", "commissioner", "subscription")
    return rows.get(pk=report.pk, asked_by=by)


def _enqueue(report: ScheduledReport, by: User | None) -> ScheduledReport:
    report.job = jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{report.pk}",
        parameters={"report": report.pk},
        requested_by=by,
        commissioner=report.commissioner,
    )
    report.save(update_fields=["job"])
    return report


def _chosen(sections: Sequence[str]) -> list[str]:
    chosen = [section.value for section in sections_in_order(list(sections))]
    if not chosen:
        raise Refused("Select at least one section", field="sections")
    return chosen


def _tell(report: ScheduledReport) -> None:
    """An e-mail that it is ready. It holds no figure: those stay behind the sign-in."""
    emails.send(
        to=report.asked_by.email,
        subject=f"Your report, figures as at {spoken_date(report.as_at)}",
        body=f"The report of {report.commissioner} as at {spoken_date(report.as_at)} is ready. Sign in to read it:",
        link=reverse("reporting:scheduled-report", args=[report.reference]),
        commissioner=report.commissioner,
        about=report,
    )
