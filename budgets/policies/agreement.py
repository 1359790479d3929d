"""Who may do what to a PHB, and when. `check_…` raises with the remedy, `can_…` answers for buttons."""

from typing import TYPE_CHECKING

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import scope
from phb_register.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from phb_register.models import User


def check_can_agree(referral: Referral) -> None:
    """Raise `BudgetRefused` unless the referral is accepted and no PHB came from it yet."""
    if referral.status != ReferralStatus.ACCEPTED:
        raise BudgetRefused([Problem("", "Accept the referral first. A budget is agreed from an accepted referral")])
    if PersonalHealthBudget.objects.filter(referral=referral).exists():
        raise BudgetRefused([Problem("", "A personal health budget was agreed from this referral already")])


def can_agree(user: "User | AnonymousUser", referral: Referral) -> bool:
    """Whether the user may agree a PHB from this referral now."""
    if not scope.can(user, Permission.MANAGE_BUDGETS, referral.commissioner):
        return False
    try:
        check_can_agree(referral)
    except BudgetRefused:
        return False
    return True


def can_start(user: "User | AnonymousUser", phb: PersonalHealthBudget) -> bool:
    """Whether the user may start this PHB: agreed, neither started nor ended."""
    return phb.started_on is None and can_end(user, phb)


def can_end(user: "User | AnonymousUser", phb: PersonalHealthBudget) -> bool:
    """Whether the user may end this PHB, or change how its money is managed: it has not ended."""
    return phb.ended_on is None and scope.can(user, Permission.MANAGE_BUDGETS, phb.commissioner)
