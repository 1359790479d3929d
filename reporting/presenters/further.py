"""Where the dashboard leads on to: the further pages of a commissioner, for those who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.scope import can


@dataclass(frozen=True)
class FurtherPage:
    """A page of a commissioner, by the name of its address, for those with every one of `permissions`.

    `dated` ones show the same dates and filters.
    """

    name: str
    text: str
    permissions: tuple[Permission, ...] = (Permission.VIEW_FIGURES,)
    dated: bool = False


#: In the order of the page. A page of this room that belongs to a commissioner is added here.
FURTHER: tuple[FurtherPage, ...] = (
    FurtherPage("pace", "Pace: trajectory, what is needed a month, the forecast, how far the plan goes", dated=True),
    FurtherPage("pathway", "Pathway and quality: offered, accepted, waits, reviews, savings, outcomes"),
    FurtherPage("variation", "Variation: month by month, commissioners compared, year on year"),
    FurtherPage("equity", "Equity: uptake and outcomes by age, sex, ethnic category, deprivation, locality"),
    FurtherPage("returns", "National returns: each quarter, with the records behind it"),
    FurtherPage("snapshots", "Snapshots: figures frozen, restated and compared"),
    FurtherPage(
        "scheduled-reports", "Reports: monthly and quarterly, as PDF and workbook", (Permission.EXPORT_FIGURES,)
    ),
    FurtherPage("extract", "Extract of records", (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)),
    FurtherPage(
        "disclosure-log", "What was hidden from other readers, and why", (Permission.VIEW_PEOPLE_BEHIND_FIGURES,)
    ),
    FurtherPage("counting", "How it is counted: the switches of the counting policy"),
    FurtherPage("trajectories", "See or change the trajectories", (Permission.MANAGE_SETTINGS,)),
    FurtherPage("targets", "See or change the targets", (Permission.MANAGE_SETTINGS,)),
    FurtherPage("eligible-populations", "See or enter the numbers of eligible people", (Permission.MANAGE_SETTINGS,)),
)


def further_pages(commissioner: Commissioner, query: Mapping[str, str], user: Any) -> list[dict[str, str]]:
    """The links of a dashboard. `query` is what stands in its address."""
    return [
        {"text": page.text, "href": _address(page, commissioner.code, query)}
        for page in FURTHER
        if all(can(user, permission, commissioner) for permission in page.permissions)
    ]


def _address(page: FurtherPage, code: str, query: Mapping[str, str]) -> str:
    address = reverse(f"reporting:{page.name}", args=[code])
    return f"{address}?{urlencode(query)}" if page.dated else address
