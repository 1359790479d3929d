"""Invoices to partners in joint funding: issued once, cancelled by a credit, and made as PDF by a job."""

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models import Max

from budgets.models import PartnerInvoice, PartnerInvoiceLine
from budgets.payment_enums import InvoiceStatus
from budgets.rules.agreement import day
from budgets.selectors.partner_invoices import Owed, Partner, owed_by
from phb_register import audit, documents, jobs, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .payment_run_steps import DONE_ALREADY, refused

JOB_KIND = "partner-invoice-pdf"


@transaction.atomic
def issue_invoice(
    *,
    commissioner: Commissioner,
    partner: Partner,
    period_first: dt.date,
    period_last: dt.date,
    by: User,
    on: dt.date,
) -> PartnerInvoice:
    """Issue the invoice of what a partner owes for a period, both days included, and was not invoiced yet.

    Raises `PermissionDenied` without PREPARE_PAYMENTS for the commissioner, or `BudgetRefused`.
    """
    # Held, so that two who issue at one moment bill nothing twice and number nothing alike.
    commissioner = Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    scope.check(by, Permission.PREPARE_PAYMENTS, commissioner)
    check_period(commissioner, period_first, period_last, on)
    owed = owed_by(commissioner, partner, period_first, period_last)
    if not owed:
        raise refused(
            f"Nothing is left to invoice to {partner.body_name} up to {day(period_last)}: choose another period"
        )
    invoice = _create(
        commissioner=commissioner,
        funder=partner.funder,
        body_name=partner.body_name,
        period_first=period_first,
        period_last=period_last,
        total_amount=sum((each.amount for each in owed), Decimal("0.00")),
        by=by,
        on=on,
    )
    PartnerInvoiceLine.objects.bulk_create([_line(invoice, each) for each in owed], batch_size=1000)
    _finish(invoice, "issue-partner-invoice", by)
    return invoice


@transaction.atomic
def cancel_invoice(*, invoice: PartnerInvoice, by: User, on: dt.date, reason: str) -> PartnerInvoice:
    """Cancel an invoice by a credit of the same lines, which is the answer. What it billed can be invoiced again.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    commissioner = Commissioner.objects.select_for_update().get(pk=invoice.commissioner_id)
    scope.check(by, Permission.PREPARE_PAYMENTS, commissioner)
    held = PartnerInvoice.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=invoice.pk)
    if held.status != InvoiceStatus.ISSUED or held.credits_id is not None:
        raise refused(DONE_ALREADY if held.credits_id is None else "A credit stays. Issue another invoice instead")
    if not reason.strip():
        raise refused("Enter why the invoice is cancelled", "reason")
    held.status = InvoiceStatus.CANCELLED
    held.save(update_fields=["status"])
    lines = list(held.lines.all())
    held.lines.update(is_standing=False)
    credit = _create(
        commissioner=commissioner,
        funder=held.funder,
        body_name=held.body_name,
        period_first=held.period_first,
        period_last=held.period_last,
        total_amount=-held.total_amount,
        credits=held,
        note=reason.strip(),
        by=by,
        on=on,
    )
    for line in lines:
        line.pk, line.invoice, line.amount, line.is_standing = None, credit, -line.amount, False
    PartnerInvoiceLine.objects.bulk_create(lines, batch_size=1000)
    _finish(credit, "cancel-partner-invoice", by)
    return credit


def check_period(commissioner: Commissioner, first: dt.date, last: dt.date, today: dt.date) -> None:
    """Raise `BudgetRefused` unless a body invoices for days in order that are over."""
    if not commissioner.is_body:
        raise refused("Select a commissioner: a partnership pays and invoices nobody", "commissioner")
    if last < first:
        raise refused("Enter a last day on or after the first", "period_last")
    if last > today:
        raise refused("Enter a last day that is today or in the past", "period_last")


@transaction.atomic
def keep_pdf(*, invoice: PartnerInvoice, content: bytes) -> PartnerInvoice:
    """Keep the PDF of an invoice, once: of two, the first that is kept is the one."""
    rows = PartnerInvoice.objects.select_for_update(of=("self",)).select_related("commissioner", "issued_by")
    held = rows.get(pk=invoice.pk)
    if held.pdf_id is None:
        held.pdf = documents.store(
            title=f"{held} to {held.body_name}",
            filename=f"{held.label}.pdf".lower(),
            media_type="application/pdf",
            content=content,
            made_by=held.issued_by,
        )
        held.save(update_fields=["pdf"])
    return held


def _create(*, commissioner: Commissioner, by: User, on: dt.date, **values: object) -> PartnerInvoice:
    last = PartnerInvoice.objects.filter(commissioner=commissioner).aggregate(last=Max("number"))["last"] or 0
    values |= {"issued_on": on, "issued_by": by, "issued_at": TransactionNow()}
    return PartnerInvoice.objects.create(commissioner=commissioner, number=last + 1, **values)


def _line(invoice: PartnerInvoice, owed: Owed) -> PartnerInvoiceLine:
    return PartnerInvoiceLine(
        invoice=invoice,
        entry_id=owed.entry_id,
        phb_id=owed.phb_id,
        funder=owed.partner.funder,
        body_name=owed.partner.body_name,
        percent=owed.percent,
        amount=owed.amount,
    )


def _finish(invoice: PartnerInvoice, action: str, by: User) -> None:
    detail = {"invoice": invoice.label, "total": str(invoice.total_amount)}
    audit.record(actor=by, action=action, subject=invoice, detail=detail)
    invoice.job = jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{invoice.pk}",
        parameters={"invoice": invoice.pk},
        requested_by=by,
        commissioner=invoice.commissioner,
    )
    invoice.save(update_fields=["job"])
