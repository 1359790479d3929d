"""Looking at a refusal again: asking, deciding by somebody else, giving notice, withdrawing."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from eligibility.enums import AskedBy, DecisionOutcome, ReconsiderationOutcome, RefusalKind
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models.reconsiderations import Reconsideration, ReconsiderationTransition
from eligibility.models.referrals import Decision, Referral
from eligibility.rules import reconsideration_states as steps
from eligibility.rules import referral_states as states
from eligibility.rules.refusals import NOTHING_BESIDE, RefusedBeside
from eligibility.selectors.reconsiderations import refusals_of
from eligibility.selectors.referrals import current_decision
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import Representative, User
from phb_register.selectors.settings import settings_of

from .decisions import Ruling, check_beside, check_cohort, check_refusal, record_decision

NO_LONGER = "This was done already, perhaps by somebody else. Check what was recorded before you do anything else"


@transaction.atomic
def request_reconsideration(
    *,
    decision: Decision,
    refusal: str,
    asked_by: str,
    statement: str,
    by: User,
    on: dt.date | None = None,
    representative: Representative | None = None,
    new_information: str = "",
) -> Reconsideration:
    """Record that somebody asked for a refusal to be looked at again. It is due in the commissioner's days.

    Only the decision that counts can be reconsidered, and only something that it refused; one at a time. Raises
    ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    today = clock.today()
    day = on or today
    referral = Referral.objects.select_for_update().get(pk=decision.referral_id)
    scope.check(by, steps.REQUEST.permission, referral.commissioner)
    if current_decision(referral) != decision:
        raise TransitionNotAllowed("A further decision was made since. Ask for that one to be looked at again")
    if refusal not in refusals_of(decision):
        raise Refused("Select what was refused", field="refusal")
    _check_asked_by(referral, asked_by, representative, day)
    if not statement.strip():
        raise Refused("Enter why they think the decision is wrong", field="statement")
    _check_day(day, decision.decided_on, "when it was decided", today)
    days = settings_of(referral.commissioner, day).reconsideration_days
    try:
        with transaction.atomic():
            asked = Reconsideration.objects.create(
                decision=decision,
                refusal=refusal,
                requested_on=day,
                asked_by=asked_by,
                representative=representative,
                statement=statement.strip(),
                new_information=new_information.strip(),
                due_on=day + dt.timedelta(days=days),
                recorded_by=by,
            )
    except IntegrityError as error:
        if "reconsideration_one_open" not in str(error):
            raise
        raise TransitionNotAllowed("This decision is being looked at again already") from error
    _record(asked, steps.REQUEST, by=by, on=day, note=asked.statement, referral=referral)
    return asked


@transaction.atomic
def decide_reconsideration(
    *,
    reconsideration: Reconsideration,
    outcome: str,
    reasons: str,
    by: User,
    on: dt.date | None = None,
    ruling: Ruling | None = None,
) -> Reconsideration:
    """Uphold a refusal, or change it in whole or part by a further decision; never by whoever made the first.

    ``ruling`` says what else a change needs: the cohort where a referral is accepted after all, and what is still
    refused where it is changed in part. Everything the decision refused besides stays refused. Raises
    ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    held, day = _locked(reconsideration, steps.DECIDE, by=by, on=on)
    if held.decision.decided_by_id == by.pk:
        raise TransitionNotAllowed("You made this decision, so somebody else must look at it again")
    if outcome not in steps.OUTCOMES[held.refusal]:
        raise Refused("Select the outcome", field="outcome")
    if not reasons.strip():
        raise Refused("Enter the reasons, as the person will read them", field="reasons")
    _check_day(day, held.requested_on, "when it was asked for", clock.today())
    referral = Referral.objects.select_for_update().get(pk=held.decision.referral_id)
    held.status, held.outcome, held.reasons = steps.DECIDE.to_status, outcome, reasons.strip()
    held.decided_on, held.decided_by = day, by
    held.save(update_fields=["status", "outcome", "reasons", "decided_on", "decided_by"])
    if outcome != ReconsiderationOutcome.UPHELD:
        _change(held, referral, ruling or Ruling(), by=by, on=day)
    _record(held, steps.DECIDE, by=by, on=day, note=held.reasons, referral=referral, detail={"outcome": outcome})
    return held


@transaction.atomic
def give_notice(*, reconsideration: Reconsideration, by: User, on: dt.date | None = None) -> Reconsideration:
    """Record the day the person was told the outcome and the reasons in writing. Raises as the others do."""
    held, day = _locked(reconsideration, steps.GIVE_NOTICE, by=by, on=on)
    assert held.decided_on is not None  # noqa: S101  reconsideration_settled_whole
    _check_day(day, held.decided_on, "when it was decided", clock.today())
    held.status, held.notice_given_on = steps.GIVE_NOTICE.to_status, day
    held.save(update_fields=["status", "notice_given_on"])
    _record(held, steps.GIVE_NOTICE, by=by, on=day, referral=held.decision.referral)
    return held


@transaction.atomic
def withdraw_reconsideration(
    *, reconsideration: Reconsideration, reason: str, by: User, on: dt.date | None = None
) -> Reconsideration:
    """Record that whoever asked no longer wants the decision looked at again. Raises as the others do."""
    held, day = _locked(reconsideration, steps.WITHDRAW, by=by, on=on)
    if not reason.strip():
        raise Refused("Enter why it is withdrawn", field="reason")
    _check_day(day, held.requested_on, "when it was asked for", clock.today())
    held.status = steps.WITHDRAW.to_status
    held.save(update_fields=["status"])
    _record(held, steps.WITHDRAW, by=by, on=day, note=reason, referral=held.decision.referral)
    return held


def _locked(
    reconsideration: Reconsideration, step: steps.ReconsiderationStep, *, by: User, on: dt.date | None
) -> tuple[Reconsideration, dt.date]:
    """The reconsideration as it now stands, held to the end of the transaction, if this may be done to it."""
    rows = Reconsideration.objects.select_related("decision__referral__commissioner", "decision__cohort")
    held = rows.select_for_update(of=("self",)).get(pk=reconsideration.pk)
    scope.check(by, step.permission, held.decision.referral.commissioner)
    if step not in steps.steps_from(held.status):
        raise TransitionNotAllowed(NO_LONGER)
    return held, on or clock.today()


def _check_day(day: dt.date, earliest: dt.date, what: str, today: dt.date) -> None:
    if day < earliest:
        raise Refused(f"Date must be on or after {earliest:%-d %B %Y}, {what}", field="on")
    if day > today:
        raise Refused("Date must be today or in the past", field="on")


def _check_asked_by(referral: Referral, asked_by: str, representative: Representative | None, day: dt.date) -> None:
    if asked_by not in AskedBy.values:
        raise Refused("Select who asked", field="asked_by")
    if asked_by == AskedBy.PERSON:
        if representative is not None:
            raise Refused("Select the representative only where they asked", field="representative")
        return
    acting = Representative.objects.acting_on(day).filter(person_id=referral.person_id)
    if representative is None or not acting.filter(pk=representative.pk).exists():
        raise Refused("Select who acted for the person on that day", field="representative")


def _change(held: Reconsideration, referral: Referral, ruling: Ruling, *, by: User, on: dt.date) -> None:
    """The further decision: what was refused is refused no longer, or less of it is."""
    is_partly = held.outcome == ReconsiderationOutcome.CHANGED_IN_PART
    first, refusal = held.decision, held.refusal
    if current_decision(referral) != first:
        raise TransitionNotAllowed(NO_LONGER)
    beside = _still_beside(first, refusal, ruling.beside if is_partly else NOTHING_BESIDE)
    cohort = ruling.cohort if refusal == RefusalKind.WHOLE else first.cohort
    if cohort is None:
        raise Refused("Select the cohort", field="cohort")
    check_cohort(referral, cohort, held.reasons)
    is_budget = refusal in (RefusalKind.WHOLE, RefusalKind.PART)
    if is_budget and is_partly:
        if not ruling.refused_part.strip():
            raise Refused("Enter what is still refused", field="refused_part")
        check_refusal(referral, ruling.reason_code, held.reasons, ruling.reconsideration_route)
        part, code = ruling.refused_part.strip(), ruling.reason_code
    elif not is_budget and first.outcome == DecisionOutcome.ACCEPTED_IN_PART:
        part, code = first.refused_part, first.reason_code
    else:
        part, code = "", ""
    is_refusal = bool(part) or beside.is_any
    route = (ruling.reconsideration_route.strip() or first.reconsideration_route) if is_refusal else ""
    check_beside(beside, route)
    further = Ruling(cohort, code, held.reasons if is_budget else first.reasons, part, beside, route)
    outcome = DecisionOutcome.ACCEPTED_IN_PART if part else DecisionOutcome.ACCEPTED
    transition = _transition(referral, outcome)
    record_decision(referral, transition, further, by=by, on=on, outcome=outcome, reconsideration=held)


def _still_beside(first: Decision, refusal: str, still: RefusedBeside) -> RefusedBeside:
    """What stays refused beside the budget: all that was, but for what was reconsidered."""
    is_service, is_payment = refusal == RefusalKind.SERVICE, refusal == RefusalKind.DIRECT_PAYMENT
    if is_service and still is not NOTHING_BESIDE and not still.refused_services.strip():
        raise Refused("Enter the services that are still left out", field="refused_services")
    services: Any = still if is_service else first
    return RefusedBeside(
        direct_payment_reason="" if is_payment else first.direct_payment_reason,
        direct_payment_explanation="" if is_payment else first.direct_payment_explanation,
        refused_services=services.refused_services,
        service_reason=services.service_reason,
        service_explanation=services.service_explanation,
    )


def _transition(referral: Referral, outcome: DecisionOutcome) -> states.Transition:
    """The step of the referral that a further decision is; of those that keep it accepted there is one."""
    found = states.transitions_from(referral.status, is_by_reconsideration=True)
    exact = [step for step in found if step.outcome == outcome]
    if not found:
        raise TransitionNotAllowed(NO_LONGER)
    return (exact or found)[0]


def _record(
    reconsideration: Reconsideration,
    step: steps.ReconsiderationStep,
    *,
    by: User,
    on: dt.date,
    referral: Referral,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """The append-only row and the access log entry of one step."""
    ReconsiderationTransition.objects.create(
        reconsideration=reconsideration,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    audit.record(
        actor=by,
        action=f"reconsideration-{step.action.replace('_', '-')}",
        subject=reconsideration,
        commissioner=referral.commissioner,
        detail={"on": on.isoformat(), "refusal": reconsideration.refusal, **(detail or {})},
    )
