"""Reads of what was agreed about the money of a PHB."""

import datetime as dt

from budgets.models import AgreedBudget, BudgetProposal, PersonalHealthBudget


def agreed_on(phb: PersonalHealthBudget, day: dt.date) -> AgreedBudget | None:
    """What holds at the end of `day`: the highest number that applies by then; None before the PHB was agreed."""
    return AgreedBudget.objects.filter(phb=phb, applies_from__lte=day).order_by("-number").first()


def latest_agreed(phb: PersonalHealthBudget) -> AgreedBudget | None:
    """The one agreed last, whether it applies yet or not."""
    return AgreedBudget.objects.filter(phb=phb).order_by("-number").first()


def agreed_budgets_of(phb: PersonalHealthBudget) -> list[AgreedBudget]:
    """Every one of a PHB with its shares, the last first."""
    rows = AgreedBudget.objects.filter(phb=phb).select_related("recorded_by").prefetch_related("shares")
    return list(rows.order_by("-number"))


def agreed_before(proposal: BudgetProposal) -> AgreedBudget | None:
    """What a proposal changes, corrects or confirms: the last one agreed without it; None for a first budget."""
    rows = AgreedBudget.objects.filter(phb__referral=proposal.referral_id).order_by("-number")
    own = rows.filter(proposal=proposal).first()
    return (rows.filter(number__lt=own.number) if own else rows).first()
