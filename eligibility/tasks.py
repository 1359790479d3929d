"""Background work of this room; each calls one service."""

from django.urls import reverse

from eligibility.models import Letter, ResourceImplications
from eligibility.selectors.letters import PDF_JOB
from eligibility.services import resource_implications
from eligibility.services.letters import make_pdf
from phb_register.exceptions import Refused
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


@job_kind(resource_implications.JOB_KIND, title="Working out resource implications")
def work_out_resource_implications(run: JobRun) -> None:
    """Try the version that the job names on everybody. Run again after it succeeded, it changes nothing."""
    rows = ResourceImplications.objects.select_related("version__rule_set__cohort", "commissioner")
    implications = rows.get(job=run.job)
    try:
        resource_implications.work_out(implications=implications, progress=run.progress)
    except Refused as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(reverse("eligibility:resource-implications-result", args=[implications.reference]))
