"""Background work of this room; each calls one service."""

from celery import shared_task

from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.pdf import RemoteContentRefused
from reporting.board_packs import JOB_KIND
from reporting.models import BoardPack
from reporting.presenters.board_packs import pack_url, write_pdf
from reporting.services import board_packs as service
from reporting.services import first_showings, month_ends


@job_kind(
    JOB_KIND,
    title="Making a board pack",
    about=lambda job: pack_url(BoardPack.objects.get(pk=job.parameters["pack"])),
)
def make_board_pack(run: JobRun) -> None:
    """Make the pack that the job names. Run again after it succeeded, it changes nothing."""
    pack = BoardPack.objects.get(pk=run.parameters["pack"])
    run.progress(0, 1)
    try:
        service.make(pack=pack, write_pdf=write_pdf)
    except (Refused, RemoteContentRefused) as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(pack_url(pack))
    run.progress(1, 1)


@job_kind(first_showings.JOB_KIND, title="Putting figures of England together")
def show_first(run: JobRun) -> None:
    """Fix what is shown of England to readers who see no people."""
    first_showings.fix(run)


@shared_task(name="reporting.fix_month_end")
def fix_month_end() -> int:
    """Fix the figures of the last month's end for readers who see no people. Beat calls it each night."""
    return month_ends.fix_month_end(clock.today())


@shared_task(name="reporting.make_due_board_packs")
def make_due_board_packs() -> int:
    """Ask for every board pack whose day has come. Beat calls it every ten minutes."""
    return service.ask_for_due()
