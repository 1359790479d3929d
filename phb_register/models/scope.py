"""Whose records a user may see. Every read of a person's record starts here.

A membership gives a role for one commissioner or partnership. A partnership stands for its members of the day, the
nation for every commissioner, and a commissioner for those it succeeded, so a nurse of the LLR partnership sees the
people of its three CCGs, of the ICB that followed them, and of nobody else.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models

from phb_register import clock
from phb_register.roles import Permission, roles_with

from .commissioners import counted_ids

if TYPE_CHECKING:
    from .commissioners import Commissioner
    from .users import User

_Row = TypeVar("_Row", bound=models.Model)


def membership_ids(user: "User | AnonymousUser", permission: Permission, on: dt.date | None = None) -> frozenset[int]:
    """The commissioners and partnerships that the user's own roles with ``permission`` name."""
    if not user.is_authenticated:
        return frozenset()
    held = user.memberships.held_on(on or clock.today()).filter(role__in=roles_with(permission))
    return frozenset(held.values_list("commissioner_id", flat=True))


def commissioner_ids(user: "User | AnonymousUser", permission: Permission, on: dt.date | None = None) -> frozenset[int]:
    """The ids of all commissioners whose records the user may use with ``permission``.

    Partnerships are opened out to their members, and each member to its predecessors. What was read is kept on the
    user for the length of a request, because a page asks for many permissions, mostly for the same commissioners.
    """
    day = on or clock.today()
    if not user.is_authenticated:
        return frozenset()
    kept: dict[Any, Any] = user.__dict__.setdefault("_scope", {})
    if day not in kept:
        kept[day] = list(user.memberships.held_on(day).values_list("role", "commissioner_id"))
    roles = roles_with(permission)
    named = frozenset(commissioner_id for role, commissioner_id in kept[day] if role in roles)
    if (named, day) not in kept:
        kept[named, day] = counted_ids(list(named), day) | named if named else named
    found: frozenset[int] = kept[named, day]
    return found


def can(user: "User | AnonymousUser", permission: Permission, commissioner: "Commissioner | None" = None) -> bool:
    """Whether the user has ``permission`` for ``commissioner``, or for anybody where none is named."""
    ids = commissioner_ids(user, permission)
    return bool(ids) if commissioner is None else commissioner.pk in ids


def check(user: "User | AnonymousUser", permission: Permission, commissioner: "Commissioner") -> None:
    """Raise ``PermissionDenied`` unless the user has ``permission`` for ``commissioner``."""
    if not can(user, permission, commissioner):
        raise PermissionDenied(f"This needs the permission {permission} for {commissioner}")


class ScopedQuerySet(models.QuerySet[_Row]):
    """A queryset of records that belong to a commissioner."""

    scope_path: ClassVar[str] = "commissioner_id"
    scope_permission: ClassVar[Permission]

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Only the records of commissioners for whom the user has ``permission`` (by default the one to read them)."""
        ids = commissioner_ids(user, permission or self.scope_permission)
        return self.filter(**{f"{self.scope_path}__in": ids}) if ids else self.none()


class ScopedManager(models.Manager[_Row]):
    """The manager that scoped querysets are mixed into."""
