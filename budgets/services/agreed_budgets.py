"""What a further agreed budget does to a PHB: its parts and shares are replaced from the day it applies.

These write within the transaction of whoever calls them, who holds the PHB and has checked what may be done.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Max

from budgets.enums import Method
from budgets.models import AgreedBudget, FundingShare, MethodPart, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from phb_register.models import User


def add_agreed_budget(
    phb: PersonalHealthBudget,
    *,
    by: User,
    applies_from: dt.date,
    annual_amount: Decimal,
    shares: Sequence[Share],
    one_off_amount: Decimal = Decimal(0),
    one_off_method: Method | None = None,
    reason: str = "",
) -> AgreedBudget:
    """The next agreed budget of a PHB with its shares; those of the one before end on the day it applies from."""
    last = AgreedBudget.objects.filter(phb=phb).aggregate(last=Max("number"))["last"]
    agreed = AgreedBudget.objects.create(
        phb=phb,
        number=(last or 0) + 1,
        applies_from=applies_from,
        annual_amount=annual_amount,
        one_off_amount=one_off_amount,
        one_off_method=one_off_method or "",
        reason=reason.strip(),
        recorded_by=by,
    )
    FundingShare.objects.filter(phb=phb, ends_on__isnull=True).update(ends_on=applies_from)
    FundingShare.objects.bulk_create(
        FundingShare(
            phb=phb,
            agreed_budget=agreed,
            funder=share.funder,
            body_name=share.body_name.strip(),
            percent=share.percent,
            starts_on=applies_from,
        )
        for share in shares
    )
    return agreed


def replace_parts(phb: PersonalHealthBudget, methods: Sequence[MethodAmount], from_day: dt.date) -> None:
    """Close the open parts on `from_day` and open those of `methods`.

    A part that would begin on that day or later, or that waits for the PHB to start, was never in force: it ends on
    the day it begins.
    """
    still_open = MethodPart.objects.filter(phb=phb, ends_on__isnull=True)
    if phb.started_on is None:
        still_open.update(ends_on=F("starts_on"))
    else:
        still_open.filter(starts_on__gte=from_day).update(ends_on=F("starts_on"))
        still_open.update(ends_on=from_day)
    open_parts(phb, methods, from_day)


def open_parts(phb: PersonalHealthBudget, methods: Sequence[MethodAmount], from_day: dt.date) -> None:
    """Open a part for each method."""
    MethodPart.objects.bulk_create(
        MethodPart(phb=phb, method=part.method, starts_on=from_day, annual_amount=part.annual_amount)
        for part in methods
    )
