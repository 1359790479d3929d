"""Who may take back an end, and when."""

from typing import TYPE_CHECKING

from budgets.enums import ClosureStatus
from budgets.models import BudgetClosure, PersonalHealthBudget
from phb_register import scope
from phb_register.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from phb_register.models import User


def can_take_back_end(user: "User | AnonymousUser", phb: PersonalHealthBudget) -> bool:
    """Whether the user may take back the end of this PHB: it has ended, and its money is not reconciled."""
    if phb.ended_on is None or not scope.can(user, Permission.MANAGE_BUDGETS, phb.commissioner):
        return False
    return not BudgetClosure.objects.filter(phb=phb, status=ClosureStatus.RECONCILED).exists()
