"""Writing a decision on a referral, the first or a further one, with the change of status that it makes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from eligibility.enums import (
    REASONS_AGAINST_A_RIGHT,
    DecisionOutcome,
    DirectPaymentReason,
    ReasonCode,
    ServiceReason,
)
from eligibility.models.reconsiderations import Reconsideration
from eligibility.models.referrals import Decision, Referral, ReferralTransition
from eligibility.rules import referral_states as states
from eligibility.rules.refusals import NOTHING_BESIDE, RefusedBeside
from eligibility.selectors.referrals import cohorts_found, has_right_to_have, latest_screening
from offers.models import Cohort
from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import User

from .clocks import end_pause

ROUTE = "Enter how the person can ask for the decision to be looked at again"


@dataclass(frozen=True)
class Ruling:
    """What is decided: the cohort of an acceptance, and whatever is refused with its reasons."""

    cohort: Cohort | None = None
    reason_code: str = ""
    reasons: str = ""
    refused_part: str = ""
    beside: RefusedBeside = NOTHING_BESIDE
    reconsideration_route: str = ""


def check_cohort(referral: Referral, cohort: Cohort, note: str) -> None:
    """Raise ``Refused`` where a cohort is another offer's own, or screening did not find it and nobody says why."""
    if not Cohort.objects.used_by([referral.commissioner_id]).filter(pk=cohort.pk).exists():
        raise Refused("Select a cohort of this commissioner's local offer", field="cohort")
    if cohort.code not in cohorts_found(latest_screening(referral)) and not note.strip():
        raise Refused("Enter why you accept the referral into a cohort that screening did not find", field="note")


def check_refusal(referral: Referral, reason_code: str, reasons: str, reconsideration_route: str) -> None:
    """Raise ``Refused`` unless the budget, or part of it, is refused with all that the law asks."""
    if reason_code not in ReasonCode.values:
        raise Refused("Select the reason", field="reason_code")
    if not reasons.strip():
        raise Refused("Enter the reasons, as the person will read them", field="reasons")
    if has_right_to_have(latest_screening(referral)):
        if reason_code not in REASONS_AGAINST_A_RIGHT:
            raise Refused(
                "Select a reason that the law allows: this person has a right to have a personal health budget",
                field="reason_code",
            )
        if not reconsideration_route.strip():
            raise Refused(ROUTE, field="reconsideration_route")


def check_beside(beside: RefusedBeside, reconsideration_route: str) -> None:
    """Raise ``Refused`` unless a direct payment or a service is refused with all that the law asks.

    Each refusal has a coded and a written reason and a route to reconsideration (SI 2013/1617, regulations 7 and 8).
    """
    if beside.direct_payment_reason or beside.direct_payment_explanation:
        if beside.direct_payment_reason not in DirectPaymentReason.values:
            raise Refused("Select why a direct payment is refused", field="direct_payment_reason")
        if not beside.direct_payment_explanation.strip():
            raise Refused(
                "Enter the reasons for refusing a direct payment, as the person will read them",
                field="direct_payment_explanation",
            )
    if beside.refused_services or beside.service_reason or beside.service_explanation:
        if not beside.refused_services.strip():
            raise Refused("Enter the services that are left out", field="refused_services")
        if beside.service_reason not in ServiceReason.values:
            raise Refused("Select why the services are left out", field="service_reason")
        if not beside.service_explanation.strip():
            raise Refused(
                "Enter the reasons for leaving the services out, as the person will read them",
                field="service_explanation",
            )
    if beside.is_any and not reconsideration_route.strip():
        raise Refused(ROUTE, field="reconsideration_route")


def record_decision(
    referral: Referral,
    transition: states.Transition,
    ruling: Ruling,
    *,
    by: User,
    on: dt.date,
    outcome: DecisionOutcome | None = None,
    reconsideration: Reconsideration | None = None,
) -> Decision:
    """Write the next decision of a referral that the caller holds locked, and move the referral.

    ``outcome`` is the transition's unless given. A further decision names the ``reconsideration`` it came of.
    """
    latest = Decision.objects.filter(referral=referral).order_by("-number").first()
    decision = Decision.objects.create(
        referral=referral,
        number=latest.number + 1 if latest else 1,
        reconsideration=reconsideration,
        outcome=outcome or transition.outcome or DecisionOutcome.DECLINED,
        cohort=ruling.cohort,
        is_right_to_have=has_right_to_have(latest_screening(referral)),
        reason_code=ruling.reason_code,
        reasons=ruling.reasons,
        refused_part=ruling.refused_part,
        **ruling.beside.columns(),
        reconsideration_route=ruling.reconsideration_route,
        decided_on=on,
        decided_by=by,
    )
    move(referral, transition, by=by, on=on, cohort=ruling.cohort)
    detail = {
        "number": decision.number,
        "cohort": ruling.cohort.code if ruling.cohort else None,
        "reason_code": ruling.reason_code or None,
        "direct_payment_reason": ruling.beside.direct_payment_reason or None,
        "service_reason": ruling.beside.service_reason or None,
    }
    record_transition(referral, transition, by=by, on=on, note=ruling.reasons, detail=detail)
    return decision


def move(
    referral: Referral, transition: states.Transition, *, by: User, on: dt.date, cohort: Cohort | None = None
) -> None:
    """Set the status that a transition leads to, and the cohort of an acceptance. A paused clock goes on first."""
    end_pause(referral, by=by, on=on)
    referral.status = transition.to_status
    referral.cohort = cohort
    referral.save(update_fields=["status", "cohort", "follow_up_on", "decision_due_on"])


def record_transition(
    referral: Referral,
    transition: states.Transition,
    *,
    by: User,
    on: dt.date,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """The append-only row and the access log entry of one change of status."""
    ReferralTransition.objects.create(
        referral=referral,
        action=transition.action,
        from_status=transition.from_status or "",
        to_status=transition.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    audit.record(
        actor=by,
        action=f"referral-{transition.action.replace('_', '-')}",
        subject=referral,
        commissioner=referral.commissioner,
        detail={"on": on.isoformat(), **(detail or {})},
    )
