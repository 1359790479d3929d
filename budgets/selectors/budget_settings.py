"""Reads of what a commissioner or partnership decided for itself about the money."""

from budgets.models import BudgetSettings
from phb_register.models import Commissioner


def own_settings(commissioner: Commissioner) -> BudgetSettings:
    """The commissioner's own, or the defaults (unsaved): never those of its partnership, which are changed there."""
    found = BudgetSettings.objects.filter(commissioner=commissioner).first()
    return found or BudgetSettings(commissioner=commissioner)
