"""What partners in joint funding owe: their shares of what entered the ledger, and what of it was invoiced."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from budgets.enums import Funder
from budgets.models import FundingShare, LedgerEntry, PartnerInvoice, PartnerInvoiceLine
from budgets.payment_enums import InvoiceStatus
from budgets.rules.instalments import split
from phb_register.models import Commissioner, User
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import responsible_commissioners

from .payment_files import in_order

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who pays a share beside the NHS."""

    funder: Funder
    body_name: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A partner's share of one ledger entry, in pounds."""

    entry_id: int
    phb_id: int
    partner: Partner
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OwedForBudget:
    """A partner's shares of all entries of one PHB."""

    reference: uuid.UUID
    percents: str
    entries: int
    whole: Decimal
    amount: Decimal


def partners_of(user: User) -> list[Partner]:
    """Those who share in paying for PHBs that the user sees payments of."""
    ids = commissioner_ids(user, Permission.VIEW_PAYMENTS)
    rows = FundingShare.objects.filter(phb__commissioner__in=ids, percent__lt=100).exclude(funder=Funder.NHS)
    found = rows.order_by("body_name", "funder").values_list("funder", "body_name").distinct()
    return [Partner(Funder(funder), name) for funder, name in found]


def commissioners_that_invoice(user: User, on: dt.date) -> list[Commissioner]:
    """The bodies open on a day for which the user issues invoices."""
    return list(responsible_commissioners(user, Permission.PREPARE_PAYMENTS, on).order_by("name"))


def owed_by(commissioner: Commissioner, partner: Partner, first: dt.date, last: dt.date) -> list[Owed]:
    """What a partner owes of the entries of a period, both days included, and was not invoiced yet.

    What entered the ledger late, for days of an earlier invoice, comes along. Four reads.
    """
    ids = counted_ids([commissioner.pk], last)
    standing = PartnerInvoice.objects.filter(
        commissioner__in=ids, funder=partner.funder, body_name=partner.body_name, status=InvoiceStatus.ISSUED
    )
    earliest = standing.filter(credits__isnull=True).aggregate(first=Min("period_first"))["first"]
    since = min(first, earliest) if earliest else first
    invoiced = PartnerInvoiceLine.objects.filter(
        entry=OuterRef("pk"), funder=partner.funder, body_name=partner.body_name, is_standing=True
    )
    paying = FundingShare.objects.filter(
        funder=partner.funder, body_name=partner.body_name, percent__lt=100, phb__commissioner__in=ids
    )
    rows = LedgerEntry.objects.filter(~Exists(invoiced), phb__in=paying.values("phb"), entered_on__range=(since, last))
    return [owed for owed in shares_of(rows) if owed.partner == partner]


def shares_of(entries: QuerySet[LedgerEntry]) -> Iterator[Owed]:
    """The shares of all who pay in each entry; they add to it to the penny. Two reads.

    The shares count that were in force on the day a payment was made; what came back of it is shared as it was.
    """
    dated = entries.annotate(
        shared_on=Coalesce("payment__run__pays_on", "reverses__entered_on", "entered_on")
    ).order_by("phb_id", "entered_on", "pk")
    rows = list(dated.values_list("pk", "phb_id", "shared_on", "amount"))
    shares = _shares({phb_id for _, phb_id, _, _ in rows})
    for pk, phb_id, on, amount in rows:
        in_force = [each for each in shares[phb_id] if each.starts_on <= on and (not each.ends_on or each.ends_on > on)]
        parts = split(amount, [each.percent for each in in_force])
        for share, part in zip(in_force, parts, strict=True):
            yield Owed(pk, phb_id, Partner(Funder(share.funder), share.body_name), share.percent, part)


def _shares(phb_ids: Collection[int]) -> dict[int, list[FundingShare]]:
    found: dict[int, list[FundingShare]] = defaultdict(list)
    for share in in_order(FundingShare.objects.filter(phb__in=phb_ids)):
        found[share.phb_id].append(share)
    return found


def invoices_of(user: User) -> QuerySet[PartnerInvoice]:
    """The invoices and credits the user may see, the latest first."""
    return PartnerInvoice.objects.visible_to(user).select_related("commissioner", "credits__commissioner")


def invoice_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> PartnerInvoice | None:
    """One invoice, if the user holds the permission for its commissioner."""
    rows = PartnerInvoice.objects.visible_to(user, permission).filter(reference=reference)
    related = ("commissioner", "issued_by", "credits__commissioner", "credit__commissioner", "job", "pdf")
    return rows.select_related(*related).defer("pdf__content").first()


def budgets_on(invoice: PartnerInvoice) -> list[OwedForBudget]:
    """The lines of an invoice put together by PHB, in the order of their references. One read."""
    rows = PartnerInvoiceLine.objects.filter(invoice=invoice).order_by()
    totals = rows.values_list("phb__reference", "percent").annotate(whole=Sum(F("entry__amount")), part=Sum("amount"))
    sign = -1 if invoice.credits_id else 1
    found: dict[uuid.UUID, list[tuple[Decimal, Decimal, Decimal]]] = defaultdict(list)
    for reference, percent, whole, part in totals:
        found[reference].append((percent, whole * sign, part))
    counts: dict[uuid.UUID, int] = defaultdict(int)
    for reference in rows.values_list("phb__reference", flat=True):
        counts[reference] += 1
    return [
        OwedForBudget(
            reference,
            ", ".join(f"{percent.normalize():f}%" for percent, _, _ in sorted(parts)),
            counts[reference],
            sum((whole for _, whole, _ in parts), NOTHING),
            sum((part for _, _, part in parts), NOTHING),
        )
        for reference, parts in sorted(found.items())
    ]


def lines_of(invoice: PartnerInvoice) -> QuerySet[PartnerInvoiceLine]:
    """Every line of an invoice with its ledger entry, for the file."""
    related = ("entry__payment__run__commissioner", "phb")
    return PartnerInvoiceLine.objects.filter(invoice=invoice).select_related(*related).order_by("phb__reference", "pk")
