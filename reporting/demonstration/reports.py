"""The demonstration's reports: who gets one each month and quarter, and the latest of the team's, made."""

from collections.abc import Callable

from phb_register import clock
from phb_register.dates import last_month_end
from phb_register.models import Commissioner, User
from phb_register.rules import months_after
from reporting.models import ReportSubscription
from reporting.report_making import draw
from reporting.rules.scheduled_reports import ReportSection, Rhythm
from reporting.selectors.scheduled_reports import report_to_make
from reporting.services.scheduled_reports import ask, make, subscribe

SUBSCRIBERS = {"team@llr.example.nhs.uk": Rhythm.MONTHLY, "board@llr.example.nhs.uk": Rhythm.QUARTERLY}


def load(progress: Callable[[int, int], None]) -> None:
    """Subscribe the team and a member of the board, and make one report, unless there are subscriptions already."""
    commissioner = Commissioner.objects.get(code="LLR")
    if not ReportSubscription.objects.filter(commissioner=commissioner).exists():
        today = clock.today()
        users = User.objects.in_bulk(SUBSCRIBERS, field_name="email")
        for email, rhythm in SUBSCRIBERS.items():
            subscribe(
                commissioner=commissioner, by=users[email], rhythm=rhythm, sections=ReportSection.values, today=today
            )
        team = users["team@llr.example.nhs.uk"]
        as_at = last_month_end(months_after(today, -1))
        sections = [ReportSection.UPTAKE, ReportSection.PATHWAY]
        report = ask(commissioner=commissioner, by=team, as_at=as_at, sections=sections, today=today)
        make(report=report_to_make(report.pk), draw=draw, progress=lambda done, total: None)
    progress(1, 1)
