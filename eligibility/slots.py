"""Places in this room that upper rooms fill in their ``AppConfig.ready()``."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from offers.models import Cohort
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import Slot

from .models import Referral


@dataclass(frozen=True)
class ReferralLink:
    """What an upper room says beneath a referral: where it leads, and the words of the link or button."""

    text: str
    url: str
    is_button: bool = False


@dataclass(frozen=True)
class ReferralAction:
    """A thing that an upper room can do with a referral, for those with ``permission`` for its commissioner.

    ``link`` is called with the user and the referral, and gives None where there is nothing to do.
    """

    code: str
    permission: Permission
    link: Callable[[User, Referral], ReferralLink | None]
    order: int = 100


referral_actions: Slot[ReferralAction] = Slot()


def referral_links_for(user: User, referral: Referral) -> list[ReferralLink]:
    """What the upper rooms offer this user for this referral."""
    found = [
        action.link(user, referral)
        for action in referral_actions
        if can(user, action.permission, referral.commissioner)
    ]
    return [link for link in found if link is not None]


@dataclass(frozen=True)
class AverageBudget:
    """The mean annual amount of some PHBs in place, in pounds, and its bounds; see ``budgets.selectors``."""

    budgets: int
    mean: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class BudgetFigures:
    """What the room of budgets knows of PHBs in place.

    ``average`` takes a cohort (None: all), the ids of commissioners and a date, and gives None where too few PHBs
    were in place to take a mean of. ``holders`` takes ids of people and a date, and gives (person id, cohort code) of
    those in place.
    """

    average: Callable[[Cohort | None, Collection[int], dt.date], AverageBudget | None]
    holders: Callable[[Collection[int], dt.date], set[tuple[int, str]]]
    order: int = 100


budget_figures: Slot[BudgetFigures] = Slot()


def average_budget(cohort: Cohort | None, commissioner_ids: Collection[int], on: dt.date) -> AverageBudget | None:
    """The mean annual amount of a cohort's PHBs in place; None where it is not known."""
    found = (figures.average(cohort, commissioner_ids, on) for figures in budget_figures)
    return next((average for average in found if average is not None), None)


def budget_holders(person_ids: Collection[int], on: dt.date) -> set[tuple[int, str]]:
    """Which of these people hold a PHB in place, of which cohort."""
    return {holder for figures in budget_figures for holder in figures.holders(person_ids, on)}


@dataclass(frozen=True)
class Holders:
    """Who has a PHB. ``open_budgets`` gives rows with a ``person_id``: those agreed or in place, whosever they are;
    ``ended_budgets`` rows with the ``referral_id`` they came of: those that ended.
    """

    open_budgets: Callable[[], QuerySet[Any]]
    ended_budgets: Callable[[], QuerySet[Any]]
    order: int = 100


holders: Slot[Holders] = Slot()
