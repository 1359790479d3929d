"""Reads of users, for administrators."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from phb_register.models import Membership
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids


def memberships_visible_to(administrator: Any) -> QuerySet[Membership]:
    """Memberships of the commissioners and partnerships that the administrator looks after."""
    ids = commissioner_ids(administrator, Permission.MANAGE_USERS)
    memberships = Membership.objects.filter(commissioner__in=ids).select_related("user", "commissioner")
    return memberships.order_by("user__full_name", "user_id", "-starts_on", "pk")


def memberships_of(user: Any, on: dt.date) -> QuerySet[Membership]:
    """The memberships a user holds on a date."""
    return Membership.objects.held_on(on).filter(user=user).select_related("commissioner").order_by("role")


def membership_for(administrator: Any, pk: int) -> Membership | None:
    """A membership that has not ended, if the administrator looks after it."""
    return memberships_visible_to(administrator).filter(pk=pk, ends_on__isnull=True).first()
