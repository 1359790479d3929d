"""What an agreed budget does to a PHB: its parts and shares are replaced from the day it applies.

These write within the transaction of whoever calls them, who holds what they change.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Max

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import AgreedBudget, BudgetProposal, FundingShare, MethodPart, PersonalHealthBudget
from budgets.rules import proposals
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.proposal_states import ProposalKind
from budgets.selectors.budget_proposals import methods_of, shares_of, standing_of
from phb_register import audit
from phb_register.models import Person, User
from phb_register.selectors.commissioners import accountable_on

from .checks import check_direct_payment, check_new_budget


def add_agreed_budget(
    phb: PersonalHealthBudget,
    *,
    by: User,
    applies_from: dt.date,
    annual_amount: Decimal,
    shares: Sequence[Share],
    one_off_amount: Decimal = Decimal(0),
    one_off_method: str = "",
    reason: str = "",
    proposal: BudgetProposal | None = None,
) -> AgreedBudget:
    """The next agreed budget of a PHB with its shares; those of the one before end on the day it applies from."""
    last = AgreedBudget.objects.filter(phb=phb).aggregate(last=Max("number"))["last"]
    agreed = AgreedBudget.objects.create(
        phb=phb,
        number=(last or 0) + 1,
        applies_from=applies_from,
        annual_amount=annual_amount,
        one_off_amount=one_off_amount,
        one_off_method=one_off_method,
        proposal=proposal,
        reason=reason.strip(),
        recorded_by=by,
    )
    FundingShare.objects.filter(phb=phb, ends_on__isnull=True).update(ends_on=applies_from)
    FundingShare.objects.bulk_create(
        FundingShare(
            phb=phb,
            agreed_budget=agreed,
            funder=share.funder,
            body_name=share.body_name.strip(),
            percent=share.percent,
            starts_on=applies_from,
        )
        for share in shares
    )
    return agreed


def replace_parts(phb: PersonalHealthBudget, methods: Sequence[MethodAmount], from_day: dt.date) -> None:
    """Close the open parts on `from_day` and open those of `methods`.

    A part that would begin on that day or later, or that waits for the PHB to start, was never in force: it ends on
    the day it begins.
    """
    still_open = MethodPart.objects.filter(phb=phb, ends_on__isnull=True)
    if phb.started_on is None:
        still_open.update(ends_on=F("starts_on"))
    else:
        still_open.filter(starts_on__gte=from_day).update(ends_on=F("starts_on"))
        still_open.update(ends_on=from_day)
    open_parts(phb, methods, from_day)


def open_parts(phb: PersonalHealthBudget, methods: Sequence[MethodAmount], from_day: dt.date) -> None:
    """Open a part for each method."""
    MethodPart.objects.bulk_create(
        MethodPart(phb=phb, method=part.method, starts_on=from_day, annual_amount=part.annual_amount)
        for part in methods
    )


def make_budget(phb: PersonalHealthBudget, methods: Sequence[MethodAmount]) -> PersonalHealthBudget:
    """Save a new PHB in its referral's cohort, with its first parts; its agreed budget is added by the caller."""
    assert phb.referral.cohort is not None  # noqa: S101  referral_cohort_once_accepted
    phb.cohort = phb.referral.cohort
    phb.save(force_insert=True)
    open_parts(phb, methods, phb.started_on or phb.agreed_on)
    return phb


def apply_proposal(proposal: BudgetProposal, *, by: User, on: dt.date) -> AgreedBudget:
    """Do what an approved proposal says: agree the PHB, or give it its next agreed budget.

    The referral and the proposal are held by the caller. What was right when it was submitted is asked again, because
    the record may have changed since. Raises `BudgetRefused`.
    """
    referral = proposal.referral
    # Held to the end, so that two budgets of one person cannot pass the check for overlap side by side.
    person = Person.objects.select_related("commissioner").select_for_update(of=("self",)).get(pk=referral.person_id)
    methods, shares = methods_of(proposal), shares_of(proposal)
    held = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner")
    phb = held.filter(referral=referral).first()
    first_day = on if phb is None else proposal.applies_from
    problems = check_direct_payment(
        referral, person, methods, max(first_day, on), is_free_of_orders=proposal.is_free_of_orders, by=by
    )
    commissioner = accountable_on(referral.commissioner, on)
    if proposal.kind == ProposalKind.FIRST:
        if phb is not None:
            problems = [Problem("", "A personal health budget was agreed from this referral already")]
        else:
            problems += check_new_budget(referral, person, commissioner, agreed_on=on)
    elif phb is None:
        problems = [Problem("", "No personal health budget was agreed from this referral")]
    else:
        problems += proposals.check_applies_from(proposal.kind, proposal.applies_from, standing_of(phb), on)
    if problems:
        raise BudgetRefused(problems)
    if phb is None:
        phb = make_budget(
            PersonalHealthBudget(
                person=person,
                commissioner=commissioner,
                referral=referral,
                agreed_on=on,
                agreed_by=by,
                annual_amount=proposal.annual_amount,
                previous_annual_amount=proposal.previous_annual_amount,
                is_fast_track=proposal.is_fast_track,
                lives_in=proposal.lives_in,
                is_one_off=proposal.is_one_off,
            ),
            methods,
        )
        audit.record(actor=by, action="budget-agreed", subject=phb, detail={"agreed_on": on.isoformat()})
    elif proposal.kind != ProposalKind.CONFIRMATION:
        replace_parts(phb, methods, first_day)
        phb.annual_amount = proposal.annual_amount
        phb.save(update_fields=["annual_amount"])
        audit.record(actor=by, action="budget-changed", subject=phb, detail={"applies_from": first_day.isoformat()})
    return add_agreed_budget(
        phb,
        by=by,
        applies_from=first_day,
        annual_amount=proposal.annual_amount,
        one_off_amount=proposal.one_off_amount,
        one_off_method=proposal.one_off_method,
        shares=shares,
        reason=proposal.reason,
        proposal=proposal,
    )
