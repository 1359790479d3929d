"""What cannot be bought, as its lists show it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.models import ProhibitedPurchase
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params

_COLUMNS: list[Column[ProhibitedPurchase]] = [
    Column("What", lambda each: each.label),
    Column("Recognised by", lambda each: ", ".join(each.words) or "–"),
    Column("Where it is said", lambda each: f"{each.get_authority_display()}: {each.citation}"),
    Column("Source", lambda each: each.source),
    Column("Applies from", lambda each: spoken_date(each.applies_from)),
]
_ENDED: Column[ProhibitedPurchase] = Column(
    "Until", lambda each: spoken_date(each.applies_until) if each.applies_until else "Still applies"
)


def purchases_url(commissioner: Commissioner) -> str:
    """The list of a commissioner or partnership."""
    return reverse("budgets:prohibited-purchases", args=[commissioner.code])


def national_table(entries: Iterable[ProhibitedPurchase]) -> dict[str, Any]:
    """What holds everywhere."""
    return table_params(_COLUMNS, entries, caption="Everywhere in England", is_responsive=True)


def own_table(entries: Iterable[ProhibitedPurchase]) -> dict[str, Any]:
    """What the commissioner added."""
    return table_params([*_COLUMNS, _ENDED], entries, caption="Added here", is_responsive=True)


def end_buttons(commissioner: Commissioner, entries: Iterable[ProhibitedPurchase]) -> list[dict[str, str]]:
    """Entries that can be ended."""
    return [
        {"url": reverse("budgets:end-prohibited-purchase", args=[commissioner.code, each.pk]), "text": f"End “{each}”"}
        for each in entries
        if each.applies_until is None
    ]
