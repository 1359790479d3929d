"""Writing a review over more than one sitting: what is typed is kept, and nobody saves over what they have not seen."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget, Review, ReviewDraft
from budgets.rules.agreement import day
from budgets.selectors.reviews import drafted
from phb_register import audit, scope
from phb_register.models import User
from phb_register.roles import Permission

from .reviews import Seen, check_seen

#: No form of a review asks for more: nine texts of 4,000 characters, and short answers.
LONGEST = 60_000
MOST_FIELDS = 200


@transaction.atomic
def save_draft(
    *,
    phb: PersonalHealthBudget,
    by: User,
    at: dt.datetime,
    typed: Mapping[str, Sequence[str]],
    seen: Seen,
    corrects: Review | None = None,
) -> ReviewDraft:
    """Keep a review as it stands on the page, unchecked; the first save begins it.

    Raises `PermissionDenied`, `ReviewedMeanwhile` or `SavedMeanwhile` (nothing is saved over), or `BudgetRefused`
    where it is more than a review holds, or the budget has not started.
    """
    held, draft = _locked(phb, by)
    check_seen(held, draft, seen)
    text = "".join([*typed, *chain.from_iterable(typed.values())])
    if len(text) > LONGEST or len(typed) > MOST_FIELDS or "\x00" in text:
        raise BudgetRefused([Problem("", "Shorten what you entered. This is more than a review can hold")])
    fields = {name: list(values) for name, values in typed.items()}
    if draft is None:
        return _begin(held, by, at, typed=fields, corrects=corrects)
    if not draft.typed:
        draft.corrects = corrects
    elif draft.corrects != corrects:
        raise BudgetRefused(
            [Problem("", "Another review of this budget is being written. Complete or delete it first")]
        )
    draft.typed, draft.revision, draft.saved_by, draft.saved_at = fields, draft.revision + 1, by, at
    draft.save(update_fields=["typed", "corrects", "revision", "saved_by", "saved_at"])
    return draft


@transaction.atomic
def plan_review(*, phb: PersonalHealthBudget, by: User, at: dt.datetime, planned_for: dt.date) -> ReviewDraft:
    """Set the day on which the next review is to be held. Nothing that is written so far changes.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held, draft = _locked(phb, by)
    if held.started_on is not None and planned_for < held.started_on:
        raise BudgetRefused(
            [Problem("planned_for", f"Enter a day on or after {day(held.started_on)}, when the budget started")]
        )
    if draft is None:
        return _begin(held, by, at, planned_for=planned_for)
    draft.planned_for = planned_for
    draft.save(update_fields=["planned_for"])
    return draft


@transaction.atomic
def discard_draft(*, phb: PersonalHealthBudget, by: User, seen: Seen) -> None:
    """Delete a review that is not wanted, as it was seen. Raises as `save_draft` does."""
    held, draft = _locked(phb, by)
    check_seen(held, draft, seen)
    if draft is not None:
        draft.delete()
        audit.record(actor=by, action="review-draft-discarded", subject=held)


def _locked(phb: PersonalHealthBudget, by: User) -> tuple[PersonalHealthBudget, ReviewDraft | None]:
    rows = PersonalHealthBudget.objects.select_for_update(of=("self",)).select_related("commissioner")
    held = rows.get(pk=phb.pk)
    scope.check(by, Permission.REVIEW_BUDGETS, held.commissioner)
    if held.started_on is None:
        raise BudgetRefused(
            [Problem("", "This personal health budget has not started. There is nothing to review yet")]
        )
    return held, drafted(held)


def _begin(
    phb: PersonalHealthBudget,
    by: User,
    at: dt.datetime,
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    planned_for: dt.date | None = None,
    corrects: Review | None = None,
) -> ReviewDraft:
    draft = ReviewDraft.objects.create(
        phb=phb,
        corrects=corrects,
        planned_for=planned_for,
        typed=dict(typed or {}),
        started_by=by,
        saved_by=by,
        saved_at=at,
    )
    audit.record(actor=by, action="review-begun", subject=phb)
    return draft
