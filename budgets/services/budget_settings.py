"""What a commissioner or partnership decides for itself about the money."""

from typing import Any

from django.db import transaction

from budgets.models import BudgetSettings
from phb_register import audit
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check


@transaction.atomic
def change_budget_settings(*, commissioner: Commissioner, by: User | None, **changes: Any) -> BudgetSettings:
    """Set the given fields of `BudgetSettings`. `by` is None at the console only. Raises `PermissionDenied`."""
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    settings, _ = BudgetSettings.objects.update_or_create(commissioner=commissioner, defaults=changes)
    audit.record(actor=by, action="change-budget-settings", subject=settings, detail={"fields": sorted(changes)})
    return settings
