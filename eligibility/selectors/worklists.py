"""The worklists of referrals: what is on each, in which order, a page at a time."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from eligibility.models.referrals import Referral, ReferralQuerySet
from phb_register.models import User
from phb_register.roles import Permission

PAGE_LENGTH = 25


class WorklistCode(StrEnum):
    """The worklists, in the order of the home page."""

    OVERDUE = "overdue"
    DUE = "due"
    MINE = "mine"
    WAITING = "waiting"
    UNALLOCATED = "unallocated"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class _Plan:
    """Which referrals a worklist holds, and the date by which they are ordered."""

    rows: Callable[[ReferralQuerySet, User, dt.date], ReferralQuerySet]
    order_by: str = "decision_due_on"


PLANS: dict[WorklistCode, _Plan] = {
    WorklistCode.OVERDUE: _Plan(lambda rows, user, today: rows.overdue(today)),
    WorklistCode.DUE: _Plan(lambda rows, user, today: rows.due_soon(today)),
    WorklistCode.MINE: _Plan(lambda rows, user, today: rows.on_the_desk_of(user, today)),
    WorklistCode.WAITING: _Plan(lambda rows, user, today: rows.to_follow_up(today), "follow_up_on"),
    WorklistCode.UNALLOCATED: _Plan(lambda rows, user, today: rows.unallocated()),
    WorklistCode.ACKNOWLEDGE: _Plan(lambda rows, user, today: rows.to_acknowledge(), "acknowledge_due_on"),
}


@dataclass(frozen=True)
class WorklistPage:
    """One page of a worklist, how many are on the whole list, and the key from which the next page starts."""

    rows: list[Referral]
    total: int
    next_after: str | None


def worklist(code: WorklistCode, user: User, today: dt.date) -> ReferralQuerySet:
    """All that is on a worklist of the user's commissioners, the most urgent first."""
    return PLANS[code].rows(Referral.objects.visible_to(user, Permission.DECIDE_REFERRALS), user, today)


def first_of_worklist(code: WorklistCode, user: User, today: dt.date, limit: int) -> list[Referral]:
    """The most urgent ones of a worklist, with what is said of them."""
    return list(_with_pauses(worklist(code, user, today))[:limit])


def worklist_page(
    code: WorklistCode, user: User, today: dt.date, after: str | None = None, length: int = PAGE_LENGTH
) -> WorklistPage:
    """The page of a worklist that follows the key ``after`` (``2026-11-22.17``); the first for none or a wrong one."""
    rows, field = worklist(code, user, today), PLANS[code].order_by
    total = rows.count()
    key = page_key(after)
    if key is not None:
        day, pk = key
        rows = rows.filter(Q(**{f"{field}__gt": day}) | Q(**{field: day, "pk__gt": pk}))
    found = list(_with_pauses(rows)[: length + 1])
    shown, last = found[:length], found[length - 1] if len(found) > length else None
    return WorklistPage(shown, total, f"{getattr(last, field).isoformat()}.{last.pk}" if last else None)


def page_key(after: str | None) -> tuple[dt.date, int] | None:
    """The day and the number of which a page key is made; None for one that cannot be read."""
    day, _, pk = (after or "").partition(".")
    try:
        return dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _with_pauses(rows: ReferralQuerySet) -> ReferralQuerySet:
    return rows.select_related("person", "commissioner", "allocated_to").prefetch_related("pauses")
