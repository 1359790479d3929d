"""What is checked of a budget proposal when it is prepared, changed and submitted."""

import datetime as dt
from decimal import Decimal
from typing import Any

from budgets.enums import Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetProposal, MethodPart, PersonalHealthBudget
from budgets.rules import agreement, proposals
from budgets.rules.plan_money import check_sufficient
from budgets.rules.proposal_states import ProposalKind
from budgets.rules.proposals import Terms
from budgets.rules.reductions import check_reduction_notice
from budgets.selectors import budget_proposals as selectors
from budgets.selectors.agreed_budgets import latest_agreed
from budgets.selectors.indicative_budgets import latest_for
from budgets.selectors.personal_health_budgets import budget_from
from budgets.selectors.support_plans import lines_of
from eligibility.models import Referral
from eligibility.selectors.referrals import accepted_on
from phb_register.models import User

from .checks import check_direct_payment
from .proposal_support import refused, settings_for

NOTHING = Decimal(0)


def terms_of(proposal: BudgetProposal) -> Terms:
    """What a proposal says, as it was asked for."""
    return Terms(
        applies_from=proposal.applies_from,
        annual_amount=proposal.annual_amount,
        methods=selectors.methods_of(proposal),
        shares=selectors.shares_of(proposal),
        one_off_amount=proposal.one_off_amount,
        one_off_method=proposal.one_off_method,
        previous_annual_amount=proposal.previous_annual_amount,
        lives_in=proposal.lives_in,
        is_fast_track=proposal.is_fast_track,
        is_one_off=proposal.is_one_off,
        is_free_of_orders=proposal.is_free_of_orders,
        is_block_funded=proposal.is_block_funded,
        notice_given_on=proposal.notice_given_on,
        reason=proposal.reason,
        difference_reason=proposal.difference_reason,
    )


def check_proposal(referral: Referral, kind: str, terms: Terms, *, by: User, on: dt.date) -> None:
    """Everything that may be said of a proposal before its plan is known. Raises `BudgetRefused`."""
    phb = budget_from(referral)
    accepted = accepted_on(referral)
    assert accepted is not None  # noqa: S101  an accepted referral was accepted on a day
    problems = proposals.check_terms(kind, terms)
    if kind == ProposalKind.FIRST:
        if phb is not None:
            raise refused("A personal health budget was agreed from this referral already. Propose a change of it")
        problems += proposals.check_first_day(terms.applies_from, accepted_on=accepted, today=on)
    elif phb is None:
        raise refused("No personal health budget was agreed from this referral yet. Propose a first one")
    else:
        problems += proposals.check_applies_from(kind, terms.applies_from, selectors.standing_of(phb), on)
        problems += _check_against(phb, kind, terms, on)
    problems += check_direct_payment(
        referral, referral.person, terms.methods, on, is_free_of_orders=terms.is_free_of_orders, by=by
    )
    problems += proposals.check_block_contract(
        terms.methods,
        is_block_funded=terms.is_block_funded,
        conditions=selectors.conditions_on_direct_payment(referral),
    )
    indicative, own = latest_for(referral), settings_for(referral, on)
    as_proposed = BudgetProposal(annual_amount=terms.annual_amount)
    departure = selectors.departure_of(as_proposed, indicative, own)
    problems += proposals.check_difference(departure, terms.difference_reason)
    if problems:
        raise BudgetRefused(problems)


def _check_against(phb: PersonalHealthBudget, kind: str, terms: Terms, on: dt.date) -> list[Problem]:
    """What a further agreed budget is compared with: a lower direct payment needs notice; a confirmation is the same.

    A correction puts right what was entered wrongly, and so lowers nothing that was ever agreed.
    """
    if kind == ProposalKind.CONFIRMATION:
        last = latest_agreed(phb)
        assert last is not None  # noqa: S101  phb_amount_is_agreed
        is_same = terms.annual_amount == last.annual_amount and terms.one_off_amount == last.one_off_amount
        if is_same and terms.applies_from == last.applies_from and _by_method(terms.methods) == _managed(phb):
            return []
        return [Problem("annual_amount", "Confirm the budget as it was entered, or propose a change or a correction")]
    if kind == ProposalKind.CORRECTION:
        return []
    direct = Method.DIRECT_PAYMENT
    notice_days = settings_for(phb.referral, on).reduction_notice_days
    found = check_reduction_notice(
        before=_managed(phb).get(direct, NOTHING),
        after=_by_method(terms.methods).get(direct, NOTHING),
        takes_effect_on=terms.applies_from,
        notice_given_on=terms.notice_given_on,
        reasons=terms.reason,
        notice_days=notice_days,
    )
    return [each for each in found if each.field != "reasons"]


def _by_method(methods: Any) -> dict[str, Any]:
    return {str(part.method): part.annual_amount for part in methods}


def _managed(phb: PersonalHealthBudget) -> dict[str, Any]:
    return _by_method(MethodPart.objects.filter(phb=phb, ends_on__isnull=True))


def check_plan(held: BudgetProposal, terms: Terms) -> list[Problem]:
    """A direct payment needs a plan, and is enough for it (2013 Regulations, regulations 8 and 13(1))."""
    if Method.DIRECT_PAYMENT not in [part.method for part in terms.methods]:
        return []
    if held.support_plan is None:
        return [
            Problem(
                "",
                "Propose or sign the support plan first. A direct payment is agreed with its plan "
                f"(regulation 8 of the {agreement.REGULATIONS})",
            )
        ]
    is_direct = terms.one_off_method == Method.DIRECT_PAYMENT
    one_off = terms.one_off_amount if is_direct else NOTHING
    return check_sufficient(lines_of(held.support_plan), terms.methods, one_off_amount=one_off)
