"""Asking for a review, and completing one: what was found is recorded once and never changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import (
    OutcomeRating,
    OutcomeScale,
    PersonalHealthBudget,
    Review,
    ReviewDraft,
    ReviewDue,
    ReviewRequest,
    ReviewRequestTransition,
)
from budgets.rules import review_request_states as states
from budgets.rules import reviews as rules
from budgets.rules.agreement import REGULATIONS, day
from budgets.rules.reviews import MUST_REVIEW, QUESTIONS, Answer, ReviewKind, ReviewReason, ReviewWay, TookPart
from budgets.selectors.reviews import drafted, last_number, open_requests, reviewers_for, reviews_that_count
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission


@dataclass(frozen=True)
class Rated:
    """What was answered on one scale: a level from 1, or None where they preferred not to say."""

    scale: OutcomeScale
    level: int | None


@dataclass(frozen=True)
class Findings:
    """What a review found. `answers` are by the names of `rules.QUESTIONS`; `outcomes` say what follows."""

    kind: str
    held_on: dt.date
    way: str
    answers: Mapping[str, Answer | None]
    outcomes: Sequence[str]
    held_by: User | None = None
    reason: str = ""
    took_part: Sequence[str] = ()
    took_part_words: str = ""
    notes: str = ""
    ratings: Sequence[Rated] = field(default=())


@dataclass(frozen=True)
class Seen:
    """What somebody saw when they began to write: the number of the last review, and the revision of the draft."""

    last_number: int = 0
    revision: int = 0


class ReviewedMeanwhile(BudgetRefused):
    """Somebody completed a review of this budget since the page was opened; `review` is theirs."""

    def __init__(self, review: Review) -> None:
        self.review = review
        who = review.completed_by
        super().__init__([Problem("", f"{who} completed a review of this budget meanwhile. Read theirs first")])


class SavedMeanwhile(BudgetRefused):
    """Somebody saved the review that is being written since the page was opened; `draft` is as they left it."""

    def __init__(self, draft: ReviewDraft) -> None:
        self.draft = draft
        super().__init__(
            [
                Problem(
                    "",
                    f"{draft.saved_by} saved this review meanwhile. What you entered is still here and is not saved: "
                    "look at what they entered, and press the button again if yours should take its place",
                )
            ]
        )


@transaction.atomic
def ask_for_review(
    *, phb: PersonalHealthBudget, reason: ReviewReason, by: User, on: dt.date, note: str = ""
) -> ReviewRequest:
    """Record that something happened after which a PHB is to be reviewed before its time.

    Asked for the same reason while that waits, it is the same request. Other services call it for what they did, so
    the permission is theirs to check. Raises `BudgetRefused` where the reason is not known.
    """
    if reason not in ReviewReason.values:
        raise BudgetRefused([Problem("reason", "Select why it should be reviewed")])
    held = _held(phb)
    waiting = ReviewRequest.objects.waiting().filter(phb=held, reason=reason).first()
    if waiting is not None:
        return waiting
    asked = ReviewRequest.objects.create(phb=held, reason=reason, note=note.strip(), asked_on=on, asked_by=by)
    _record(asked, states.ASK, by=by, on=on, note=asked.note)
    return asked


@transaction.atomic
def set_aside_request(*, request: ReviewRequest, by: User, on: dt.date, reason: str) -> ReviewRequest:
    """Leave a request for a review, with the reason. Raises `PermissionDenied` or `BudgetRefused`."""
    phb = _held(request.phb)
    scope.check(by, states.SET_ASIDE.permission, phb.commissioner)
    held = ReviewRequest.objects.select_for_update().get(pk=request.pk)
    if states.SET_ASIDE not in states.steps_from(held.status):
        raise BudgetRefused([Problem("", f"This request is settled already: {held.get_status_display().lower()}")])
    if held.reason in MUST_REVIEW:
        raise BudgetRefused(
            [
                Problem(
                    "",
                    f"Review the budget. {held.get_reason_display()}, so it must be reviewed (regulations 6 and 14 of "
                    f"the {REGULATIONS})",
                )
            ]
        )
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why no review is needed")])
    if on < held.asked_on:
        raise BudgetRefused([Problem("on", f"Date must be on or after {day(held.asked_on)}, when it was asked")])
    held.status = states.SET_ASIDE.to_status
    held.save(update_fields=["status"])
    _record(held, states.SET_ASIDE, by=by, on=on, note=reason.strip())
    return held


@transaction.atomic
def complete_review(
    *,
    phb: PersonalHealthBudget,
    by: User,
    on: dt.date,
    findings: Findings,
    seen: Seen | None = None,
    corrects: Review | None = None,
) -> Review:
    """Record a review that was held, with what was answered on outcome scales, and plan the next.

    `seen` guards against two people completing at once, or one over the other: without it nothing was open. The draft
    is gone with it, and every request made until the day it was held is answered. Raises `PermissionDenied`,
    `ReviewedMeanwhile`, `SavedMeanwhile`, or `BudgetRefused` with every problem found.
    """
    held = _held(phb)
    scope.check(by, Permission.REVIEW_BUDGETS, held.commissioner)
    draft = drafted(held)
    if seen is not None:
        check_seen(held, draft, seen)
    # A correction is written beside a review that is only planned, which goes on being planned.
    own = draft if draft is not None and draft.corrects_id == (corrects.pk if corrects else None) else None
    problems = _problems(held, findings, corrects, today=on)
    if problems:
        raise BudgetRefused(problems)
    due = ReviewDue.objects.get(phb=held)
    review = Review.objects.create(
        phb=held,
        number=last_number(held) + 1,
        corrects=corrects,
        kind=findings.kind,
        reason=findings.reason if findings.kind == ReviewKind.UNSCHEDULED else "",
        planned_for=own.planned_for if own and not corrects else None,
        due_on=corrects.due_on if corrects else _was_due(held, due, findings.held_on),
        held_on=findings.held_on,
        held_by=findings.held_by or by,
        way=findings.way,
        took_part=list(findings.took_part),
        took_part_words=findings.took_part_words.strip(),
        **_answered(findings),
        outcomes=list(findings.outcomes),
        notes=findings.notes.strip(),
        next_due_on=_next_due(held, due, findings.held_on, corrects),
        completed_on=on,
        completed_by=by,
    )
    record_ratings(phb=held, ratings=findings.ratings, by=by, on=findings.held_on, review=review)
    for request in open_requests(held):
        if request.asked_on <= review.held_on:
            _answer(request, review, by=by, on=on)
    if own is not None:
        _put_away(own)
    detail = {"number": review.number, "held_on": review.held_on.isoformat(), "corrects": bool(corrects)}
    audit.record(actor=by, action="review-completed", subject=review, commissioner=held.commissioner, detail=detail)
    return review


def check_seen(phb: PersonalHealthBudget, draft: ReviewDraft | None, seen: Seen) -> None:
    """Raise `ReviewedMeanwhile` or `SavedMeanwhile` where the budget is no longer as somebody saw it."""
    if last_number(phb) != seen.last_number:
        raise ReviewedMeanwhile(Review.objects.filter(phb=phb).select_related("completed_by").latest("number"))
    if draft is not None and draft.revision != seen.revision:
        raise SavedMeanwhile(draft)


def record_ratings(
    *, phb: PersonalHealthBudget, ratings: Sequence[Rated], by: User, on: dt.date, review: Review | None
) -> None:
    """Keep what was answered, at a review or (None) before the budget. The database holds levels to the scale."""
    OutcomeRating.objects.bulk_create(
        OutcomeRating(
            phb=phb,
            scale=rated.scale,
            review=review,
            level=rated.level,
            prefers_not_to_say=rated.level is None,
            rated_on=on,
            recorded_by=by,
        )
        for rated in ratings
    )


def _put_away(draft: ReviewDraft) -> None:
    """What was written is a review now. Of a correction, the day that is planned for the next review stays."""
    if draft.corrects_id is None or draft.planned_for is None:
        draft.delete()
        return
    draft.corrects, draft.typed, draft.revision = None, {}, draft.revision + 1
    draft.save(update_fields=["corrects", "typed", "revision"])


def _held(phb: PersonalHealthBudget) -> PersonalHealthBudget:
    """The PHB, held for this transaction: reviews, drafts and requests of one follow each other."""
    rows = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner", "person")
    return rows.get(pk=phb.pk)


def _problems(
    phb: PersonalHealthBudget, findings: Findings, corrects: Review | None, *, today: dt.date
) -> list[Problem]:
    problems = rules.check_held_on(findings.held_on, started_on=phb.started_on, ended_on=phb.ended_on, today=today)
    if findings.kind not in ReviewKind.values:
        problems.append(Problem("kind", "Select which review it is"))
    if findings.kind == ReviewKind.UNSCHEDULED and findings.reason not in ReviewReason.values:
        problems.append(Problem("reason", "Select why it was reviewed before its time"))
    if findings.way not in ReviewWay.values:
        problems.append(Problem("way", "Select how it was held"))
    if not findings.took_part or not set(findings.took_part) <= set(TookPart.values):
        problems.append(Problem("took_part", "Select who took part"))
    if findings.held_by is not None and findings.held_by not in reviewers_for(phb, today):
        problems.append(Problem("held_by", "Select who held it: somebody who reviews budgets here"))
    if corrects is not None and (corrects.phb_id != phb.pk or Review.objects.filter(corrects=corrects).exists()):
        problems.append(Problem("", "This review was corrected already. Correct the latest one"))
    return problems + rules.check_answers(findings.answers, findings.outcomes)


def _answered(findings: Findings) -> dict[str, object]:
    """The columns of the four answers. All are there: they were checked."""
    columns: dict[str, object] = {}
    for question in QUESTIONS:
        answer = findings.answers[question.name]
        assert answer is not None  # noqa: S101  check_answers
        columns |= {question.name: answer.is_yes, f"{question.name}_follows": answer.follows.strip()}
    return columns


def _was_due(phb: PersonalHealthBudget, due: ReviewDue, held_on: dt.date) -> dt.date:
    """By when it was due on the day it was held, of which a review that is recorded late knows nothing later."""

    def by_then(day: dt.date | None) -> dt.date | None:
        return day if day is not None and day <= held_on else None

    was = rules.review_due(
        started_on=due.started_on,
        first_paid_on=by_then(due.first_paid_on),
        first_direct_on=by_then(due.first_direct_on),
        last_held_on=max((each.held_on for each in reviews_that_count(phb) if each.held_on < held_on), default=None),
        recorded_from=by_then(due.recorded_from),
    )
    assert was is not None  # noqa: S101  check_held_on: it started
    return was


def _next_due(phb: PersonalHealthBudget, due: ReviewDue, held_on: dt.date, corrects: Review | None) -> dt.date:
    """When the next one is due once this one counts."""
    others = [each.held_on for each in reviews_that_count(phb) if each != corrects]
    following = rules.review_due(
        started_on=due.started_on,
        first_paid_on=due.first_paid_on,
        first_direct_on=due.first_direct_on,
        last_held_on=max([held_on, *others]),
        recorded_from=due.recorded_from,
    )
    assert following is not None  # noqa: S101  check_held_on: it started
    return following


def _answer(request: ReviewRequest, review: Review, *, by: User, on: dt.date) -> None:
    request.status, request.review = states.ANSWER.to_status, review
    request.save(update_fields=["status", "review"])
    _record(request, states.ANSWER, by=by, on=on)


def _record(request: ReviewRequest, step: states.RequestStep, *, by: User, on: dt.date, note: str = "") -> None:
    """The append-only row and the access log entry of one step of a request."""
    ReviewRequestTransition.objects.create(
        request=request,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
    audit.record(
        actor=by,
        action=f"review-request-{step.action.replace('_', '-')}",
        subject=request,
        commissioner=request.phb.commissioner,
        detail={"on": on.isoformat(), "reason": request.reason},
    )
