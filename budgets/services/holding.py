"""Holding a PHB for a change: locked to the end of the transaction, for somebody who may change it."""

from budgets.models import PersonalHealthBudget
from phb_register import scope
from phb_register.models import User
from phb_register.roles import Permission


def held_budget(phb: PersonalHealthBudget, by: User, permission: Permission) -> PersonalHealthBudget:
    """The PHB as it now stands, locked, if the user holds `permission` for it; raises `PermissionDenied` otherwise."""
    held = (
        PersonalHealthBudget.objects.select_for_update(of=("self",))
        .select_related("commissioner", "person__commissioner", "referral", "cohort")
        .get(pk=phb.pk)
    )
    scope.check(by, permission, held.commissioner)
    return held
