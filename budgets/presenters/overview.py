"""How the front page of a PHB says what is next to do, and its money in one line."""

import datetime as dt
from typing import Any

from django.urls import reverse

from budgets.enums import Method
from budgets.models import PersonalHealthBudget
from budgets.presenters.arrangements import arrangements_url
from budgets.presenters.budget_proposals import proposal_url
from budgets.presenters.monitoring import return_url
from budgets.presenters.payments import payments_url
from budgets.presenters.personal_health_budgets import pounds
from budgets.presenters.recoveries import recovery_url
from budgets.presenters.reviews import reviews_url
from budgets.presenters.support_plans import plans_url
from budgets.rules.monitoring_states import ReturnStatus
from budgets.selectors.overview import Overview
from phb_register.presenters import spoken_date

METHODS: dict[str, str] = dict(Method.choices)


def next_steps(phb: PersonalHealthBudget, found: Overview, today: dt.date) -> list[dict[str, Any]]:
    """What is next to do, the most pressing first: words, where it is done, and whether it is late."""
    steps = [*_planning(phb, found), *_paying(phb, found), *_watching(phb, found, today)]
    if found.closure is not None:
        url = reverse("budgets:closure", args=[phb.reference])
        steps.append(_step("Reconcile the money, because the budget has ended", url))
    return sorted(steps, key=lambda step: not step["is_late"])


def _planning(phb: PersonalHealthBudget, found: Overview) -> list[dict[str, Any]]:
    steps = []
    if found.proposal is not None:
        said = found.proposal.get_status_display().lower()
        steps.append(_step(f"Budget proposal {found.proposal.number} is open: {said}", proposal_url(found.proposal)))
    elif not found.is_confirmed:
        url = reverse("budgets:proposals", args=[phb.referral.reference])
        steps.append(_step("Confirm the budget by a proposal. Until then nothing is paid", url))
    if not found.has_plan:
        steps.append(_step("Write and sign a support plan: none is in force", plans_url(phb.referral)))
    steps += [
        _step(f"Arrange the {METHODS[method].lower()}: to whom it is paid, and on what account", arrangements_url(phb))
        for method in found.unarranged
    ]
    return steps


def _paying(phb: PersonalHealthBudget, found: Overview) -> list[dict[str, Any]]:
    if found.next_payment is None:
        return []
    due = found.next_payment
    said = f"Next payment: {pounds(due.amount)}, due on {spoken_date(due.due_on)}"
    return [_step(said, payments_url(phb))]


def _watching(phb: PersonalHealthBudget, found: Overview, today: dt.date) -> list[dict[str, Any]]:
    steps = []
    for each in found.returns:
        is_due = each.status == ReturnStatus.DUE
        said = f"Monitoring return due on {spoken_date(each.due_on)}" if is_due else "Reconcile the monitoring return"
        steps.append(_step(said, return_url(each), is_late=is_due and each.due_on < today))
    for recovery in found.recoveries:
        said = f"Recovery of {pounds(recovery.amount)}, to be repaid by {spoken_date(recovery.repay_by)}"
        steps.append(_step(said, recovery_url(recovery), is_late=recovery.repay_by < today))
    if found.review_due_on is not None:
        said = f"Review by {spoken_date(found.review_due_on)}"
        steps.append(_step(said, reviews_url(phb), is_late=found.review_due_on < today))
    return steps


def _step(text: str, url: str, *, is_late: bool = False) -> dict[str, Any]:
    return {"text": text, "url": url, "is_late": is_late}


def money_line(found: Overview) -> str:
    """The money of the financial year in one sentence; empty for those who may not see it."""
    if found.period is None:
        return ""
    money = found.money
    return (
        f"{found.period.year.label}: budget {pounds(money.budget)}, paid {pounds(money.paid)}, forecast "
        f"{pounds(money.forecast)}, variance {pounds(money.variance)}."
    )
