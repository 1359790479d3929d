"""How support organisations are said: their list, and the page of one."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params


def organisation_url(organisation: SupportOrganisation) -> str:
    """The page of an organisation."""
    return reverse("budgets:support-organisation", args=[organisation.reference])


def kinds_words(organisation: SupportOrganisation) -> str:
    """What it does, in words."""
    return ", ".join(SupportKind(kind).label for kind in organisation.kinds)


LIST_COLUMNS: list[Column[SupportOrganisation]] = [
    Column("Name", lambda each: each.name, link=organisation_url),
    Column("What it does", kinds_words),
    Column("On the list of", lambda each: each.commissioner.name),
    Column("Shown to the public", lambda each: "Yes" if each.is_public else "No"),
    Column("In use", lambda each: f"Until {spoken_date(each.closed_on)}" if each.closed_on else "Yes"),
]


def list_table(rows: Iterable[SupportOrganisation]) -> dict[str, Any]:
    """The list of organisations."""
    return table_params(LIST_COLUMNS, rows, caption="Support organisations, by name")


def organisation_rows(organisation: SupportOrganisation) -> list[dict[str, Any]]:
    """One organisation as a summary list."""
    return summary(
        [
            ("What it does", kinds_words(organisation)),
            ("In plain words", organisation.description),
            ("On the list of", organisation.commissioner.name),
            ("Website", organisation.website),
            ("Phone number", organisation.phone),
            ("Email address", organisation.email),
            ("Shown to the public", "Yes" if organisation.is_public else "No"),
            ("Reference in the finance system", organisation.payee_reference),
            ("In use", f"Until {spoken_date(organisation.closed_on)}" if organisation.closed_on else "Yes"),
        ]
    )
