"""Proposing a budget, and deciding on a proposal: prepared by one, approved by another."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from budgets.exceptions import BudgetRefused
from budgets.models import (
    AgreedBudget,
    BudgetProposal,
    ProposalMethod,
    ProposalShare,
)
from budgets.rules import proposal_states as states
from budgets.rules import proposals
from budgets.rules.proposal_states import ProposalKind, ProposalStep
from budgets.rules.proposals import Terms
from budgets.selectors import budget_proposals as selectors
from budgets.selectors.indicative_budgets import latest_for
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import clock, scope
from phb_register.models import User

from .agreed_budgets import apply_proposal
from .proposal_checks import check_plan, check_proposal, terms_of
from .proposal_support import held_referral, locked_proposal, move, needed, record_step, refused, settings_for


@transaction.atomic
def prepare_proposal(
    *, referral: Referral, kind: ProposalKind, terms: Terms, by: User, key: uuid.UUID, on: dt.date | None = None
) -> BudgetProposal:
    """Start a proposal as a draft. The same `key` again gives the same one; one is open at a time.

    Raises `PermissionDenied` without MANAGE_BUDGETS, and `BudgetRefused` with every problem found.
    """
    day = on or clock.today()
    held = held_referral(referral)
    scope.check(by, states.PREPARE.permission, held.commissioner)
    existing = BudgetProposal.objects.filter(submission_key=key, referral=held).first()
    if existing is not None:
        return existing
    if held.status != ReferralStatus.ACCEPTED:
        raise refused("Accept the referral first. A budget is proposed from an accepted referral")
    open_one = selectors.open_proposal_of(held)
    if open_one is not None:
        raise refused(
            f"Proposal {open_one.number} is open: {open_one.get_status_display().lower()}. Decide or withdraw it first"
        )
    check_proposal(held, kind, terms, by=by, on=day)
    last = BudgetProposal.objects.filter(referral=held).aggregate(last=Max("number"))["last"]
    proposal = BudgetProposal(
        submission_key=key, referral=held, number=(last or 0) + 1, kind=kind, prepared_by=by, prepared_on=day
    )
    _write(proposal, terms)
    record_step(proposal, states.PREPARE, by=by, on=day, before="")
    return proposal


@transaction.atomic
def change_proposal(*, proposal: BudgetProposal, terms: Terms, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Change a draft. Raises `PermissionDenied` or `BudgetRefused`."""
    held, day = locked_proposal(proposal, states.CHANGE, by=by, on=on)
    check_proposal(held.referral, held.kind, terms, by=by, on=day)
    ProposalMethod.objects.filter(proposal=held).delete()
    ProposalShare.objects.filter(proposal=held).delete()
    _write(held, terms)
    record_step(held, states.CHANGE, by=by, on=day, before=held.status)
    return held


def _write(proposal: BudgetProposal, terms: Terms) -> None:
    """Everything that is proposed, on the proposal and its parts."""
    for name in (
        "applies_from", "annual_amount", "one_off_amount", "one_off_method", "previous_annual_amount", "lives_in",
        "is_fast_track", "is_one_off", "is_free_of_orders", "is_block_funded", "notice_given_on",
    ):  # fmt: skip
        setattr(proposal, name, getattr(terms, name))
    proposal.reason, proposal.difference_reason = terms.reason.strip(), terms.difference_reason.strip()
    proposal.changed_at = timezone.now()
    proposal.save()
    ProposalMethod.objects.bulk_create(
        ProposalMethod(proposal=proposal, method=part.method, annual_amount=part.annual_amount)
        for part in terms.methods
    )
    ProposalShare.objects.bulk_create(
        ProposalShare(proposal=proposal, funder=share.funder, body_name=share.body_name.strip(), percent=share.percent)
        for share in terms.shares
    )


@transaction.atomic
def submit_proposal(*, proposal: BudgetProposal, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Send a draft to the lead nurse, or to the risk panel where it is above the delegated limit.

    What it is measured by is fixed with it: the latest indicative budget, and the support plan. A direct payment
    needs a plan, and covers the full cost of what the plan buys with it (regulation 13(1)).
    """
    held, day = locked_proposal(proposal, states.SUBMIT, by=by, on=on)
    terms = terms_of(held)
    check_proposal(held.referral, held.kind, terms, by=by, on=day)
    own = settings_for(held.referral, day)
    held.indicative_budget = latest_for(held.referral)
    held.support_plan = selectors.plan_for_proposal(held, day)
    problems = check_plan(held, terms)
    if problems:
        raise BudgetRefused(problems)
    is_within = proposals.is_within(held.first_year_amount, own.delegated_limit)
    step = states.SUBMIT if is_within else states.SUBMIT_TO_PANEL
    held.delegated_limit, held.submitted_by, held.submitted_on = own.delegated_limit, by, day
    return move(
        held,
        step,
        "indicative_budget",
        "support_plan",
        "delegated_limit",
        "submitted_by",
        "submitted_on",
        by=by,
        on=day,
    )


@transaction.atomic
def revise_proposal(*, proposal: BudgetProposal, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Take up again what was sent back: it is a draft once more."""
    held, day = locked_proposal(proposal, states.REVISE, by=by, on=on)
    return move(held, states.REVISE, by=by, on=day)


@transaction.atomic
def withdraw_proposal(*, proposal: BudgetProposal, reason: str, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Take back a proposal that nobody has decided on."""
    held, day = locked_proposal(proposal, states.WITHDRAW, by=by, on=on)
    needed(reason, "Enter why it is withdrawn", "reason")
    held.panel_items.filter(decision="").delete()
    return move(held, states.WITHDRAW, by=by, on=day, note=reason)


@transaction.atomic
def return_proposal(*, proposal: BudgetProposal, reason: str, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Send a proposal back to the team with what is to be changed."""
    held, day = locked_proposal(proposal, states.RETURN, by=by, on=on)
    needed(reason, "Enter what is to be changed", "reason")
    return move(held, states.RETURN, by=by, on=day, note=reason)


@transaction.atomic
def refer_proposal(*, proposal: BudgetProposal, reason: str, by: User, on: dt.date | None = None) -> BudgetProposal:
    """Send a proposal within the limit to the risk panel, by exception."""
    held, day = locked_proposal(proposal, states.REFER, by=by, on=on)
    needed(reason, "Enter why the risk panel should decide", "reason")
    return move(held, states.REFER, by=by, on=day, note=reason)


@transaction.atomic
def approve_proposal(*, proposal: BudgetProposal, by: User, note: str = "", on: dt.date | None = None) -> AgreedBudget:
    """Approve a proposal within the delegated limit, and do what it says in the same transaction."""
    held, day = locked_proposal(proposal, states.APPROVE, by=by, on=on)
    limit = settings_for(held.referral, day).delegated_limit
    if not proposals.is_within(held.first_year_amount, limit):
        now = "there is none now" if limit is None else f"it is £{limit:,.2f} now"
        raise refused(f"This is above the delegated limit: {now}. Send it to the risk panel")
    return approve(held, states.APPROVE, by=by, on=day, reasons=note)


@transaction.atomic
def decline_proposal(
    *, proposal: BudgetProposal, reasons: str, reconsideration_route: str, by: User, on: dt.date | None = None
) -> BudgetProposal:
    """Decline a proposal, with reasons in writing and how to have it looked at again."""
    held, day = locked_proposal(proposal, states.DECLINE, by=by, on=on)
    return decline(held, states.DECLINE, by=by, on=day, reasons=reasons, route=reconsideration_route)


def approve(
    held: BudgetProposal, step: ProposalStep, *, by: User, on: dt.date, reasons: str = "", conditions: str = ""
) -> AgreedBudget:
    """Record the approval of a proposal that is held, and apply it. Of the lead nurse and of the risk panel."""
    held.decided_by, held.decided_on = by, on
    held.decision_reasons, held.conditions = reasons.strip(), conditions.strip()
    fields = ("decided_by", "decided_on", "decision_reasons", "conditions")
    move(held, step, *fields, by=by, on=on, note=reasons)
    return apply_proposal(held, by=by, on=on)


def decline(
    held: BudgetProposal, step: ProposalStep, *, by: User, on: dt.date, reasons: str, route: str
) -> BudgetProposal:
    """Record that a proposal that is held is declined. Of the lead nurse and of the risk panel."""
    needed(reasons, "Enter the reasons, as the person will read them", "reasons")
    needed(route, "Enter how the person can ask for the decision to be looked at again", "reconsideration_route")
    held.decided_by, held.decided_on = by, on
    held.decision_reasons, held.reconsideration_route = reasons.strip(), route.strip()
    fields = ("decided_by", "decided_on", "decision_reasons", "reconsideration_route")
    return move(held, step, *fields, by=by, on=on, note=reasons)
