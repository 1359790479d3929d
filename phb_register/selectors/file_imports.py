"""Reads of imports of files, of every kind."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from phb_register import clock
from phb_register.models import FileImport, User
from phb_register.roles import Permission, roles_with

_Import = TypeVar("_Import", bound=FileImport)


def importers(permission: Permission) -> QuerySet[User]:
    """The active users who may import for anybody today."""
    today = clock.today()
    held = Q(memberships__role__in=roles_with(permission), memberships__starts_on__lte=today)
    goes_on = Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gt=today)
    return User.objects.filter(held, goes_on, is_active=True).distinct().order_by("pk")


def imports_of(model: type[_Import], user: User) -> QuerySet[_Import]:
    """The imports the user may see, the latest first."""
    rows: QuerySet[_Import] = model.objects.visible_to(user)  # type: ignore[attr-defined]
    return rows.select_related("commissioner", "uploaded_by")


def import_of(model: type[_Import], user: User, reference: Any) -> _Import | None:
    """One of them."""
    rows = imports_of(model, user).select_related("imported_by", "undone_by", "job")
    return rows.filter(reference=reference).first()
