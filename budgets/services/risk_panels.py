"""Meetings of the risk panel: planned, given an agenda, held, and what is decided on each item."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from budgets.models import BudgetProposal, PanelItem, PanelMember, RiskPanel
from budgets.rules import panel_states, proposal_states
from budgets.rules.agreement import day
from budgets.rules.panel_states import APPROVALS, FEWEST_MEMBERS, PanelDecision, PanelStatus, PanelStep
from budgets.rules.proposal_states import ProposalStatus
from budgets.selectors.budget_proposals import authors_of
from phb_register import audit, clock, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .budget_proposals import approve, decline
from .proposal_support import OWN, locked_proposal, needed, refused


@dataclass(frozen=True)
class Present:
    """Somebody who was at a meeting; `user` where they have an account."""

    name: str
    role: str
    user: User | None = None
    is_chair: bool = False


@transaction.atomic
def plan_panel(
    *, commissioner: Commissioner, meets_on: dt.date, by: User, place: str = "", note: str = ""
) -> RiskPanel:
    """Plan a meeting; the one there is on that day, where it was planned already. Raises `PermissionDenied`."""
    scope.check(by, Permission.DECIDE_AT_PANEL, commissioner)
    try:
        with transaction.atomic():
            panel = RiskPanel.objects.create(
                commissioner=commissioner, meets_on=meets_on, place=place.strip(), note=note.strip(), planned_by=by
            )
    except IntegrityError as error:
        if "panel_once_a_day" not in str(error):
            raise
        return RiskPanel.objects.exclude(status=PanelStatus.CANCELLED).get(commissioner=commissioner, meets_on=meets_on)
    _record(panel, "risk-panel-plan", by=by)
    return panel


@transaction.atomic
def add_items(*, panel: RiskPanel, proposals: Sequence[BudgetProposal], by: User) -> list[PanelItem]:
    """Put proposals on the agenda, in this order, at its end. One already on an agenda stays where it is.

    Raises `PermissionDenied`, or `BudgetRefused` where one is not for this panel.
    """
    held = _locked(panel, by)
    if held.status == PanelStatus.CANCELLED:
        raise refused("This meeting was cancelled. Plan another one")
    bodies = set(Commissioner.objects.counted_with(held.commissioner, held.meets_on).values_list("pk", flat=True))
    last = PanelItem.objects.filter(panel=held).aggregate(last=Max("position"))["last"] or 0
    made = []
    rows = BudgetProposal.objects.select_for_update(of=("self",)).select_related("referral")
    for chosen in proposals:
        proposal = rows.get(pk=chosen.pk)
        if proposal.referral.commissioner_id not in bodies:
            raise refused(f"Proposal {proposal.number} is not of a body that this panel decides for", "proposals")
        if proposal.status != ProposalStatus.REFERRED or proposal.panel_items.filter(decision="").exists():
            raise refused("A proposal that was selected no longer waits for a meeting. Select again", "proposals")
        assert proposal.submitted_on is not None  # noqa: S101  proposal_submitted_whole
        if proposal.submitted_on > held.meets_on:
            raise refused(
                f"A proposal submitted on {day(proposal.submitted_on)} is for a meeting on that day or later",
                "proposals",
            )
        if PanelItem.objects.filter(panel=held, proposal=proposal).exists():
            raise refused("This meeting deferred the proposal. Put it on a later agenda", "proposals")
        last += 1
        made.append(PanelItem.objects.create(panel=held, proposal=proposal, position=last))
    _record(held, "risk-panel-agenda", by=by, items=len(made))
    return made


@transaction.atomic
def remove_item(*, item: PanelItem, by: User) -> None:
    """Take a proposal that was not decided off the agenda; those after it move up."""
    held = _locked(item.panel, by)
    found = PanelItem.objects.select_for_update().filter(pk=item.pk, decision="").first()
    if found is None:
        raise refused("This was decided or taken off the agenda already")
    found.delete()
    for position, each in enumerate(PanelItem.objects.filter(panel=held).order_by("position"), start=1):
        if each.position != position and not each.decision:
            each.position = position
            each.save(update_fields=["position"])
    _record(held, "risk-panel-agenda", by=by, items=-1)


@transaction.atomic
def hold_panel(*, panel: RiskPanel, present: Sequence[Present], by: User) -> RiskPanel:
    """Record who was present at a meeting, one of them in the chair. From then on its items are decided."""
    held = _locked(panel, by)
    _check_step(held, panel_states.HOLD)
    if held.meets_on > clock.today():
        raise refused(f"The meeting is on {day(held.meets_on)}. Record who was present on that day or later")
    if len(present) < FEWEST_MEMBERS:
        raise refused(f"Select or enter at least {FEWEST_MEMBERS} people: one alone is no panel", "members")
    if sum(each.is_chair for each in present) != 1:
        raise refused("Select who took the chair, among those present", "chair")
    for each in present:
        PanelMember.objects.create(
            panel=held, user=each.user, name=each.name.strip(), role=each.role.strip(), is_chair=each.is_chair
        )
    held.status = panel_states.HOLD.to_status
    held.save(update_fields=["status"])
    _record(held, "risk-panel-hold", by=by, present=len(present))
    return held


@transaction.atomic
def cancel_panel(*, panel: RiskPanel, by: User) -> RiskPanel:
    """Cancel a meeting; its items wait for another one."""
    held = _locked(panel, by)
    _check_step(held, panel_states.CANCEL)
    PanelItem.objects.filter(panel=held, decision="").delete()
    held.status = panel_states.CANCEL.to_status
    held.save(update_fields=["status"])
    _record(held, "risk-panel-cancel", by=by)
    return held


@transaction.atomic
def decide_item(
    *,
    item: PanelItem,
    decision: PanelDecision,
    reasons: str,
    by: User,
    conditions: str = "",
    reconsideration_route: str = "",
) -> PanelItem:
    """Record what the panel decided on an item, on the day it met, and do it in the same transaction.

    Nobody on a panel decides what they prepared: members who did are recorded as having taken no part, at least two
    others decide, and none of those who prepared it is in the chair or records the decision. Raises
    `PermissionDenied` or `BudgetRefused`.
    """
    # The proposal first, as every other step on it does, so that two of them wait for each other and not in a ring.
    step = proposal_states.DECLINE_AT_PANEL if decision == PanelDecision.DECLINE else proposal_states.APPROVE_AT_PANEL
    proposal, _ = locked_proposal(item.proposal, step, by=by, on=None)
    panel = _locked(item.panel, by)
    held = PanelItem.objects.select_for_update().filter(pk=item.pk, decision="").first()
    if held is None:
        raise refused("This was decided or taken off the agenda already, perhaps by somebody else")
    if panel.status != PanelStatus.HELD:
        raise refused("Record who was present first. A risk panel decides at its meeting")
    needed(reasons, "Enter the reasons", "reasons")
    if decision == PanelDecision.APPROVE_WITH_CONDITIONS:
        needed(conditions, "Enter the conditions", "conditions")
    authors = authors_of(proposal)
    members = list(PanelMember.objects.filter(panel=panel))
    aside = [each for each in members if each.user_id in authors]
    if by.pk in authors or any(each.is_chair for each in aside):
        raise refused(OWN)
    if len(members) - len(aside) < FEWEST_MEMBERS:
        raise refused(
            "Too few of those present may decide on this: the others prepared it. Defer it to another meeting"
        )
    held.decision, held.reasons, held.decided_by, held.decided_at = decision, reasons.strip(), by, timezone.now()
    held.conditions = conditions.strip() if decision == PanelDecision.APPROVE_WITH_CONDITIONS else ""
    held.took_no_part = ", ".join(each.name for each in aside)
    held.save()
    _record(panel, "risk-panel-decide", by=by, item=held.position, decision=decision.value)
    if decision in APPROVALS:
        approve(proposal, step, by=by, on=panel.meets_on, reasons=reasons, conditions=held.conditions)
    elif decision == PanelDecision.DECLINE:
        decline(proposal, step, by=by, on=panel.meets_on, reasons=reasons, route=reconsideration_route)
    return held


def _locked(panel: RiskPanel, by: User) -> RiskPanel:
    """The meeting, held, if the user decides at panels of its commissioner. Raises `PermissionDenied`."""
    held = RiskPanel.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=panel.pk)
    scope.check(by, Permission.DECIDE_AT_PANEL, held.commissioner)
    return held


def _check_step(panel: RiskPanel, step: PanelStep) -> None:
    if step not in panel_states.steps_from(panel.status):
        raise refused(f"This meeting is: {panel.get_status_display().lower()}. That cannot be done any more")


def _record(panel: RiskPanel, action: str, *, by: User, **detail: int | str) -> None:
    on = {"meets_on": panel.meets_on.isoformat()}
    audit.record(actor=by, action=action, subject=panel, commissioner=panel.commissioner, detail={**on, **detail})
