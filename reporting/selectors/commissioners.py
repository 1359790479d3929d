"""Whose figures a user may see, and finding a commissioner by its code."""

from typing import Any

from phb_register.models import Commissioner
from phb_register.models.commissioners import CommissionerQuerySet
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners


def dashboards_of(user: Any) -> CommissionerQuerySet:
    """The commissioners and partnerships that the user's memberships name for figures: partnerships first."""
    return named_commissioners(user, Permission.VIEW_FIGURES).order_by("-kind", "name")


def commissioner_with_code(code: str) -> Commissioner | None:
    """The commissioner or partnership with this code in any case of letters, or None. For commands: not scoped."""
    return Commissioner.objects.filter(code__iexact=code).first()


def similar_codes(code: str, most: int = 3) -> list[str]:
    """Codes that begin like `code`, for a hint; not scoped."""
    if len(code) < 2:
        return []
    found = Commissioner.objects.filter(code__istartswith=code[:2]).order_by("code")
    return list(found.values_list("code", flat=True)[:most])
