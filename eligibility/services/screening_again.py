"""Screening a referral again, because more is known or has changed. The earlier answers stay as they were."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from eligibility import policies
from eligibility.models import Referral, Screening, ScreeningDraft
from eligibility.rules.facts import asked
from eligibility.selectors.forming import known_before
from eligibility.selectors.referrals import latest_screening
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User

from .screening import keep_screening, screen_person


@transaction.atomic
def start_screening_again(*, referral: Referral, by: User, assessed_on: dt.date, reason: str) -> ScreeningDraft:
    """Begin with what the last screening knew. One that the user has not finished goes on, with this day and reason.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` or ``Refused``.
    """
    policies.check_may_screen_again(by, referral)
    policies.check_screening_day(referral, assessed_on, clock.today())
    if not reason.strip():
        raise Refused("Enter why you screen again", field="reason")
    draft, _ = ScreeningDraft.objects.update_or_create(
        user=by,
        referral=referral,
        defaults={"assessed_on": assessed_on, "reason": reason},
        create_defaults={
            "assessed_on": assessed_on,
            "reason": reason,
            "facts": known_before(latest_screening(referral)),
        },
    )
    return draft


@transaction.atomic
def answer_again(*, draft: ScreeningDraft, by: User, answers: Mapping[str, Any]) -> ScreeningDraft:
    """Keep answers; ``None`` says that nobody knows, or no longer knows."""
    held = ScreeningDraft.objects.of(by).select_for_update().get(pk=draft.pk)
    held.facts = {**held.facts, **answers}
    held.save()
    return held


@transaction.atomic
def finish_screening_again(*, draft: ScreeningDraft, by: User) -> Screening:
    """Screen, and store the answer beside the earlier ones. Twice, or at once, makes one screening.

    Raises as ``start_screening_again``.
    """
    held = ScreeningDraft.objects.of(by).select_for_update().filter(pk=draft.pk).first()
    if held is None:
        return Screening.objects.get(reference=draft.reference)
    referral = Referral.objects.select_for_update().get(pk=held.referral_id)
    policies.check_may_screen_again(by, referral)
    policies.check_screening_day(referral, held.assessed_on, clock.today())
    screened = screen_person(
        commissioner=referral.commissioner,
        born_on=referral.person.born_on,
        facts=asked(held.facts),
        on=held.assessed_on,
    )
    screening = keep_screening(
        referral=referral,
        screened=screened,
        on=held.assessed_on,
        by=by,
        reason=held.reason,
        reference=held.reference,
    )
    held.delete()
    audit.record(
        actor=by,
        action="referral-screen-again",
        subject=referral,
        commissioner=referral.commissioner,
        detail={"on": screening.assessed_on.isoformat(), "outcome": screening.outcome},
    )
    return screening


@transaction.atomic
def discard_screening_again(*, draft: ScreeningDraft, by: User) -> None:
    """Delete a half-filled screening. It is no record of a person yet."""
    ScreeningDraft.objects.of(by).filter(pk=draft.pk).delete()
