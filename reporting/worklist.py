"""The worklist of this room: numbers that figures need and that are missing, or will soon be too old."""

import datetime as dt
from typing import Any

from django.urls import reverse

from phb_register.models import Commissioner
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.slots import WorkItem
from reporting.measures import OLDEST_DENOMINATOR_DAYS
from reporting.selectors import board_packs
from reporting.selectors.denominators import chc_eligible_on, population_on

# How long before the count in use is too old it comes onto the list.
NOTICE_DAYS = 60
MOST_PACKS = 20


def missing_numbers(user: Any, today: dt.date) -> list[WorkItem]:
    """What to enter for the commissioners that the user's own roles name, the soonest first."""
    items: list[WorkItem] = []
    for commissioner in named_commissioners(user, Permission.MANAGE_SETTINGS).open_on(today):
        items += [item for item in (_eligible(commissioner, today), _population(commissioner, today)) if item]
    return sorted(items, key=lambda item: item.due_on or today)


def _eligible(commissioner: Commissioner, today: dt.date) -> WorkItem | None:
    eligible = chc_eligible_on(commissioner, today)
    last_day = eligible.counted_on and eligible.counted_on + dt.timedelta(days=OLDEST_DENOMINATOR_DAYS)
    if last_day is not None and last_day > today + dt.timedelta(days=NOTICE_DAYS):
        return None
    return WorkItem(
        text=f"Enter how many people are eligible for CHC: {commissioner}",
        url=reverse("reporting:eligible-populations", args=[commissioner.code]),
        why="The count in use will be too old after that day." if last_day else "CHC uptake is not known without it.",
        due_on=last_day or today,
    )


def _population(commissioner: Commissioner, today: dt.date) -> WorkItem | None:
    if population_on(commissioner, today).people is not None:
        return None
    return WorkItem(
        text=f"Enter the population: {commissioner}",
        url=reverse("phb_register:add-population", args=[commissioner.code]),
        why="The rate and the target are not known without it.",
        due_on=today,
    )


def packs_to_read(user: Any, today: dt.date) -> list[WorkItem]:
    """Board packs for meetings still to come."""
    return [
        WorkItem(
            text=f"Read the board pack: {pack}",
            url=reverse("reporting:board-pack", args=[pack.reference]),
            why=f"{pack.commissioner}, figures as at {spoken_date(pack.as_at)}",
            due_on=pack.meets_on,
        )
        for pack in board_packs.packs_to_read(user, today, MOST_PACKS)
    ]


def packs_not_made(user: Any, today: dt.date) -> list[WorkItem]:
    """Board packs whose day has come, and that could not be made."""
    return [
        WorkItem(
            text=f"See why the board pack was not made: {pack}",
            url=reverse("reporting:board-pack", args=[pack.reference]),
            why="Its making stopped. The register tries again every ten minutes.",
            due_on=pack.make_on,
        )
        for pack in board_packs.packs_not_made(user, today)
    ]
