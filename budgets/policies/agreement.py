"""Who may do what to a PHB, and when. `check_…` raises with the remedy, `can_…` answers for buttons."""

from typing import TYPE_CHECKING

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import AgreedBudget, BudgetProposal, PersonalHealthBudget
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


def can_propose(user: "User | AnonymousUser", referral: Referral) -> bool:
    """Whether the user may propose a budget from this referral, or a change of the one there is."""
    if not scope.can(user, Permission.MANAGE_BUDGETS, referral.commissioner):
        return False
    if referral.status != ReferralStatus.ACCEPTED or BudgetProposal.objects.filter(referral=referral).open().exists():
        return False
    return not PersonalHealthBudget.objects.filter(referral=referral, ended_on__isnull=False).exists()


def can_confirm(user: "User | AnonymousUser", referral: Referral) -> bool:
    """Whether the user may propose that the budget there is be confirmed: no proposal stands behind it yet."""
    last = AgreedBudget.objects.filter(phb__referral=referral).order_by("-number").first()
    return last is not None and last.proposal_id is None and can_propose(user, referral)


def can_start(user: "User | AnonymousUser", phb: PersonalHealthBudget) -> bool:
    """Whether the user may start this PHB: agreed, neither started nor ended."""
    return phb.started_on is None and can_end(user, phb)


def can_end(user: "User | AnonymousUser", phb: PersonalHealthBudget) -> bool:
    """Whether the user may end this PHB, or change how its money is managed: it has not ended."""
    return phb.ended_on is None and scope.can(user, Permission.MANAGE_BUDGETS, phb.commissioner)
