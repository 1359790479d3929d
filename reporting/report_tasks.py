"""Background work of scheduled reports; each calls one service."""

from celery import shared_task

from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.models import Job
from phb_register.pdf import RemoteContentRefused
from reporting.presenters.scheduled_reports import report_url
from reporting.report_making import draw
from reporting.selectors.scheduled_reports import report_to_make
from reporting.services import scheduled_reports as service


def _about(job: Job) -> str:
    return report_url(report_to_make(job.parameters["report"]))


@job_kind(service.JOB_KIND, title="Making a report", is_cancellable=True, about=_about)
def make_report(run: JobRun) -> None:
    """Make the report that the job names. Run again after it succeeded, it changes nothing."""
    report = report_to_make(run.parameters["report"])
    try:
        service.make(report=report, draw=draw, progress=run.progress)
    except (Refused, RemoteContentRefused) as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(report_url(report))


@shared_task(name="reporting.make_due_reports")
def make_due_reports() -> int:
    """Ask for every report that is due by a subscription. Beat calls it every few hours."""
    return service.ask_for_due(clock.today())
