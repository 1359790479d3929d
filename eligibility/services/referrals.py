"""Making, deciding and withdrawing referrals. All take the date it happened on, so that the past can be entered."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from eligibility import policies
from eligibility.enums import REASONS_AGAINST_A_RIGHT, DecisionOutcome, ReasonCode
from eligibility.models.referrals import Decision, Referral, ReferralTransition, Screening
from eligibility.rules import referral_states as states
from eligibility.selectors.referrals import cohorts_found, has_right_to_have, latest_screening
from eligibility.selectors.rule_sets import RuleBook
from offers.models import Cohort
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.selectors.settings import settings_of

from .screening import screen_person


@transaction.atomic
def submit_referral(
    *,
    person: Person,
    commissioner: Commissioner,
    received_on: dt.date,
    facts: Mapping[str, Any],
    by: User,
    key: uuid.UUID,
    asks_for: str | None = None,
    note: str = "",
    book: RuleBook | None = None,
) -> Referral:
    """Screen a person, and record the referral with its answer. The same ``key`` again gives the same referral.

    Whatever the answer, the referral is taken: anybody may ask, and the PHB team decides. ``book`` spares reading
    the rules where many are entered for one commissioner and day.

    Raises ``PermissionDenied`` outside the user's commissioners, and ``Refused`` for a date that cannot be.
    """
    existing = _submitted_with(key, by)
    if existing is not None:
        return existing
    scope.check(by, Permission.MAKE_REFERRALS, commissioner)
    if person.commissioner_id != commissioner.pk:
        scope.check(by, Permission.MAKE_REFERRALS, person.commissioner)
    policies.check_receipt(person, commissioner, received_on, clock.today())
    screened = screen_person(
        commissioner=commissioner,
        born_on=person.born_on,
        facts={**facts, "asks_for": asks_for},
        on=received_on,
        book=book,
    )
    days = settings_of(commissioner, received_on).decision_days
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                submission_key=key,
                person=person,
                commissioner=commissioner,
                asks_for=asks_for or "",
                note=note,
                received_on=received_on,
                decision_due_on=received_on + dt.timedelta(days=days),
                referred_by=by,
            )
    except IntegrityError:
        # Somebody pressed twice, and the other request got there first while this one waited on the unique key.
        existing = _submitted_with(key, by)
        if existing is None:
            raise
        return existing
    Screening.objects.create(
        referral=referral,
        assessed_on=received_on,
        facts=screened.facts,
        answer=screened.answer,
        outcome=screened.outcome,
        rule_versions=screened.rule_versions,
        screened_by=by,
    )
    _record(referral, states.SUBMIT, by=by, on=received_on, note=note, detail={"outcome": screened.outcome})
    return referral


@transaction.atomic
def accept_referral(
    *, referral: Referral, cohort: Cohort, by: User, on: dt.date | None = None, note: str = ""
) -> Referral:
    """Accept a referral into a cohort. A cohort that screening did not find needs a note that says why.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.ACCEPT, by=by, on=on)
    _check_cohort(referral, cohort, note)
    return _decide(referral, states.ACCEPT, by=by, on=day, cohort=cohort, reasons=note)


@transaction.atomic
def accept_referral_in_part(
    *,
    referral: Referral,
    cohort: Cohort,
    refused_part: str,
    reason_code: str,
    reasons: str,
    reconsideration_route: str,
    by: User,
    on: dt.date | None = None,
) -> Referral:
    """Accept a referral for part of the care and refuse the rest, as regulation 32B lets a body do.

    Raises as ``accept_referral`` and ``decline_referral`` do.
    """
    referral, day = _locked(referral, states.ACCEPT_IN_PART, by=by, on=on)
    _check_cohort(referral, cohort, reasons)
    if not refused_part.strip():
        raise Refused("Enter what is refused", field="refused_part")
    _check_refusal(referral, reason_code, reasons, reconsideration_route)
    return _decide(
        referral,
        states.ACCEPT_IN_PART,
        by=by,
        on=day,
        cohort=cohort,
        reason_code=reason_code,
        reasons=reasons,
        refused_part=refused_part,
        reconsideration_route=reconsideration_route,
    )


@transaction.atomic
def decline_referral(
    *,
    referral: Referral,
    reason_code: str,
    reasons: str,
    by: User,
    on: dt.date | None = None,
    reconsideration_route: str = "",
) -> Referral:
    """Decline a referral, with a coded and a written reason.

    Where the person has a right to have a budget, it can be refused only as not appropriate (regulation 32B(4) of
    SI 2012/2996), because the right is not theirs on the facts, or because it lies against another body; and the
    person is told how to have the decision looked at again.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.DECLINE, by=by, on=on)
    _check_refusal(referral, reason_code, reasons, reconsideration_route)
    return _decide(
        referral,
        states.DECLINE,
        by=by,
        on=day,
        reason_code=reason_code,
        reasons=reasons,
        reconsideration_route=reconsideration_route,
    )


@transaction.atomic
def withdraw_referral(*, referral: Referral, reason: str, by: User, on: dt.date | None = None) -> Referral:
    """Withdraw a referral that waits for a decision, because the person or the referrer asked.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.WITHDRAW, by=by, on=on)
    if not reason.strip():
        raise Refused("Enter why the referral is withdrawn", field="reason")
    _move(referral, states.WITHDRAW)
    _record(referral, states.WITHDRAW, by=by, on=day, note=reason)
    return referral


def _submitted_with(key: uuid.UUID, by: User) -> Referral | None:
    referral = Referral.objects.select_related("person", "commissioner").filter(submission_key=key).first()
    if referral is not None and referral.referred_by_id != by.pk:
        raise PermissionDenied("This referral was submitted by somebody else")
    return referral


def _locked(
    referral: Referral, transition: states.Transition, *, by: User, on: dt.date | None
) -> tuple[Referral, dt.date]:
    """The referral as it now stands, held until the end of the transaction, if this may be done to it."""
    today = clock.today()
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    policies.check_may_make(by, transition, held.commissioner)
    policies.check_may_follow(held, transition)
    policies.check_moment(held, on or today, today)
    return held, on or today


def _check_cohort(referral: Referral, cohort: Cohort, note: str) -> None:
    if cohort.code not in cohorts_found(latest_screening(referral)) and not note.strip():
        raise Refused("Enter why you accept the referral into a group that screening did not find", field="note")


def _check_refusal(referral: Referral, reason_code: str, reasons: str, reconsideration_route: str) -> None:
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
            raise Refused(
                "Enter how the person can ask for the decision to be looked at again",
                field="reconsideration_route",
            )


def _decide(
    referral: Referral,
    transition: states.Transition,
    *,
    by: User,
    on: dt.date,
    cohort: Cohort | None = None,
    reason_code: str = "",
    reasons: str = "",
    refused_part: str = "",
    reconsideration_route: str = "",
) -> Referral:
    Decision.objects.create(
        referral=referral,
        outcome=transition.outcome or DecisionOutcome.DECLINED,
        cohort=cohort,
        is_right_to_have=has_right_to_have(latest_screening(referral)),
        reason_code=reason_code,
        reasons=reasons,
        refused_part=refused_part,
        reconsideration_route=reconsideration_route,
        decided_on=on,
        decided_by=by,
    )
    _move(referral, transition, cohort=cohort)
    detail = {"cohort": cohort.code if cohort else None, "reason_code": reason_code or None}
    _record(referral, transition, by=by, on=on, note=reasons, detail=detail)
    return referral


def _move(referral: Referral, transition: states.Transition, *, cohort: Cohort | None = None) -> None:
    referral.status = transition.to_status
    referral.cohort = cohort
    referral.save(update_fields=["status", "cohort"])


def _record(
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
