"""What the files of a payment run are made of."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet

from budgets.enums import Funder, Method
from budgets.models import FundingShare, Payment, PaymentFileLayout, PaymentRun
from budgets.payment_enums import FileDateFormat, FileKind, PaymentState
from budgets.rules.instalments import split
from budgets.rules.payment_files import Chosen, FileRow, Layout, default_layout
from phb_register.models import Commissioner, PartnershipMember

PORTION = 2000
SAMPLE = 5


def layout_of(commissioner: Commissioner, kind: FileKind, on: dt.date) -> Layout:
    """How a commissioner lays a file out: its own way, else its partnership's on a date, else the usual one."""
    row = own_layout(commissioner, kind)
    if row is None:
        partnerships = PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
        row = PaymentFileLayout.objects.filter(commissioner__in=partnerships, kind=kind).first()
    return default_layout(kind) if row is None else as_layout(row)


def own_layout(commissioner: Commissioner, kind: FileKind) -> PaymentFileLayout | None:
    """What the commissioner or partnership itself has said."""
    return PaymentFileLayout.objects.filter(commissioner=commissioner, kind=kind).first()


def as_layout(row: PaymentFileLayout) -> Layout:
    """A stored layout as the rules read it."""
    columns = tuple(Chosen(each["column"], each["header"]) for each in row.columns)
    return Layout(
        FileKind(row.kind), columns, FileDateFormat(row.date_format), row.has_headings, row.has_control_totals
    )


def payments_in_files(run: PaymentRun) -> QuerySet[Payment]:
    """The payments that a released run made, or that an open one would make, in its order."""
    made = [PaymentState.INCLUDED, PaymentState.RETURNED, PaymentState.REVERSED]
    return Payment.objects.filter(run=run, state__in=made).select_related("phb__commissioner").order_by("number")


def file_rows(run: PaymentRun, limit: int | None = None) -> Iterator[FileRow]:
    """The lines of a run's files, with the shares of who pays as they stood on its day."""
    rows = payments_in_files(run)
    shares = _shares_on(run, rows)
    for payment in rows[:limit] if limit else rows.iterator(PORTION):
        of_nhs = _nhs_part(payment.amount, shares.get(payment.phb_id, []))
        yield FileRow(
            reference=f"{run.label}-{payment.number:05d}",
            run=run.label,
            budget=str(payment.phb.reference),
            method=Method(payment.method),
            payee_name=payment.payee_name,
            payee_reference=payment.payee_reference,
            payee_last_four=payment.payee_last_four,
            pays_on=run.pays_on,
            period_first=payment.period_first,
            period_last=payment.period_last,
            instalment_amount=payment.instalment_amount,
            adjustment_amount=payment.adjustment_amount,
            offset_amount=payment.offset_amount,
            amount=payment.amount,
            commissioner_code=payment.phb.commissioner.code,
            nhs_amount=of_nhs,
            partner_amount=payment.amount - of_nhs,
        )


def _nhs_part(amount: Decimal, shares: list[tuple[str, Decimal]]) -> Decimal:
    """The NHS's part of an amount; all of it where nobody else pays."""
    if not shares:
        return amount
    parts = split(amount, [percent for _, percent in shares])
    return sum((part for part, (funder, _) in zip(parts, shares, strict=True) if funder == Funder.NHS), Decimal("0.00"))


def _shares_on(run: PaymentRun, payments: QuerySet[Payment]) -> dict[int, list[tuple[str, Decimal]]]:
    """By PHB, the shares in force on the day of the run, of those that are jointly funded."""
    joint = FundingShare.objects.in_force_on(run.pays_on).filter(
        phb__in=payments.order_by().values("phb_id"), percent__lt=100
    )
    found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for phb_id, funder, percent in in_order(joint).values_list("phb_id", "funder", "percent"):
        found[phb_id].append((funder, percent))
    return found


def in_order(shares: QuerySet[FundingShare]) -> QuerySet[FundingShare]:
    """The order in which a penny left over is given, the same wherever an amount is split."""
    return shares.order_by("phb_id", "-percent", "funder", "body_name")
