"""Scheduled reports and subscriptions, through their services."""

import datetime as dt
from typing import Any

from phb_register.models import Commissioner, User
from reporting.models import ReportSubscription, ScheduledReport
from reporting.rules.scheduled_reports import ReportSection
from reporting.services.scheduled_reports import Drawn, ask, make, subscribe

TODAY = dt.date(2026, 11, 22)
AS_AT = dt.date(2026, 10, 31)


def bare_draw(report: ScheduledReport, snapshot: Any, step: Any) -> Drawn:
    """A report that says nothing, for tests of something else than what it says."""
    for _ in range(len(report.sections) + 2):
        step()
    content = {"format": 1, "parts": [], "control": "", "commissioner": report.commissioner.name}
    return Drawn(content, b"%PDF bare", b"PK bare")


def asked_report(
    commissioner: Commissioner, by: User, *, as_at: dt.date = AS_AT, sections: Any = None
) -> ScheduledReport:
    """A report that waits to be made."""
    return ask(commissioner=commissioner, by=by, as_at=as_at, sections=sections or ReportSection.values, today=TODAY)


def made_report(commissioner: Commissioner, by: User, **changes: Any) -> ScheduledReport:
    """One that was made, with bare documents."""
    report = asked_report(commissioner, by, **changes)
    return make(report=report, draw=bare_draw, progress=lambda done, total: None)


def subscription_of(
    commissioner: Commissioner, by: User, *, rhythm: str = "monthly", sections: Any = None, today: dt.date = TODAY
) -> ReportSubscription:
    """A subscription that runs."""
    return subscribe(
        commissioner=commissioner, by=by, rhythm=rhythm, sections=sections or ReportSection.values, today=today
    )


def report_records(commissioner: Commissioner, by: User) -> dict[str, dict[str, Any]]:
    """What the addresses of reports are made of, by their names."""
    of_report = {"reference": made_report(commissioner, by).reference}
    return {
        "reporting:scheduled-report": of_report,
        "reporting:scheduled-reports": {"code": commissioner.code},
        "reporting:cancel-report": of_report,
        "reporting:ask-for-report": {"code": commissioner.code},
        "reporting:ask-for-report-again": of_report,
        "reporting:stop-report-subscription": {"reference": subscription_of(commissioner, by).reference},
    }
