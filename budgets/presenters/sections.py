"""The pages there are about one budget, from its first plan to its end, as a list that stands on each of them.

A budget is planned from an accepted referral before it is agreed, so the pages of planning hang on the referral and
all others on the personal health budget that came of it.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from budgets.models import PersonalHealthBudget
from budgets.selectors.personal_health_budgets import budget_from
from eligibility.models import Referral
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can


@dataclass(frozen=True)
class Section:
    """One page of a budget: `is_planning` ones from the accepted referral on, the others once it is agreed."""

    code: str
    title: str
    url_name: str
    permission: Permission = Permission.VIEW_BUDGETS
    is_planning: bool = False


#: In the order in which a budget comes to them.
SECTIONS = (
    Section("overview", "Overview", "budgets:personal-health-budget"),
    Section("needs", "Needs", "budgets:needs", is_planning=True),
    Section("indicative", "Indicative budget", "budgets:indicative-budgets", is_planning=True),
    Section("plan", "Support plan", "budgets:support-plans", is_planning=True),
    Section("proposals", "Approval", "budgets:proposals", is_planning=True),
    Section("arrangements", "Arrangements", "budgets:arrangements"),
    Section("payments", "Payments", "budgets:budget-payments", Permission.VIEW_PAYMENTS),
    Section("monitoring", "Monitoring", "budgets:monitoring", Permission.VIEW_PAYMENTS),
    Section("reviews", "Reviews", "budgets:budget-reviews"),
    Section("money", "Money", "budgets:budget-money", Permission.VIEW_MONEY),
)


def sections_of(
    user: User, referral: Referral, current: str, *, phb: PersonalHealthBudget | None = None
) -> dict[str, Any]:
    """The contents list of a budget's pages for `{% nhsuk "contentsList" params=sections %}`, and their link back.

    `current` is the code of the page that shows it; `phb` spares a read where the caller has it. Those whose
    permission the user lacks are left out.
    """
    phb = phb or budget_from(referral)
    items = []
    for section in SECTIONS:
        record: Referral | PersonalHealthBudget | None = referral if section.is_planning else phb
        if record is None or not can(user, section.permission, record.commissioner):
            continue
        items.append(
            {
                "text": section.title,
                "href": reverse(section.url_name, args=[record.reference]),
                "current": section.code == current,
            }
        )
    return {"items": items, "ariaLabel": "Pages of this budget", "back": _back(user, referral, phb)}


def _back(user: User, referral: Referral, phb: PersonalHealthBudget | None) -> dict[str, str]:
    """Where a page of planning leads back to: finance and the risk panel see budgets and no referrals."""
    if can(user, Permission.VIEW_REFERRALS, referral.commissioner):
        return {"href": reverse("eligibility:referral", args=[referral.reference]), "text": "Referral"}
    if phb is not None:
        return {
            "href": reverse("budgets:personal-health-budget", args=[phb.reference]),
            "text": "Personal health budget",
        }
    return {"href": reverse("budgets:register"), "text": "Register"}
