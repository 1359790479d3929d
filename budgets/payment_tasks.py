"""Background work on payments: preparing a run, and making the PDF of a partner invoice."""

from django.urls import reverse

from budgets.models import PartnerInvoice, PaymentRun
from budgets.presenters.partner_invoices import pdf_context
from budgets.services import partner_invoices, payment_preparing
from phb_register.jobs import JobRun, job_kind
from phb_register.pdf import render_pdf

PDF_TEMPLATE = "budgets/partner_invoices/pdf.html"


@job_kind(payment_preparing.JOB_KIND, title="Preparing a payment run")
def prepare_run(job: JobRun) -> None:
    """Prepare the run that the job names. Run again after it succeeded, it changes nothing."""
    run = PaymentRun.objects.select_related("commissioner", "prepared_by").get(pk=job.parameters["run"])
    job.result(reverse("budgets:payment-run", args=[run.reference]))
    payment_preparing.prepare(run=run, progress=job.progress)


@job_kind(partner_invoices.JOB_KIND, title="Making the PDF of a partner invoice")
def make_invoice_pdf(job: JobRun) -> None:
    """Make the PDF of the invoice that the job names, once."""
    rows = PartnerInvoice.objects.select_related("commissioner", "credits__commissioner")
    invoice = rows.get(pk=job.parameters["invoice"])
    if invoice.pdf_id is None:
        context = pdf_context(invoice)
        content = render_pdf(PDF_TEMPLATE, context, title=context["title"])
        partner_invoices.keep_pdf(invoice=invoice, content=content)
    job.result(reverse("budgets:partner-invoice", args=[invoice.reference]))
