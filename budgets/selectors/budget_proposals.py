"""Reads of budget proposals. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from budgets.enums import Funder, Method
from budgets.models import (
    AwaitedBudget,
    BudgetProposal,
    BudgetProposalTransition,
    BudgetSettings,
    IndicativeBudget,
    MethodPart,
    PanelItem,
    PersonalHealthBudget,
    SupportPlan,
)
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.departures import Departure, check_departure
from budgets.rules.proposal_states import AUTHORSHIP, ProposalStatus, ProposalStep, steps_from
from budgets.rules.proposals import Standing
from eligibility.enums import DecisionOutcome
from eligibility.models import Decision, Referral
from eligibility.selectors.referrals import latest_screening
from phb_register import scope
from phb_register.models import User
from phb_register.roles import Permission

from .agreed_budgets import latest_agreed
from .support_plans import plan_in_force, plan_in_work

_WITH = ("referral__person__commissioner", "referral__commissioner", "referral__cohort", "prepared_by", "submitted_by")


def proposal_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> BudgetProposal | None:
    """One proposal with what its page says of it; None where the user may not see it."""
    rows = BudgetProposal.objects.visible_to(user, permission).filter(reference=reference)
    return (
        rows.select_related(*_WITH, "decided_by", "indicative_budget", "support_plan")
        .prefetch_related("methods", "shares")
        .first()
    )


def referral_to_propose(user: User, reference: uuid.UUID) -> Referral | None:
    """A referral of a commissioner for which the user manages PHBs."""
    rows = Referral.objects.visible_to(user, Permission.MANAGE_BUDGETS)
    return rows.select_related("person__commissioner", "commissioner", "cohort").filter(reference=reference).first()


def referral_of_proposals(user: User, reference: uuid.UUID) -> Referral | None:
    """A referral whose proposals the user may see."""
    rows = Referral.objects.visible_to(user, Permission.VIEW_BUDGETS)
    return rows.select_related("person__commissioner", "commissioner", "cohort").filter(reference=reference).first()


def proposals_of(referral: Referral) -> list[BudgetProposal]:
    """Every proposal of a referral, the last first."""
    rows = BudgetProposal.objects.filter(referral=referral)
    return list(rows.select_related("prepared_by", "decided_by").order_by("-number"))


def open_proposal_of(referral: Referral) -> BudgetProposal | None:
    """The proposal of a referral that is neither decided nor withdrawn."""
    return BudgetProposal.objects.filter(referral=referral).open().first()


def methods_of(proposal: BudgetProposal) -> list[MethodAmount]:
    """The proposed methods, in pounds a year."""
    return [MethodAmount(Method(part.method), part.annual_amount) for part in proposal.methods.all()]


def shares_of(proposal: BudgetProposal) -> list[Share]:
    """The proposed shares."""
    return [Share(Funder(share.funder), share.percent, share.body_name) for share in proposal.shares.all()]


def standing_of(phb: PersonalHealthBudget) -> Standing:
    """What the PHB is at, which a further agreed budget follows."""
    last = latest_agreed(phb)
    assert last is not None  # noqa: S101  phb_amount_is_agreed
    began = MethodPart.objects.filter(phb=phb).aggregate(last=Max("starts_on"))["last"]
    return Standing(
        agreed_on=phb.agreed_on,
        started_on=phb.started_on,
        ended_on=phb.ended_on,
        last_applies_from=last.applies_from,
        methods_began_on=began,
        is_confirmed=last.proposal_id is not None,
    )


def authors_of(proposal: BudgetProposal) -> set[int]:
    """The ids of everybody who prepared, changed or submitted it: none of them decides on it."""
    rows = BudgetProposalTransition.objects.filter(proposal=proposal, action__in=AUTHORSHIP)
    return set(rows.values_list("made_by_id", flat=True))


def steps_for(user: User, proposal: BudgetProposal) -> list[ProposalStep]:
    """What the user may do to it now: the buttons on its page. Those of a panel are on the panel's agenda."""
    is_author = user.pk in authors_of(proposal)
    return [
        step
        for step in steps_from(proposal.status)
        if not step.is_at_panel
        and scope.can(user, step.permission, proposal.referral.commissioner)
        and not (is_author and step.permission == Permission.APPROVE_BUDGETS)
    ]


def transitions_of(proposal: BudgetProposal) -> QuerySet[BudgetProposalTransition]:
    """What happened to a proposal, the oldest first."""
    return BudgetProposalTransition.objects.filter(proposal=proposal).select_related("made_by")


def plan_for_proposal(proposal: BudgetProposal, on: dt.date) -> SupportPlan | None:
    """The plan it is measured by: the one proposed and not yet signed, or else the one in force on the day `on`, or
    when the proposal applies where that is later.
    """
    waiting = plan_in_work(proposal.referral)
    if waiting is not None and waiting.status == "proposed":
        return waiting
    return plan_in_force(proposal.referral, max(proposal.applies_from, on))


def departure_of(proposal: BudgetProposal, budget: IndicativeBudget | None, own: BudgetSettings) -> Departure | None:
    """How far the proposed amount lies from an indicative budget; None where there is none."""
    if budget is None:
        return None
    return check_departure(proposal.annual_amount, budget.annual_amount, own.difference_margin_percent)


def conditions_on_direct_payment(referral: Referral) -> list[tuple[str, str]]:
    """What the latest answer asks of a direct payment beyond the law, each with its source."""
    screening = latest_screening(referral)
    found: list[dict[str, Any]] = screening.answer["direct_payment"].get("conditions", []) if screening else []
    return [(each["text"], each["source"]) for each in found]


def waiting_for(user: User, status: ProposalStatus, permission: Permission) -> QuerySet[BudgetProposal]:
    """Those in a status in which this user has to act, the longest waiting first."""
    rows = BudgetProposal.objects.visible_to(user, permission).waiting(status)
    return rows.select_related("referral__person", "referral__cohort", "prepared_by")


def filtered(user: User, status: str, kind: str) -> QuerySet[BudgetProposal]:
    """The list of proposals: of one status or all that are open, of one kind or all."""
    rows = BudgetProposal.objects.visible_to(user)
    rows = rows.filter(status=status) if status else rows.open()
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("referral__person", "referral__cohort", "prepared_by").order_by("-changed_at", "-pk")


def items_of(proposal: BudgetProposal) -> list[PanelItem]:
    """The agendas it was on, the first meeting first."""
    return list(PanelItem.objects.filter(proposal=proposal).select_related("panel", "decided_by").order_by("pk"))


def awaiting_a_proposal(user: User, limit: int) -> list[tuple[Referral, dt.date]]:
    """Accepted referrals with neither a PHB nor an open proposal, the longest accepted first, each with the day."""
    ids = scope.commissioner_ids(user, Permission.MANAGE_BUDGETS)
    first_accepted = Decision.objects.filter(referral=OuterRef("referral")).exclude(outcome=DecisionOutcome.DECLINED)
    proposed = BudgetProposal.objects.filter(referral=OuterRef("referral")).open()
    rows = AwaitedBudget.objects.visible_to(user).filter(~Exists(proposed), referral__person__commissioner__in=ids)
    days: Any = rows.annotate(accepted_on=Subquery(first_accepted.order_by("number").values("decided_on")[:1]))
    found = days.select_related("referral__person", "referral__cohort").order_by("accepted_on", "pk")[:limit]
    return [(each.referral, each.accepted_on) for each in found]


def has_budget(referral: Referral) -> bool:
    """Whether a PHB came of the referral."""
    return PersonalHealthBudget.objects.filter(referral=referral).exists()
