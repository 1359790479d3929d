"""Writing outcome scales, and recording how things were before a budget."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import OutcomeScale, PersonalHealthBudget, Review
from budgets.rules import outcome_scales as rules
from budgets.rules.agreement import day
from budgets.rules.outcome_scales import AskedOf, Direction
from budgets.selectors.outcomes import is_used
from phb_register import audit, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .reviews import Rated, record_ratings


@dataclass(frozen=True)
class ScaleWords:
    """What a version of a scale says. `levels` are listed from the first to the last."""

    name: str
    question: str
    asked_of: str
    levels: Sequence[str]
    direction: str
    active_from: dt.date
    active_until: dt.date | None = None
    instrument: str = ""
    licence_number: str = ""


@transaction.atomic
def write_scale(*, commissioner: Commissioner, by: User, words: ScaleWords) -> OutcomeScale:
    """Write a new scale for a commissioner or partnership. Sent twice, it is refused as one of the same name.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    _locked(commissioner, by)
    _check(words)
    code = slugify(words.name)[:50] or "scale"
    if OutcomeScale.objects.filter(commissioner=commissioner, code=code).exists():
        raise BudgetRefused(
            [
                Problem(
                    "name", "There is a scale of this name already. Write another version of it, or choose a new name"
                )
            ]
        )
    return _create(commissioner, by, words, code=code, number=1)


@transaction.atomic
def change_scale(*, scale: OutcomeScale, by: User, words: ScaleWords) -> OutcomeScale:
    """Change what a version says, while nobody answered on it; afterwards write a further version instead.

    The further one is asked from its own first day, on which this one ends. Answers are compared within one version
    only. Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = _held(scale, by)
    _check(words)
    if not is_used(held):
        for name, value in _columns(words).items():
            setattr(held, name, value)
        return _saved(held, by, "outcome-scale-changed")
    newest = OutcomeScale.objects.filter(commissioner=held.commissioner, code=held.code).order_by("-number")[0]
    if newest != held:
        raise BudgetRefused([Problem("", "There is a later version of this scale. Change that one")])
    if words.active_from <= held.active_from:
        raise BudgetRefused(
            [
                Problem(
                    "active_from",
                    f"Enter a day after {day(held.active_from)}. Somebody answered on this version, so it stays as it "
                    "is, and the new one is asked from a later day",
                )
            ]
        )
    if held.active_until is None or held.active_until > words.active_from:
        held.active_until = words.active_from
        held.save(update_fields=["active_until"])
    return _create(held.commissioner, by, words, code=held.code, number=held.number + 1)


@transaction.atomic
def end_scale(*, scale: OutcomeScale, by: User, active_until: dt.date) -> OutcomeScale:
    """Ask a scale no longer from a day on. What was answered stays. Raises `PermissionDenied` or `BudgetRefused`."""
    held = _held(scale, by)
    problems = rules.check_active(held.active_from, active_until)
    if problems:
        raise BudgetRefused(problems)
    held.active_until = active_until
    return _saved(held, by, "outcome-scale-ended")


@transaction.atomic
def record_baseline(
    *, phb: PersonalHealthBudget, by: User, on: dt.date, today: dt.date, ratings: Sequence[Rated]
) -> None:
    """Record how things were before a budget, as the holder and carers said. A later record stands for an earlier one.
    The same answers of the same day again change nothing.

    It is asked until the first review is completed: afterwards it would not be "before". Raises `PermissionDenied` or
    `BudgetRefused`.
    """
    rows = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner", "referral")
    held = rows.get(pk=phb.pk)
    scope.check(by, Permission.REVIEW_BUDGETS, held.commissioner)
    problems = []
    if Review.objects.filter(phb=held).exists():
        problems.append(
            Problem("", "This budget was reviewed already. How things were before it can no longer be recorded")
        )
    if on > today:
        problems.append(Problem("on", "Date must be today or in the past"))
    if on < held.referral.received_on:
        problems.append(
            Problem("on", f"Date must be on or after {day(held.referral.received_on)}, when the referral came in")
        )
    if not ratings:
        problems.append(Problem("", "Answer at least one question, or go back. Nobody has to answer"))
    if problems:
        raise BudgetRefused(problems)
    if all(_stands(held, each, on) for each in ratings):
        return
    record_ratings(phb=held, ratings=ratings, by=by, on=on, review=None)
    detail = {"on": on.isoformat(), "scales": len(ratings)}
    audit.record(actor=by, action="outcome-baseline-recorded", subject=held, detail=detail)


def _stands(phb: PersonalHealthBudget, rated: Rated, on: dt.date) -> bool:
    """Whether this is what was recorded last of how things were before."""
    last = phb.outcome_ratings.filter(scale=rated.scale, review=None).order_by("recorded_at", "pk").last()
    return last is not None and (last.level, last.rated_on) == (rated.level, on)


def _locked(commissioner: Commissioner, by: User) -> None:
    """The commissioner, held for this transaction: two scales of one name are written one after the other."""
    scope.check(by, Permission.MANAGE_SETTINGS, commissioner)
    Commissioner.objects.select_for_update().get(pk=commissioner.pk)


def _held(scale: OutcomeScale, by: User) -> OutcomeScale:
    held = OutcomeScale.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=scale.pk)
    scope.check(by, Permission.MANAGE_SETTINGS, held.commissioner)
    return held


def _check(words: ScaleWords) -> None:
    problems = [
        *rules.check_levels(_levels(words)),
        *rules.check_active(words.active_from, words.active_until),
        *rules.check_licence(words.instrument, words.licence_number),
    ]
    if not words.name.strip():
        problems.append(Problem("name", "Enter a name"))
    if not words.question.strip():
        problems.append(Problem("question", "Enter the question"))
    if words.asked_of not in AskedOf.values:
        problems.append(Problem("asked_of", "Select who is asked"))
    if words.direction not in Direction.values:
        problems.append(Problem("direction", "Select which end is better"))
    if problems:
        raise BudgetRefused(problems)


def _columns(words: ScaleWords) -> dict[str, object]:
    return {
        "name": words.name.strip(),
        "question": words.question.strip(),
        "asked_of": words.asked_of,
        "levels": _levels(words),
        "direction": words.direction,
        "active_from": words.active_from,
        "active_until": words.active_until,
        "instrument": words.instrument.strip(),
        "licence_number": words.licence_number.strip(),
    }


def _levels(words: ScaleWords) -> list[str]:
    return [level.strip() for level in words.levels if level.strip()]


def _create(commissioner: Commissioner, by: User, words: ScaleWords, *, code: str, number: int) -> OutcomeScale:
    scale = OutcomeScale(commissioner=commissioner, code=code, number=number, written_by=by, **_columns(words))
    return _saved(scale, by, "outcome-scale-written")


def _saved(scale: OutcomeScale, by: User, action: str) -> OutcomeScale:
    try:
        with transaction.atomic():
            scale.save()
    except IntegrityError as error:
        if "outcome_scale_one_version_at_a_time" not in str(error):
            raise
        problem = Problem("active_from", "Another version of this scale is asked on those days. Choose other days")
        raise BudgetRefused([problem]) from error
    audit.record(actor=by, action=action, subject=scale, detail={"code": scale.code, "version": scale.number})
    return scale
