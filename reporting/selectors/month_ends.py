"""Whose figures are read by people who may not see the people behind them."""

import datetime as dt

from phb_register.models import Commissioner, Membership
from phb_register.roles import Permission, roles_with


def read_without_people(today: dt.date, as_at: dt.date) -> list[Commissioner]:
    """Commissioners open on `as_at` that have such readers today; partnerships and England after the bodies."""
    roles = set(roles_with(Permission.VIEW_FIGURES)) - set(roles_with(Permission.VIEW_PEOPLE_BEHIND_FIGURES))
    held = Membership.objects.held_on(today).filter(role__in=roles)
    named = Commissioner.objects.filter(pk__in=held.values("commissioner")).open_on(as_at).order_by("pk")
    return sorted(named, key=lambda each: (not each.is_body, each.is_nation))
