"""Background work on support plans: making the PDF of a signed version."""

from django.urls import reverse

from budgets.presenters.support_plans import pdf_context
from budgets.selectors.support_plans import PDF_JOB, document_of, plan_to_print
from budgets.services.plan_documents import keep_pdf
from phb_register import clock
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.pdf import RemoteContentRefused, render_pdf

TEMPLATE = "budgets/support_plans/plan_pdf.html"


@job_kind(PDF_JOB, title="Making the PDF of a support plan")
def make_plan_pdf(run: JobRun) -> None:
    """Make the PDF of the version that the job names. Run again after it succeeded, it changes nothing."""
    run.progress(0, 1)
    plan, wanted = plan_to_print(run.parameters["plan"]), run.parameters["format"]
    if document_of(plan, wanted) is None:
        context = pdf_context(plan, wanted, clock.today())
        try:
            content = render_pdf(TEMPLATE, context, title=context["heading"])
        except RemoteContentRefused as refusal:
            raise JobFailed(str(refusal)) from refusal
        keep_pdf(plan=plan, communication_format=wanted, content=content, made_by=run.job.requested_by)
    run.result(reverse("budgets:support-plan", args=[plan.referral.reference, plan.number]))
    run.progress(1, 1)
