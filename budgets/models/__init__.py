"""Personal health budgets, the parts they are managed in and the shares that pay for them."""

from .closures import BudgetClosure, ClosureTransition
from .parts import FundingShare, MethodPart
from .personal_health_budgets import PersonalHealthBudget
from .querysets import PersonalHealthBudgetQuerySet
from .support_organisations import SupportOrganisation

__all__ = [
    "BudgetClosure",
    "ClosureTransition",
    "FundingShare",
    "MethodPart",
    "PersonalHealthBudget",
    "PersonalHealthBudgetQuerySet",
    "SupportOrganisation",
]
