"""Reads of users: for administrators, and of who may do what."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from phb_register.models import Membership, PartnershipMember, Succession, User
from phb_register.roles import Permission, roles_with
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


def users_who_may(permission: Permission, commissioner_ids: Iterable[int], on: dt.date) -> QuerySet[User]:
    """The users with a role on a date that gives ``permission`` for records of one of the commissioners, by name.

    Such a role names the commissioner, one that has taken over from it, or a partnership of these.
    """
    bodies = set(commissioner_ids)
    successions = dict(
        Succession.objects.filter(is_main=True, took_effect_on__lte=on).values_list("predecessor_id", "successor_id")
    )
    waiting = list(bodies)
    while waiting:
        successor = successions.get(waiting.pop())
        if successor is not None and successor not in bodies:
            bodies.add(successor)
            waiting.append(successor)
    partnerships = PartnershipMember.objects.on(on).filter(member__in=bodies).values("partnership_id")
    held = Membership.objects.held_on(on).filter(role__in=roles_with(permission))
    named = held.filter(Q(commissioner__in=bodies) | Q(commissioner__in=partnerships))
    return User.objects.filter(pk__in=named.values("user_id")).order_by("full_name", "pk")
