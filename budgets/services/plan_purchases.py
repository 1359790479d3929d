"""What a commissioner adds to the list of things that no PHB of its people buys."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from budgets.enums import PurchaseAuthority
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import ProhibitedPurchase
from phb_register import audit, clock, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission


@transaction.atomic
def add_prohibited(
    *,
    commissioner: Commissioner,
    by: User,
    label: str,
    words: Sequence[str],
    citation: str,
    source: str,
    applies_from: dt.date,
) -> ProhibitedPurchase:
    """Add an entry of a commissioner's or partnership's own. Plans written from that day on are held to it.

    Raises `PermissionDenied`, or `BudgetRefused` where it is there already or not whole.
    """
    scope.check(by, Permission.MANAGE_SETTINGS, commissioner)
    needed = {"label": label, "citation": citation, "source": source}
    problems = [Problem(name, f"Enter {_NOUNS[name]}") for name, value in needed.items() if not value.strip()]
    if problems:
        raise BudgetRefused(problems)
    code = slugify(label)[:40].strip("-")
    try:
        with transaction.atomic():
            entry = ProhibitedPurchase.objects.create(
                commissioner=commissioner,
                code=code,
                label=label.strip(),
                words=[word.strip().casefold() for word in words if word.strip()],
                authority=PurchaseAuthority.LOCAL,
                citation=citation.strip(),
                source=source.strip(),
                applies_from=applies_from,
                recorded_by=by,
            )
    except IntegrityError as error:
        if "prohibited_purchase_once" not in str(error):
            raise
        raise BudgetRefused([Problem("label", "There is an entry with this name already")]) from error
    audit.record(actor=by, action="add-prohibited-purchase", subject=entry, detail={"code": code})
    return entry


@transaction.atomic
def end_prohibited(*, entry: ProhibitedPurchase, by: User) -> ProhibitedPurchase:
    """End an entry of a commissioner's own: from today on plans may hold such a thing. Raises as above."""
    held = ProhibitedPurchase.objects.select_for_update().get(pk=entry.pk)
    if held.commissioner is None:
        raise BudgetRefused([Problem("", "A national entry is not ended here")])
    scope.check(by, Permission.MANAGE_SETTINGS, held.commissioner)
    if held.applies_until is None:
        held.applies_until = max(clock.today(), held.applies_from)
        held.save(update_fields=["applies_until"])
        audit.record(actor=by, action="end-prohibited-purchase", subject=held, detail={"code": held.code})
    return held


_NOUNS = {"label": "what cannot be bought", "citation": "where that is said", "source": "where you read it"}
