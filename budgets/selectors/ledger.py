"""Reads of the ledger: what was paid for a PHB, net of what came back."""

import datetime as dt
from decimal import Decimal

from django.db.models import Min, Sum

from budgets.models import LedgerEntry, PersonalHealthBudget
from budgets.payment_enums import LedgerKind
from phb_register.models import User

NOTHING = Decimal("0.00")


def balance(phb: PersonalHealthBudget, until: dt.date) -> Decimal:
    """What had been paid out for a PHB by the end of a day, less what had come back."""
    rows = LedgerEntry.objects.filter(phb=phb, entered_on__lte=until)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def paid_in(phb: PersonalHealthBudget, first: dt.date, last: dt.date) -> Decimal:
    """The same for the days from `first` to `last`, both included."""
    rows = LedgerEntry.objects.filter(phb=phb, entered_on__range=(first, last))
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def first_payment_on(phb: PersonalHealthBudget) -> dt.date | None:
    """The day of the first payment that still stands: one that was returned or reversed was never made."""
    rows = LedgerEntry.objects.filter(phb=phb, kind=LedgerKind.PAYMENT, reversal__isnull=True)
    found: dt.date | None = rows.aggregate(first=Min("entered_on"))["first"]
    return found


def last_payment_on(phb: PersonalHealthBudget) -> dt.date | None:
    """The day of the last payment that still stands."""
    rows = LedgerEntry.objects.filter(phb=phb, kind=LedgerKind.PAYMENT, reversal__isnull=True).order_by("-entered_on")
    return rows.values_list("entered_on", flat=True).first()


def by_year(phb: PersonalHealthBudget) -> list[tuple[int, Decimal]]:
    """What was paid net in each financial year, by the calendar year in which it begins, the latest first."""
    rows = LedgerEntry.objects.filter(phb=phb).order_by()
    return sorted(rows.values_list("financial_year").annotate(total=Sum("amount")), reverse=True)


def entries_of(user: User, phb: PersonalHealthBudget) -> list[tuple[LedgerEntry, Decimal]]:
    """The entries of a PHB that the user may see, the latest first, each with the balance after it."""
    rows = LedgerEntry.objects.visible_to(user).filter(phb=phb).select_related("payment__run__commissioner", "reverses")
    found, running = [], NOTHING
    for entry in rows.order_by("entered_on", "pk"):
        running += entry.amount
        found.append((entry, running))
    return found[::-1]
