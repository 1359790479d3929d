"""Support plans on pages that are not their own: worklists and the page of a referral."""

import datetime as dt

from django.urls import reverse

from budgets import plan_events
from budgets.demonstration import support_plans as demonstration
from budgets.models import PlanService, SupportPlan
from budgets.presenters import delegated_tasks as task_words
from budgets.presenters.plan_purchases import purchases_url
from budgets.presenters.support_plans import plan_url, plans_url
from budgets.selectors.delegated_tasks import sign_offs_running_out, tasks_never_signed_off
from budgets.selectors.support_plans import exceptions_waiting, to_sign
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from eligibility.slots import ReferralAction, ReferralLink, referral_actions
from phb_register import slots
from phb_register.models import User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import WorkItem, Worklist

# The most urgent ones; each list empties from the top.
LONGEST_WORKLIST = 20


def plans_to_sign(user: User, today: dt.date) -> list[WorkItem]:
    """Proposed plans that one side or both have still to sign, the longest waiting first."""
    return [_sign_item(plan) for plan in to_sign(user)[:LONGEST_WORKLIST]]


def _sign_item(plan: SupportPlan) -> WorkItem:
    missing = "for the commissioner" if plan.signatures.all() else "for both sides"
    return WorkItem(
        text=f"Sign the support plan of {plan.referral.person}, version {plan.number}",
        url=plan_url(plan),
        why=f"Proposed on {spoken_date(plan.proposed_on)} and not signed {missing}",
    )


def exceptions_to_approve(user: User, today: dt.date) -> list[WorkItem]:
    """Direct payments to the same household that wait for approval by somebody who did not write them."""
    return [_exception_item(service) for service in exceptions_waiting(user)[:LONGEST_WORKLIST]]


def _exception_item(service: PlanService) -> WorkItem:
    return WorkItem(
        text=f"Look at a payment to the same household, for {service.plan.referral.person}: {service.description}",
        url=plan_url(service.plan, "exception", service.key),
        why=f"Asked for by {service.asked_by} on {spoken_date(service.asked_on)}",
    )


def tasks_to_sign_off(user: User, today: dt.date) -> list[WorkItem]:
    """Sign-offs that have run out or soon will, then tasks that nobody signed off yet."""
    shown = [
        task_words.sign_off_item(each, today) for each in sign_offs_running_out(user, today)[: slots.SHOWN_AT_MOST]
    ]
    left = slots.SHOWN_AT_MOST - len(shown)
    if left <= 0:
        return shown
    return [*shown, *(task_words.never_signed_off_item(each) for each in tasks_never_signed_off(user, today)[:left])]


def count_tasks(user: User, today: dt.date) -> int:
    """How many there are of both."""
    return sign_offs_running_out(user, today).count() + tasks_never_signed_off(user, today).count()


def referral_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath an accepted referral: its support plan."""
    if referral.status != ReferralStatus.ACCEPTED:
        return None
    return ReferralLink("Support plan", plans_url(referral))


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.worklists.add(
        Worklist(
            "support-plans-to-sign",
            "Support plans to sign",
            Permission.PLAN_BUDGETS,
            plans_to_sign,
            empty="No support plan waits to be signed.",
            order=38,
        )
    )
    slots.worklists.add(
        Worklist(
            "household-exceptions",
            "Payments to the same household to approve",
            Permission.APPROVE_BUDGETS,
            exceptions_to_approve,
            empty="No payment to somebody of the same household waits for approval.",
            order=39,
        )
    )
    slots.worklists.add(
        Worklist(
            "delegated-tasks",
            "Delegated healthcare tasks to sign off",
            Permission.PLAN_BUDGETS,
            tasks_to_sign_off,
            empty="Everybody who does a delegated healthcare task is signed off for six weeks or more.",
            order=50,
            count=count_tasks,
            url=lambda: reverse("budgets:delegated-tasks"),
        )
    )
    slots.timeline.add(plan_events.TIMELINE)
    slots.settings_links.add(slots.SettingsLink("What a budget cannot buy", purchases_url, order=30))
    slots.demonstration_steps.add(slots.DemonstrationStep("Support plans", demonstration.load, order=44))
    referral_actions.add(ReferralAction("support-plan", Permission.VIEW_BUDGETS, referral_link, order=36))
