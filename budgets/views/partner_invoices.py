"""Invoices to partners in joint funding: the list, issuing one, its page, its file and PDF, cancelling it."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.partner_invoices import InvoiceForm
from budgets.forms.payments import ReasonForm
from budgets.models import PartnerInvoice
from budgets.payment_enums import InvoiceStatus
from budgets.presenters import partner_invoices as says
from budgets.selectors import partner_invoices as selectors
from budgets.services import partner_invoices as services
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import StoredDocument, User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import csv_stream, table_params
from phb_register.views.support import form_page, or_404, page_of

ROWS_AT_A_TIME = 2000


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def partner_invoices(request: HttpRequest) -> HttpResponse:
    """The invoices and credits the user may see, the latest first."""
    user = cast(User, request.user)
    page = page_of(request, selectors.invoices_of(user))
    context = {
        "table": table_params(says.INVOICE_COLUMNS, page.object_list, caption="Partner invoices, the latest first"),
        "has_rows": bool(page.object_list),
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "can_issue": can(user, Permission.PREPARE_PAYMENTS),
    }
    return TemplateResponse(request, "budgets/partner_invoices/list.html", context)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(["GET", "POST"])
def issue_partner_invoice(request: HttpRequest) -> HttpResponse:
    """Choose partner and days, look at what is owed, then issue the invoice."""
    user, today = cast(User, request.user), clock.today()
    form = InvoiceForm(
        request.GET if request.GET else None,
        commissioners=selectors.commissioners_that_invoice(user, today),
        partners=selectors.partners_of(user),
        today=today,
    )
    context: dict[str, Any] = {"back_url": says.invoices_url()}
    if form.is_valid():
        if request.method == "POST":
            try:
                invoice = services.issue_invoice(by=user, on=today, **form.chosen())
            except BudgetRefused as refusal:
                form.show(refusal)
            else:
                messages.success(request, f"{invoice} is issued")
                return redirect(says.invoice_url(invoice))
        owed = selectors.owed_by(*form.chosen().values())
        context |= {"is_shown": True, "owed": says.owed_words(owed) if owed else ""}
    return form_page(request, "budgets/partner_invoices/issue.html", form, context)


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def partner_invoice(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One invoice or credit, by PHB reference."""
    user, invoice = cast(User, request.user), _invoice(request, reference)
    is_standing = invoice.status == InvoiceStatus.ISSUED and invoice.credits_id is None
    context = {
        "invoice": invoice,
        "tag": says.invoice_tag(invoice),
        "rows": says.invoice_rows(invoice),
        "table": says.budgets_table(selectors.budgets_on(invoice)),
        "can_cancel": is_standing and can(user, Permission.PREPARE_PAYMENTS, invoice.commissioner),
        "can_export": can(user, Permission.EXPORT_FIGURES, invoice.commissioner),
        "back_url": says.invoices_url(),
    }
    return TemplateResponse(request, "budgets/partner_invoices/invoice.html", context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def partner_invoice_csv(request: HttpRequest, reference: uuid.UUID) -> StreamingHttpResponse:
    """Every line of an invoice as a file. The export is logged."""
    invoice = _invoice(request, reference)
    lines = selectors.lines_of(invoice)
    _record_export(request, invoice, lines.count(), "csv")
    stream = csv_stream(says.LINE_COLUMNS, lines.iterator(chunk_size=ROWS_AT_A_TIME), says.file_head(invoice))
    headers = {"Content-Disposition": f'attachment; filename="{invoice.label.lower()}.csv"'}
    return StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def partner_invoice_pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The PDF of an invoice, once it is made. The export is logged."""
    invoice = _invoice(request, reference)
    if invoice.pdf is None:
        messages.warning(request, "The PDF is being made. Try again in a minute")
        return redirect(says.invoice_url(invoice))
    made: StoredDocument = invoice.pdf
    _record_export(request, invoice, 1, "pdf")
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(bytes(made.content), content_type=made.media_type, headers=headers)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(["GET", "POST"])
def cancel_partner_invoice(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Cancel an invoice by a credit."""
    user, invoice = cast(User, request.user), _invoice(request, reference, Permission.PREPARE_PAYMENTS)
    form = ReasonForm(request.POST if request.method == "POST" else None, button="Cancel the invoice by a credit")
    form.cancel_url = says.invoice_url(invoice)
    if form.is_valid():
        try:
            credit = services.cancel_invoice(invoice=invoice, by=user, on=clock.today(), **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, f"{credit} cancels the invoice")
            return redirect(says.invoice_url(credit))
    context = {
        "heading": "Cancel the invoice",
        "caption": str(invoice),
        "rows": says.invoice_rows(invoice),
        "back_url": says.invoice_url(invoice),
    }
    return form_page(request, "budgets/payments/form.html", form, context)


def _record_export(request: HttpRequest, invoice: PartnerInvoice, rows: int, form: str) -> None:
    audit.record_export(
        cast(User, request.user),
        "partner invoice",
        commissioner=invoice.commissioner,
        rows=rows,
        filters={"invoice": invoice.label, "as": form},
    )


def _invoice(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> PartnerInvoice:
    found: PartnerInvoice = or_404(
        selectors.invoice_for(cast(User, request.user), reference, permission), "partner invoice"
    )
    return found
