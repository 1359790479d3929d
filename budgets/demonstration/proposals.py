"""The demonstration's budget proposals: the PHBs that are fully run are confirmed, a risk panel has met and meets
again, and some proposals wait. Safe to run again: each part is left alone as soon as it is there.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.models import BudgetProposal, BudgetSettings, PersonalHealthBudget, RiskPanel
from budgets.rules.agreement import MethodAmount
from budgets.rules.panel_states import PanelDecision
from budgets.rules.proposal_states import ProposalKind, ProposalStatus
from budgets.rules.proposals import Terms
from budgets.selectors.proposal_starts import confirmation_terms, last_shares, open_methods
from budgets.services.budget_proposals import approve_proposal, prepare_proposal, return_proposal, submit_proposal
from budgets.services.budget_settings import change_budget_settings
from budgets.services.risk_panels import Present, add_items, decide_item, hold_panel, plan_panel
from phb_register import clock
from phb_register.models import Commissioner, User

from .fully_run import COMMISSIONER, fully_run

TEAM, LEAD_NURSE, PANEL = "team@llr.example.nhs.uk", "leadnurse@llr.example.nhs.uk", "panel@llr.example.nhs.uk"
LIMIT = Decimal(60_000)
NAMESPACE = uuid.UUID("0f3c9a54-6d0e-4d4c-8a2f-52d1c6f0b7aa")
ROUTE = "Write to the personal health budgets team, who ask somebody else to look at it again."
PENCE = Decimal("0.01")


def load(progress: Callable[[int, int], None]) -> None:
    """Make what is not there yet."""
    users = {user.email: user for user in User.objects.filter(email__in=[TEAM, LEAD_NURSE, PANEL])}
    today = clock.today()
    parts: tuple[Callable[[dict[str, User], dt.date], None], ...] = (_limit, _confirmations, _panel, _waiting)
    for done, part in enumerate(parts, start=1):
        part(users, today)
        progress(done, len(parts))


def _limit(users: dict[str, User], today: dt.date) -> None:
    """What the lead nurse approves alone."""
    llr = Commissioner.objects.get(code="LLR")
    if not BudgetSettings.objects.filter(commissioner=llr, delegated_limit__isnull=False).exists():
        change_budget_settings(commissioner=llr, by=None, delegated_limit=LIMIT)


def _all_fully_run(today: dt.date) -> list[PersonalHealthBudget]:
    found = [phb for method in Method for phb in fully_run(method, today)]
    return list({phb.pk: phb for phb in found}.values())


def _confirmations(users: dict[str, User], today: dt.date) -> None:
    """The budgets that are fully run, which were entered when they were agreed, are confirmed."""
    if BudgetProposal.objects.exists():
        return
    made = [_confirmation(phb, users[TEAM], today - dt.timedelta(days=21)) for phb in _all_fully_run(today)]
    above = []
    for proposal in made:
        if proposal is not None and proposal.status == ProposalStatus.SUBMITTED:
            approve_proposal(proposal=proposal, by=users[LEAD_NURSE], on=today - dt.timedelta(days=20))
        elif proposal is not None:
            above.append(proposal)
    if above:
        panel = _meeting(users, today - dt.timedelta(days=19))
        for item in add_items(panel=panel, proposals=above, by=users[PANEL]):
            decide_item(item=item, decision=PanelDecision.APPROVE, reasons="The plan needs it.", by=users[PANEL])


def _confirmation(phb: PersonalHealthBudget, team: User, on: dt.date) -> BudgetProposal | None:
    """One confirmation, submitted; none where the record does not allow it, a direct payment without a plan say."""
    terms = confirmation_terms(
        phb, "Agreed before budgets were approved here; the letter is on file.", is_free_of_orders=True
    )
    return _submitted(phb, ProposalKind.CONFIRMATION, terms, team, on)


def _submitted(
    phb: PersonalHealthBudget, kind: ProposalKind, terms: Terms, team: User, on: dt.date
) -> BudgetProposal | None:
    key = uuid.uuid5(NAMESPACE, f"{phb.reference}-{kind}")
    try:
        proposal = prepare_proposal(referral=phb.referral, kind=kind, terms=terms, by=team, key=key, on=on)
    except BudgetRefused:
        return None
    try:
        return submit_proposal(proposal=proposal, by=team, on=on)
    except BudgetRefused:
        return None


def _meeting(users: dict[str, User], on: dt.date) -> RiskPanel:
    """A meeting that was held on a day."""
    panel = plan_panel(commissioner=Commissioner.objects.get(code="LLR"), meets_on=on, by=users[PANEL], place="Room 2")
    if panel.members.exists():
        return panel
    chair = Present(str(users[PANEL]), "Director of nursing", user=users[PANEL], is_chair=True)
    return hold_panel(panel=panel, present=[chair, Present("Sam Heron", "Finance manager")], by=users[PANEL])


def _others(today: dt.date, *, above: bool, count: int) -> list[PersonalHealthBudget]:
    """The newest PHBs in place that are notional, not fully run and not proposed of, above the limit or within it."""
    taken = {phb.pk for phb in _all_fully_run(today)}
    rows = PersonalHealthBudget.objects.in_place_on(today).with_method_on(Method.NOTIONAL, today)
    rows = rows.filter(commissioner__code=COMMISSIONER).exclude(pk__in=taken)
    rows = rows.exclude(referral__in=BudgetProposal.objects.values("referral"))
    near = rows.filter(annual_amount__gt=LIMIT) if above else rows.filter(annual_amount__lt=LIMIT * 9 / 10)
    found = near.select_related("referral").order_by("-agreed_on", "-pk")
    return [phb for phb in found[: count * 4] if [part.method for part in open_methods(phb)] == [Method.NOTIONAL]][
        :count
    ]


def _change(phb: PersonalHealthBudget, team: User, on: dt.date) -> BudgetProposal | None:
    """A rise of a twentieth from the first day of the month after next."""
    amount = (phb.annual_amount * 21 / 20).quantize(PENCE)
    month = on.replace(day=1) + dt.timedelta(days=64)
    terms = Terms(
        applies_from=month.replace(day=1),
        annual_amount=amount,
        methods=[MethodAmount(Method.NOTIONAL, amount)],
        shares=last_shares(phb),
        reason="More support at night since the last review.",
    )
    return _submitted(phb, ProposalKind.CHANGE, terms, team, on)


def _panel(users: dict[str, User], today: dt.date) -> None:
    """A meeting with three decisions."""
    if BudgetProposal.objects.filter(kind=ProposalKind.CHANGE).exists():
        return
    submitted_on = today - dt.timedelta(days=14)
    found = [_change(phb, users[TEAM], submitted_on) for phb in _others(today, above=True, count=3)]
    proposals = [each for each in found if each is not None]
    panel = _meeting(users, today - dt.timedelta(days=7))
    decisions = (
        (PanelDecision.APPROVE, "The change of needs is well evidenced.", ""),
        (PanelDecision.APPROVE_WITH_CONDITIONS, "Right for now.", "Look again after three months."),
        (PanelDecision.DECLINE, "The plan does not say what the further hours are for.", ""),
    )
    items = add_items(panel=panel, proposals=proposals, by=users[PANEL])
    for item, (decision, reasons, conditions) in zip(items, decisions, strict=False):
        decide_item(
            item=item,
            decision=decision,
            reasons=reasons,
            conditions=conditions,
            reconsideration_route=ROUTE if decision == PanelDecision.DECLINE else "",
            by=users[PANEL],
        )


def _waiting(users: dict[str, User], today: dt.date) -> None:
    """Two for the lead nurse, one sent back, and two for the panel's next meeting."""
    if BudgetProposal.objects.open().exists():
        return
    on = today - dt.timedelta(days=3)
    within = [_change(phb, users[TEAM], on) for phb in _others(today, above=False, count=3)]
    for proposal in [each for each in within if each is not None][2:]:
        return_proposal(proposal=proposal, by=users[LEAD_NURSE], reason="Say what the night support is for.")
    above = [_change(phb, users[TEAM], on) for phb in _others(today, above=True, count=2)]
    llr = Commissioner.objects.get(code="LLR")
    panel = plan_panel(commissioner=llr, meets_on=today + dt.timedelta(days=7), by=users[PANEL], place="Room 2")
    add_items(panel=panel, proposals=[each for each in above if each is not None], by=users[PANEL])
