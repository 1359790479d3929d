"""Budget proposals and meetings of the risk panel, made through the services as the pages make them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.enums import Method
from budgets.models import BudgetProposal, RiskPanel
from budgets.rules.agreement import MethodAmount
from budgets.rules.proposal_states import ProposalKind
from budgets.rules.proposals import Terms
from budgets.services.budget_proposals import prepare_proposal, submit_proposal
from budgets.services.budget_settings import change_budget_settings
from budgets.services.risk_panels import Present, hold_panel, plan_panel
from eligibility.models import Referral
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import AGREED_ON, NHS_ONLY, make_accepted_referral
from tests.factories.eligibility import make_team
from tests.factories.phb_register import MembershipFactory, UserFactory

LIMIT = Decimal("60000.00")
AMOUNT = Decimal("52000.00")
PREPARED = AGREED_ON - dt.timedelta(days=3)


def make_user(commissioner: Commissioner, role: Role) -> User:
    """A user with one role."""
    user: User = UserFactory()
    MembershipFactory(user=user, role=role, commissioner=commissioner)
    return user


def make_lead_nurse(commissioner: Commissioner) -> User:
    """A lead nurse."""
    return make_user(commissioner, Role.LEAD_NURSE)


def make_panellist(commissioner: Commissioner) -> User:
    """Somebody who decides at the risk panel."""
    return make_user(commissioner, Role.RISK_PANEL)


def with_limit(commissioner: Commissioner, limit: Decimal | None = LIMIT) -> Commissioner:
    """The commissioner, whose lead nurse approves up to a limit."""
    change_budget_settings(commissioner=commissioner, by=None, delegated_limit=limit)
    return commissioner


def terms(amount: Decimal = AMOUNT, **changes: Any) -> Terms:
    """A notional budget, paid by the NHS."""
    given: dict[str, Any] = {
        "applies_from": AGREED_ON,
        "annual_amount": amount,
        "methods": [MethodAmount(Method.NOTIONAL, amount)],
        "shares": NHS_ONLY,
    }
    return Terms(**{**given, **changes})


def make_proposal(
    commissioner: Commissioner,
    *,
    by: User | None = None,
    referral: Referral | None = None,
    kind: ProposalKind = ProposalKind.FIRST,
    is_submitted: bool = True,
    on: dt.date = PREPARED,
    **changes: Any,
) -> BudgetProposal:
    """A proposal, submitted unless said otherwise, of a commissioner whose lead nurse has a limit."""
    team = by or make_team(commissioner)
    if not hasattr(commissioner, "budget_settings"):
        with_limit(commissioner)
    proposal = prepare_proposal(
        referral=referral or make_accepted_referral(commissioner, by=team),
        kind=kind,
        terms=terms(**changes),
        by=team,
        key=uuid.uuid4(),
        on=on,
    )
    return submit_proposal(proposal=proposal, by=team, on=on) if is_submitted else proposal


def make_held_panel(
    commissioner: Commissioner, *, by: User, meets_on: dt.date = AGREED_ON, members: Sequence[Present] = ()
) -> RiskPanel:
    """A meeting that was held, with the user in the chair and somebody without an account beside them."""
    panel = plan_panel(commissioner=commissioner, meets_on=meets_on, by=by)
    chair = Present(str(by), "Director of nursing", user=by, is_chair=True)
    return hold_panel(panel=panel, present=[chair, Present("Sam Heron", "Finance manager"), *members], by=by)
