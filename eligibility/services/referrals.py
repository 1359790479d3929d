"""Making, deciding, withdrawing and reopening referrals, each on a given date, so that the past can be entered."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from eligibility import policies
from eligibility.exceptions import TransitionNotAllowed
from eligibility.models.referrals import Referral, ReferralTransition
from eligibility.rules import referral_states as states
from eligibility.rules.clocks import Clock
from eligibility.rules.refusals import NOTHING_BESIDE, RefusedBeside
from eligibility.selectors.rule_sets import RuleBook
from offers.models import Cohort
from phb_register import clock, scope
from phb_register.dates import DayCount, add_days
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.selectors.settings import settings_of
from phb_register.services.people import counted_person

from .clocks import count_time_withdrawn
from .decisions import Ruling, check_beside, check_cohort, check_refusal, move, record_decision, record_transition
from .screening import keep_screening, screen_person


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
    person = counted_person(person)
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
    promised = settings_of(commissioner, received_on)
    to_decide = Clock(received_on, promised.decision_days, DayCount(promised.decision_days_counted))
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                submission_key=key,
                person=person,
                commissioner=commissioner,
                asks_for=asks_for or "",
                note=note,
                received_on=received_on,
                decision_days=to_decide.days,
                decision_days_counted=to_decide.counting,
                decision_due_on=to_decide.first_due_on,
                acknowledge_due_on=add_days(received_on, promised.acknowledge_working_days, DayCount.WORKING),
                referred_by=by,
            )
    except IntegrityError:
        # Somebody pressed twice, and the other request got there first while this one waited on the unique key.
        existing = _submitted_with(key, by)
        if existing is None:
            raise
        return existing
    keep_screening(referral=referral, screened=screened, on=received_on, by=by)
    record_transition(referral, states.SUBMIT, by=by, on=received_on, note=note, detail={"outcome": screened.outcome})
    return referral


@transaction.atomic
def accept_referral(
    *,
    referral: Referral,
    cohort: Cohort,
    by: User,
    on: dt.date | None = None,
    note: str = "",
    beside: RefusedBeside = NOTHING_BESIDE,
    reconsideration_route: str = "",
) -> Referral:
    """Accept a referral into a cohort. A cohort that screening did not find needs a note that says why.

    ``beside`` refuses a direct payment, or services in the plan, while the budget is accepted; the route to
    reconsideration is then needed.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.ACCEPT, by=by, on=on)
    check_cohort(referral, cohort, note)
    check_beside(beside, reconsideration_route)
    ruling = Ruling(cohort=cohort, reasons=note, beside=beside, reconsideration_route=reconsideration_route)
    record_decision(referral, states.ACCEPT, ruling, by=by, on=day)
    return referral


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
    beside: RefusedBeside = NOTHING_BESIDE,
) -> Referral:
    """Accept a referral for part of the care and refuse the rest, as regulation 32B lets a body do.

    Raises as ``accept_referral`` and ``decline_referral`` do.
    """
    referral, day = _locked(referral, states.ACCEPT_IN_PART, by=by, on=on)
    check_cohort(referral, cohort, reasons)
    if not refused_part.strip():
        raise Refused("Enter what is refused", field="refused_part")
    check_refusal(referral, reason_code, reasons, reconsideration_route)
    check_beside(beside, reconsideration_route)
    ruling = Ruling(cohort, reason_code, reasons, refused_part, beside, reconsideration_route)
    record_decision(referral, states.ACCEPT_IN_PART, ruling, by=by, on=day)
    return referral


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
    check_refusal(referral, reason_code, reasons, reconsideration_route)
    ruling = Ruling(reason_code=reason_code, reasons=reasons, reconsideration_route=reconsideration_route)
    record_decision(referral, states.DECLINE, ruling, by=by, on=day)
    return referral


@transaction.atomic
def withdraw_referral(*, referral: Referral, reason: str, by: User, on: dt.date | None = None) -> Referral:
    """Withdraw a referral that waits for a decision, because the person or the referrer asked.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.WITHDRAW, by=by, on=on)
    if not reason.strip():
        raise Refused("Enter why the referral is withdrawn", field="reason")
    move(referral, states.WITHDRAW, by=by, on=day)
    record_transition(referral, states.WITHDRAW, by=by, on=day, note=reason)
    return referral


@transaction.atomic
def reopen_referral(*, referral: Referral, reason: str, by: User, on: dt.date | None = None) -> Referral:
    """Reopen a referral that was withdrawn. Its clock goes on: the time while withdrawn counts as a pause.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    referral, day = _locked(referral, states.REOPEN, by=by, on=on)
    if not reason.strip():
        raise Refused("Enter why the referral is reopened", field="reason")
    if not scope.can(by, Permission.MAKE_REFERRALS, referral.person.commissioner):
        raise TransitionNotAllowed("Another commissioner is responsible for this person now. A referral is made there")
    withdrawals = ReferralTransition.objects.filter(referral=referral, action=states.WITHDRAW.action)
    withdrawn_on = withdrawals.latest("recorded_at", "pk").occurred_on
    if day < withdrawn_on:
        raise Refused(f"Date must be on or after {withdrawn_on:%-d %B %Y}, when it was withdrawn", field="on")
    move(referral, states.REOPEN, by=by, on=day)
    count_time_withdrawn(referral, since=withdrawn_on, by=by, on=day)
    referral.save(update_fields=["decision_due_on"])
    record_transition(referral, states.REOPEN, by=by, on=day, note=reason)
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
