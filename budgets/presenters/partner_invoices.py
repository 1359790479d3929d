"""How partner invoices are said: on their pages, in their file and in their PDF."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.models import PartnerInvoice, PartnerInvoiceLine
from budgets.payment_enums import InvoiceStatus
from budgets.selectors.partner_invoices import Owed, OwedForBudget, budgets_on
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_date, summary
from phb_register.tables import Column, table_params

from .payments import period
from .personal_health_budgets import pounds


def invoices_url() -> str:
    """The list of partner invoices."""
    return reverse("budgets:partner-invoices")


def invoice_url(invoice: PartnerInvoice) -> str:
    """The page of an invoice."""
    return reverse("budgets:partner-invoice", args=[invoice.reference])


def invoice_tag(invoice: PartnerInvoice) -> SafeString:
    """What an invoice is, as a tag."""
    if invoice.credits_id:
        return render_component("tag", {"text": "Credit", "classes": "nhsuk-tag--blue"})
    colour = "nhsuk-tag--green" if invoice.status == InvoiceStatus.ISSUED else "nhsuk-tag--grey"
    return render_component("tag", {"text": invoice.get_status_display(), "classes": colour})


INVOICE_COLUMNS: list[Column[PartnerInvoice]] = [
    Column("Number", lambda each: each.label, link=invoice_url),
    Column("Partner", lambda each: each.body_name),
    Column("Period", lambda each: period(each.period_first, each.period_last)),
    Column("Issued on", lambda each: spoken_date(each.issued_on)),
    Column("Total", lambda each: pounds(each.total_amount), is_number=True),
    Column("State", invoice_tag),
]

BUDGET_COLUMNS: list[Column[OwedForBudget]] = [
    Column("Personal health budget", lambda each: each.reference),
    Column("Entries", lambda each: each.entries, is_number=True),
    Column("Paid", lambda each: pounds(each.whole), is_number=True),
    Column("Share", lambda each: each.percents, is_number=True),
    Column("Amount", lambda each: pounds(each.amount), is_number=True),
]

LINE_COLUMNS: list[Column[PartnerInvoiceLine]] = [
    Column("Personal health budget", lambda line: line.phb.reference),
    Column("Entry", lambda line: line.entry.get_kind_display()),
    Column("Payment", lambda line: line.entry.payment.label if line.entry.payment else ""),
    Column("Date", lambda line: line.entry.entered_on),
    Column("Ledger amount", lambda line: line.entry.amount, is_number=True),
    Column("Share", lambda line: line.percent, is_number=True),
    Column("Amount", lambda line: line.amount, is_number=True),
]


def invoice_rows(invoice: PartnerInvoice) -> list[dict[str, Any]]:
    """The summary of an invoice or credit."""
    rows: list[tuple[str, Any]] = [
        ("From", invoice.commissioner.name),
        ("To", f"{invoice.body_name} ({invoice.get_funder_display().lower()})"),
        ("For what was paid", period(invoice.period_first, invoice.period_last)),
        ("Issued", f"{spoken_date(invoice.issued_on)}, by {invoice.issued_by}"),
        ("Total", pounds(invoice.total_amount)),
    ]
    if invoice.credits is not None:
        rows += [("Credit of", invoice.credits.label), ("Reason", invoice.note)]
    if getattr(invoice, "credit", None) is not None:
        rows.append(("Cancelled by", invoice.credit.label))
    return summary(rows)


def budgets_table(budgets: list[OwedForBudget]) -> dict[str, Any]:
    """What is billed for each PHB, by its reference alone."""
    return table_params(BUDGET_COLUMNS, budgets, caption="By personal health budget")


def owed_words(owed: list[Owed]) -> str:
    """What an invoice would come to."""
    budgets = counted(len({each.phb_id for each in owed}), "personal health budget", "personal health budgets")
    entries = counted(len(owed), "ledger entry", "ledger entries")
    return f"{pounds(sum((each.amount for each in owed), Decimal(0)))} for {budgets}, {entries}"


def file_head(invoice: PartnerInvoice) -> list[list[Any]]:
    """What stands at the head of the file of an invoice."""
    kind = "Credit" if invoice.credits_id else "Invoice"
    return [
        [kind, invoice.label],
        ["From", invoice.commissioner.name],
        ["To", invoice.body_name],
        ["First day", invoice.period_first],
        ["Last day", invoice.period_last],
        ["Issued on", invoice.issued_on],
        ["Total", invoice.total_amount],
    ]


def pdf_context(invoice: PartnerInvoice) -> dict[str, Any]:
    """What the PDF of an invoice says."""
    kind = "Credit" if invoice.credits_id else "Invoice"
    return {
        "title": f"{kind} {invoice.label} to {invoice.body_name}",
        "kind": kind,
        "number": invoice.label,
        "commissioner": invoice.commissioner,
        "partner": invoice.body_name,
        "period": period(invoice.period_first, invoice.period_last),
        "issued_on": spoken_date(invoice.issued_on),
        "credit_of": invoice.credits.label if invoice.credits else "",
        "note": invoice.note,
        "total": pounds(invoice.total_amount),
        "budgets": [
            {
                "reference": each.reference,
                "paid": pounds(each.whole),
                "share": each.percents,
                "amount": pounds(each.amount),
            }
            for each in budgets_on(invoice)
        ],
    }
