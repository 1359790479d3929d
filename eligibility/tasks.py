"""Background work of this room; each calls one service."""

from django.urls import reverse

from eligibility.models import Letter
from eligibility.selectors.letters import PDF_JOB
from eligibility.services.letters import make_pdf
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.pdf import RemoteContentRefused


@job_kind(PDF_JOB, title="Making the PDF of a letter")
def make_letter_pdf(run: JobRun) -> None:
    """Make the PDF of the letter that the job names. Run again after it succeeded, it changes nothing."""
    run.progress(0, 1)
    try:
        letter = make_pdf(letter=Letter.objects.get(pk=run.parameters["letter"]))
    except RemoteContentRefused as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(reverse("eligibility:letter", args=[letter.reference]))
    run.progress(1, 1)
