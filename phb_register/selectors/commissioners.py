"""Which commissioners a user works for."""

import datetime as dt
from typing import Any

from phb_register.models import Commissioner, PartnershipMember, Succession
from phb_register.models.commissioners import CommissionerQuerySet
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids, membership_ids


def commissioners_of(user: Any, permission: Permission) -> CommissionerQuerySet:
    """All commissioners and partnerships for whose records the user has ``permission``."""
    return Commissioner.objects.filter(pk__in=commissioner_ids(user, permission))


def responsible_commissioners(user: Any, permission: Permission, on: dt.date) -> CommissionerQuerySet:
    """Bodies open on a date that can be responsible for a person, within the user's ``permission``."""
    return commissioners_of(user, permission).bodies().open_on(on)


def named_commissioners(user: Any, permission: Permission) -> CommissionerQuerySet:
    """The commissioners and partnerships that the user's own memberships name, as a choice to start from."""
    return Commissioner.objects.filter(pk__in=membership_ids(user, permission))


def commissioner_for(user: Any, permission: Permission, code: str) -> Commissioner | None:
    """The commissioner or partnership with this code, if the user has ``permission`` for it."""
    return commissioners_of(user, permission).filter(code=code).first()


def members_on(commissioner: Commissioner, day: dt.date) -> CommissionerQuerySet:
    """The bodies that a partnership or a nation adds up on a date; none for a body, which has no members."""
    if commissioner.is_nation:
        return Commissioner.objects.bodies().open_on(day)
    members = PartnershipMember.objects.on(day).filter(partnership=commissioner)
    return Commissioner.objects.filter(pk__in=members.values("member"))


def main_successor(commissioner: Commissioner) -> Commissioner | None:
    """Who took over from a commissioner, or will; None where nobody did."""
    step = Succession.objects.filter(predecessor=commissioner, is_main=True).select_related("successor").first()
    return step.successor if step else None


def accountable_on(commissioner: Commissioner, day: dt.date) -> Commissioner:
    """The body accountable on ``day`` for a person of ``commissioner``: itself, or who by then took over from it."""
    while commissioner.closed_on is not None and commissioner.closed_on < day:
        successor = main_successor(commissioner)
        if successor is None:
            break
        commissioner = successor
    return commissioner
