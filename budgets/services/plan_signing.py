"""Signing a support plan: first the person's side, then the commissioner's, by two different users."""

import datetime as dt

from django.db import transaction

from budgets.enums import PlanStatus, SignedAs, SignedHow, SigningSide
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PlanSignature, SupportPlan
from budgets.rules import agreement
from budgets.rules import support_plan_states as steps
from budgets.rules.plan_household import check_approved
from budgets.selectors.support_plans import payee_of, signatures_of
from eligibility.rules.outcomes import DirectPayment
from eligibility.selectors.referrals import latest_screening
from phb_register import audit, clock
from phb_register.models import LegalBasis, Person, Representative, User
from phb_register.roles import Permission

from .plan_support import locked_plan, record_step, refused


@transaction.atomic
def sign_for_holder(
    *,
    plan: SupportPlan,
    by: User,
    signed_on: dt.date,
    how: str,
    representative: Representative | None = None,
    witness: str = "",
) -> PlanSignature:
    """Record that the person signed a proposed version, or `representative` (also a nominee) for them.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = _proposed(plan, by, Permission.PLAN_BUDGETS)
    if signatures_of(held).holder is not None:
        raise refused("The person’s side has signed this version already")
    person = held.referral.person
    problems = [
        *_check_day(held.proposed_on, signed_on, "when it was proposed"),
        *_check_how(how, witness),
        *_check_signer(held, person, representative, signed_on),
    ]
    if problems:
        raise BudgetRefused(problems)
    signed_as = SignedAs.PERSON
    if representative is not None:
        is_nominee = representative.legal_basis == LegalBasis.NOMINEE
        signed_as = SignedAs.NOMINEE if is_nominee else SignedAs.REPRESENTATIVE
    return _sign(
        PlanSignature(
            plan=held,
            side=SigningSide.HOLDER,
            signed_as=signed_as,
            name=representative.name if representative else f"{person.given_name} {person.family_name}",
            representative=representative,
            signed_on=signed_on,
            how=how,
            witness=witness.strip() if how == SignedHow.SPOKEN else "",
            recorded_by=by,
        )
    )


@transaction.atomic
def sign_for_commissioner(
    *, plan: SupportPlan, by: User, signed_on: dt.date, how: str, in_force_from: dt.date, witness: str = ""
) -> SupportPlan:
    """Sign a version for the commissioner, once the other side has. From `in_force_from` on it takes over.

    Never by whoever entered the other side's signature, nor by whoever gave it. Raises as `sign_for_holder` does.
    """
    held = _proposed(plan, by, Permission.MANAGE_BUDGETS)
    holder = signatures_of(held).holder
    if holder is None:
        raise refused("Record the signature of the person’s side first")
    if holder.recorded_by_id == by.pk:
        raise refused("You entered the signature of the person’s side, so somebody else must sign for the commissioner")
    if holder.name.casefold() == by.full_name.casefold():
        raise refused("You signed for the person, so somebody else must sign for the commissioner")
    before = SupportPlan.objects.select_for_update().filter(referral=held.referral, status=PlanStatus.SIGNED).first()
    problems = [
        *_check_day(holder.signed_on, signed_on, "when the person’s side signed"),
        *_check_how(how, witness),
        *_check_in_force_from(in_force_from, signed_on, before),
    ]
    for service in held.services.all():
        problems += check_approved(payee_of(service), service.description, in_force_from)
    if problems:
        raise BudgetRefused(problems)
    _sign(
        PlanSignature(
            plan=held,
            side=SigningSide.COMMISSIONER,
            signed_as=SignedAs.OFFICER,
            name=str(by),
            officer=by,
            signed_on=signed_on,
            how=how,
            witness=witness.strip() if how == SignedHow.SPOKEN else "",
            recorded_by=by,
        )
    )
    if before is not None:
        _supersede(before, in_force_from, by=by, on=signed_on)
    held.status, held.in_force_from = steps.SIGN.to_status, in_force_from
    held.save(update_fields=["status", "in_force_from"])
    record_step(held, steps.SIGN, by=by, on=signed_on, detail={"in_force_from": in_force_from.isoformat()})
    return held


def _proposed(plan: SupportPlan, by: User, permission: Permission) -> SupportPlan:
    held = locked_plan(plan, by, permission)
    if held.status != PlanStatus.PROPOSED:
        raise refused(
            f"Version {held.number} is now: {held.get_status_display().lower()}. Only a proposed one is signed"
        )
    return held


def _sign(signature: PlanSignature) -> PlanSignature:
    signature.save()
    audit.record(
        actor=signature.recorded_by,
        action="sign-support-plan",
        subject=signature.plan,
        commissioner=signature.plan.referral.commissioner,
        detail={"number": signature.plan.number, "side": signature.side, "on": signature.signed_on.isoformat()},
    )
    return signature


def _supersede(plan: SupportPlan, until: dt.date, *, by: User, on: dt.date) -> None:
    plan.status = steps.SUPERSEDE.to_status
    plan.in_force_until = plan.in_force_until or until
    plan.save(update_fields=["status", "in_force_until"])
    record_step(plan, steps.SUPERSEDE, by=by, on=on)


def _check_day(earliest: dt.date | None, day: dt.date, what: str) -> list[Problem]:
    if earliest is not None and day < earliest:
        return [Problem("signed_on", f"Enter a date on or after {agreement.day(earliest)}, {what}")]
    if day > clock.today():
        return [Problem("signed_on", "Enter a date that is today or in the past")]
    return []


def _check_how(how: str, witness: str) -> list[Problem]:
    if how not in SignedHow.values:
        return [Problem("how", "Select how it was signed")]
    if how == SignedHow.SPOKEN and not witness.strip():
        return [Problem("witness", "Enter the name of the witness")]
    return []


def _check_signer(
    plan: SupportPlan, person: Person, representative: Representative | None, day: dt.date
) -> list[Problem]:
    """Who can sign: somebody of 16 or over with capacity; else somebody who acts for them on that day."""
    if representative is not None:
        acting = Representative.objects.acting_on(day).filter(person=person, pk=representative.pk)
        if not acting.exists():
            return [Problem("representative", "Select somebody who acted for the person on the day it was signed")]
        return []
    if person.age_on(day) < agreement.DIRECT_PAYMENT_CONSENT_AGE:
        return [
            Problem(
                "signed_as",
                "Select who acts for the person. Somebody under 16 does not sign alone (regulation 4 of the "
                f"{agreement.REGULATIONS})",
            )
        ]
    screening = latest_screening(plan.referral)
    answer = screening.answer["direct_payment"]["permission"] if screening else None
    was_grown_up = (
        screening is not None and person.age_on(screening.assessed_on) >= agreement.DIRECT_PAYMENT_CONSENT_AGE
    )
    if answer == DirectPayment.NEEDS_REPRESENTATIVE and was_grown_up:
        return [
            Problem(
                "signed_as",
                "Select who acts for the person. Somebody without capacity to consent does not sign alone (regulation "
                f"5 of the {agreement.REGULATIONS})",
            )
        ]
    return []


def _check_in_force_from(day: dt.date, signed_on: dt.date, before: SupportPlan | None) -> list[Problem]:
    if day < signed_on:
        return [Problem("in_force_from", "Enter a date on or after the day it is signed by both sides")]
    if (day - signed_on).days > LATEST_START_DAYS:
        return [Problem("in_force_from", "Enter a date within a year of the day it is signed")]
    if before is None or before.in_force_from is None:
        return []
    earliest = max(before.in_force_from, before.in_force_until or before.in_force_from)
    if day < earliest:
        said = f"Enter a date on or after {agreement.day(earliest)}: version {before.number} is in force until then"
        return [Problem("in_force_from", said)]
    return []


#: Later than this it is a slip of the year.
LATEST_START_DAYS = 366
