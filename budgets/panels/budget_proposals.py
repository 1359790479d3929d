"""Proposals and risk panels on pages that are not their own: worklists, the referral, settings, the navigation."""

import datetime as dt

from django.urls import reverse

from budgets.demonstration import proposals as demonstration
from budgets.policies import agreement as policies
from budgets.presenters import budget_proposals as words
from budgets.rules.proposal_states import ProposalStatus
from budgets.selectors import budget_proposals as selectors
from eligibility.models import Referral
from eligibility.slots import ReferralAction, ReferralLink, referral_actions
from phb_register import slots
from phb_register.models import Commissioner, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, NavigationItem, SettingsLink, WorkItem, Worklist

#: The most urgent ones; each list empties from the top.
LONGEST_WORKLIST = 50


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(NavigationItem("Budget proposals", "budgets:budget-proposals", Permission.VIEW_BUDGETS, 42))
    waiting = (
        ("budgets-to-approve", "Budgets to approve", ProposalStatus.SUBMITTED, Permission.APPROVE_BUDGETS, 41),
        ("budgets-for-panel", "Budgets for the risk panel", ProposalStatus.REFERRED, Permission.DECIDE_AT_PANEL, 42),
        ("budgets-sent-back", "Budgets sent back", ProposalStatus.RETURNED, Permission.MANAGE_BUDGETS, 43),
    )
    for code, title, status, permission, order in waiting:
        slots.worklists.add(_worklist(code, title, status, permission, order))
    slots.worklists.add(
        Worklist(
            "budgets-to-propose",
            "Budgets to propose",
            Permission.MANAGE_BUDGETS,
            to_propose,
            empty="A budget is proposed or agreed for every accepted referral.",
            order=40,
        )
    )
    slots.settings_links.add(SettingsLink("Budgets", settings_url, order=20))
    slots.demonstration_steps.add(DemonstrationStep("Budget proposals and a risk panel", demonstration.load, order=45))
    referral_actions.add(ReferralAction("proposal", Permission.VIEW_BUDGETS, referral_link, order=41))


def _worklist(code: str, title: str, status: ProposalStatus, permission: Permission, order: int) -> Worklist:
    """The proposals in one status, for those who act on them."""

    def rows(user: User, today: dt.date) -> list[WorkItem]:
        return [words.work_item(each) for each in selectors.waiting_for(user, status, permission)[:LONGEST_WORKLIST]]

    def count(user: User, today: dt.date) -> int:
        return selectors.waiting_for(user, status, permission).count()

    def url() -> str:
        return f"{reverse('budgets:budget-proposals')}?status={status.value}"

    return Worklist(code, title, permission, rows, order=order, count=count, url=url)


def to_propose(user: User, today: dt.date) -> list[WorkItem]:
    """Accepted referrals for which no budget is proposed or agreed yet."""
    return [
        WorkItem(
            text=f"{referral.person}: {referral.cohort}",
            url=reverse("budgets:propose", args=[referral.reference]),
            why=f"The referral was accepted on {spoken_date(accepted_on)}",
        )
        for referral, accepted_on in selectors.awaiting_a_proposal(user, LONGEST_WORKLIST)
    ]


def referral_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath a referral without a PHB: the proposal that is open, or the button that proposes."""
    if selectors.has_budget(referral):
        return None
    open_one = selectors.open_proposal_of(referral)
    if open_one is not None:
        return ReferralLink("Budget proposal", words.proposal_url(open_one))
    if policies.can_propose(user, referral):
        return ReferralLink(
            "Propose a personal health budget", reverse("budgets:propose", args=[referral.reference]), is_button=True
        )
    return None


def settings_url(commissioner: Commissioner) -> str:
    """The budget settings of a commissioner or partnership."""
    return reverse("budgets:budget-settings", args=[commissioner.code])
