"""Celery's entry points; each calls one service."""

from celery import shared_task

from phb_register import emails, jobs, static_copy


@shared_task
def run_job(job_id: int) -> None:
    """Run one background job."""
    jobs.run(job_id)


@shared_task
def resend_lost_jobs() -> int:
    """Send again the jobs whose message was lost. Beat calls it each minute."""
    return jobs.resend_lost()


@shared_task
def send_waiting_emails() -> int:
    """Try again what the mail server did not take. Beat calls it every ten minutes."""
    return emails.send_waiting()


@shared_task
def copy_public_site() -> None:
    """Ask for a new static copy. Beat calls it after midnight."""
    static_copy.ask_for_copy()
