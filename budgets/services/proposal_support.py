"""What every step of a budget proposal does: lock, check who may, move on, record."""

import datetime as dt
from typing import Any

from django.utils import timezone

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetProposal, BudgetProposalTransition, BudgetSettings
from budgets.rules import agreement
from budgets.rules import proposal_states as states
from budgets.rules.proposal_states import ProposalStatus, ProposalStep
from budgets.selectors import budget_proposals as selectors
from eligibility.models import Referral
from phb_register import audit, clock, scope
from phb_register.models import User
from phb_register.selectors.commissioners import accountable_on

NO_LONGER = "This was done already, perhaps by somebody else. Look at the proposal before you do anything else"
OWN = "You prepared, changed or submitted this proposal, so somebody else must decide on it"


def settings_for(referral: Referral, on: dt.date) -> BudgetSettings:
    """The limits and margins that hold for the people of a referral on a day."""
    return BudgetSettings.objects.of(accountable_on(referral.commissioner, on), on)


def refused(message: str, field: str = "") -> BudgetRefused:
    """A refusal for one reason."""
    return BudgetRefused([Problem(field, message)])


def needed(text: str, message: str, field: str) -> None:
    """Raise `BudgetRefused` where nothing was written."""
    if not text.strip():
        raise refused(message, field)


def held_referral(referral: Referral) -> Referral:
    """The referral, held: everything that is agreed from it goes through it, one after another."""
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("commissioner", "cohort", "person__commissioner").get(pk=referral.pk)


def locked_proposal(
    proposal: BudgetProposal, step: ProposalStep, *, by: User, on: dt.date | None
) -> tuple[BudgetProposal, dt.date]:
    """The proposal as it now stands, held with its referral, if the user may take this step now."""
    referral = held_referral(proposal.referral)
    held = BudgetProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    held.referral = referral
    scope.check(by, step.permission, referral.commissioner)
    day = on or clock.today()
    if held.status not in step.from_statuses:
        raise refused(f"{NO_LONGER}. It is now: {held.get_status_display().lower()}")
    if not step.is_authorship and step is not states.WITHDRAW and by.pk in selectors.authors_of(held):
        raise refused(OWN)
    earliest = held.submitted_on or held.prepared_on
    if not earliest <= day <= clock.today():
        raise refused(f"Enter a date from {agreement.day(earliest)} to today", "on")
    return held, day


def move(
    held: BudgetProposal, step: ProposalStep, *fields: str, by: User, on: dt.date, note: str = ""
) -> BudgetProposal:
    """Take a step: the row first, because what is recorded of it says what it became."""
    before = held.status
    held.status, held.changed_at = step.to_status, timezone.now()
    if step.is_authorship:
        record_step(held, step, by=by, on=on, before=before, note=note)
        held.save(update_fields=["status", "changed_at", *fields])
    else:
        held.save(update_fields=["status", "changed_at", *fields])
        record_step(held, step, by=by, on=on, before=before, note=note)
    return held


def record_step(
    proposal: BudgetProposal, step: ProposalStep, *, by: User, on: dt.date, before: str, note: str = ""
) -> None:
    """The append-only row and the access log entry of one step, with what was proposed where it is handed on."""
    is_handed_on = step.to_status in (ProposalStatus.SUBMITTED, ProposalStatus.REFERRED)
    BudgetProposalTransition.objects.create(
        proposal=proposal,
        action=step.action,
        from_status=before,
        to_status=step.to_status,
        note=note.strip(),
        occurred_on=on,
        made_by=by,
        proposed=_snapshot(proposal) if is_handed_on and step.is_authorship else {},
    )
    audit.record(
        actor=by,
        action=f"budget-proposal-{step.action.replace('_', '-')}",
        subject=proposal,
        commissioner=proposal.referral.commissioner,
        detail={"number": proposal.number, "on": on.isoformat()},
    )


def _snapshot(proposal: BudgetProposal) -> dict[str, Any]:
    """What is proposed, in plain words and numbers, as it stays readable whatever becomes of the draft."""
    return {
        "annual_amount": str(proposal.annual_amount),
        "one_off_amount": str(proposal.one_off_amount),
        "applies_from": proposal.applies_from.isoformat(),
        "methods": {part.method: str(part.annual_amount) for part in selectors.methods_of(proposal)},
        "shares": {share.body_name or share.funder: str(share.percent) for share in selectors.shares_of(proposal)},
    }
