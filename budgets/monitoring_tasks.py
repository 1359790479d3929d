"""Background work of monitoring and recovery; each calls one service."""

from celery import shared_task
from django.urls import reverse

from budgets.selectors.recoveries import PDF_JOB
from budgets.services.monitoring import extend_returns
from budgets.services.recoveries import make_notice_pdf
from phb_register import clock
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.pdf import RemoteContentRefused


@shared_task
def schedule_returns() -> int:
    """Schedule the monitoring returns whose period has begun. Beat calls it each night; again changes nothing."""
    return extend_returns(until=clock.today())


@job_kind(PDF_JOB, title="Making the letter of a repayment notice")
def make_pdf_of_notice(run: JobRun) -> None:
    """Make the PDF of the notice that the job names. Run again after it succeeded, it changes nothing."""
    run.progress(0, 1)
    try:
        notice = make_notice_pdf(notice_id=run.parameters["notice"])
    except RemoteContentRefused as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(reverse("budgets:recovery", args=[notice.recovery.reference]))
    run.progress(1, 1)
