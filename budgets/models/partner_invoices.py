"""What a partner in joint funding is invoiced: its shares of what was paid, to the penny."""

import uuid
from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budgets.enums import Funder
from budgets.payment_enums import InvoiceStatus
from phb_register.dates import financial_year
from phb_register.models import Commissioner, Job, StoredDocument, belongs_to_no_partnership
from phb_register.models.guards import no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from . import payment_guards as guards
from .ledger import LedgerEntry
from .payments import money
from .personal_health_budgets import PersonalHealthBudget


class PartnerInvoiceQuerySet(ScopedQuerySet["PartnerInvoice"]):
    """Reads of partner invoices; always begun with ``visible_to``."""

    scope_permission = Permission.VIEW_PAYMENTS


@pghistory.track()
class PartnerInvoice(models.Model):
    """The shares of one partner in what entered the ledger on the days of a period, both included. Immutable.

    A mistake is put right by cancelling: a credit with the same lines, their amounts turned round (`credits`), is
    issued, and what it gives back can be invoiced again.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("number")
    funder = models.CharField("funder", max_length=16, choices=Funder.choices)
    body_name = models.CharField("partner", max_length=200)
    period_first = models.DateField("first day")
    period_last = models.DateField("last day")
    total_amount = money("total")
    status = models.CharField("status", max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.ISSUED)
    credits = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit", verbose_name="credit of"
    )
    note = models.TextField("note", blank=True)
    issued_on = models.DateField("issued on")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("issued at")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[PartnerInvoiceQuerySet] = PartnerInvoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                name="invoice_to_a_partner",
                condition=Q(funder__in=[Funder.LOCAL_AUTHORITY, Funder.EDUCATION]) & ~Q(body_name=""),
            ),
            models.CheckConstraint(name="invoice_period_in_order", condition=Q(period_last__gte=F("period_first"))),
            models.CheckConstraint(name="invoice_known_status", condition=Q(status__in=InvoiceStatus.values)),
            models.CheckConstraint(
                name="invoice_credit_stays", condition=Q(credits__isnull=True) | Q(status=InvoiceStatus.ISSUED)
            ),
            models.CheckConstraint(name="invoice_credit_says_why", condition=Q(credits__isnull=True) | ~Q(note="")),
        ]
        indexes = [models.Index(fields=["commissioner", "-issued_on", "-id"], name="invoice_newest")]
        triggers = [
            no_delete("invoice"),
            no_truncate("invoice"),
            belongs_to_no_partnership("invoice"),
            pgtrigger.ReadOnly(name="invoice_fixed", exclude=["status", "job", "pdf"]),
            pgtrigger.FSM(
                name="invoice_status_jump",
                field="status",
                transitions=[(InvoiceStatus.ISSUED.value, InvoiceStatus.CANCELLED.value)],
            ),
            pgtrigger.Protect(
                name="invoice_pdf_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.pdf_id IS NOT NULL AND NEW.pdf_id IS DISTINCT FROM OLD.pdf_id"),
            ),
            guards.INVOICE_ADDS_UP,
        ]

    def __str__(self) -> str:
        return f"{'Credit' if self.credits_id else 'Invoice'} {self.label}"

    @property
    def label(self) -> str:
        """Its number as it is written on it: the commissioner's code, the financial year and its number."""
        year = financial_year(self.issued_on).begins % 100
        return f"{self.commissioner.code}-{year:02d}{year + 1:02d}-{self.number:04d}"


class PartnerInvoiceLine(models.Model):
    """A partner's share of one ledger entry, as the shares stood on the day. Only whether it stands ever changes."""

    invoice = models.ForeignKey(PartnerInvoice, on_delete=models.PROTECT, related_name="lines")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="invoice_lines")
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="+")
    funder = models.CharField("funder", max_length=16, choices=Funder.choices)
    body_name = models.CharField("partner", max_length=200)
    percent = models.DecimalField("per cent", max_digits=5, decimal_places=2)
    amount = money("amount")
    is_standing = models.BooleanField("stands", default=True)

    objects: ClassVar[models.Manager["PartnerInvoiceLine"]] = models.Manager()

    class Meta:
        ordering = ["invoice", "phb", "pk"]
        constraints = [
            # Nothing is invoiced twice: what a credit gave back no longer stands.
            models.UniqueConstraint(
                fields=["entry", "funder", "body_name"], condition=Q(is_standing=True), name="invoice_line_once"
            ),
            models.CheckConstraint(
                name="invoice_line_is_a_share", condition=Q(percent__gt=Decimal(0)) & Q(percent__lt=Decimal(100))
            ),
        ]
        triggers = [
            no_delete("invoice_line"),
            no_truncate("invoice_line"),
            pgtrigger.ReadOnly(name="invoice_line_fixed", exclude=["is_standing"]),
            pgtrigger.Protect(
                name="invoice_line_falls_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_standing=False, new__is_standing=True),
            ),
            guards.INVOICE_LINES_COME_WITH_IT,
        ]

    def __str__(self) -> str:
        return f"{self.amount} of entry {self.entry_id}"
