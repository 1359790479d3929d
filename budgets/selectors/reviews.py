"""Reads of reviews and of what is due. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from budgets.models import (
    OutcomeRating,
    PersonalHealthBudget,
    Review,
    ReviewDraft,
    ReviewDue,
    ReviewRequest,
)
from budgets.models.review_due import ReviewDueQuerySet
from budgets.rules.reviews import WEEKS_AHEAD
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.selectors.users import users_who_may

SOON = dt.timedelta(weeks=WEEKS_AHEAD)


# ── One budget ────────────────────────────────────────────────────────────────────────────────────────────────


def due_of(phb: PersonalHealthBudget) -> ReviewDue:
    """What its next review follows from. Every PHB has a row."""
    return ReviewDue.objects.get(phb=phb)


def next_due(phb: PersonalHealthBudget) -> dt.date | None:
    """By when it is to be reviewed next: None before it starts and once it ended.

    Where something happened after which it must be reviewed, that is the day it was asked for.
    """
    found = ReviewDue.objects.open().filter(phb=phb).values_list("due_on", flat=True).first()
    asked = ReviewRequest.objects.waiting().filter(phb=phb).values_list("asked_on", flat=True).first()
    days = [day for day in (found, asked if found else None) if day is not None]
    return min(days, default=None)


def reviews_of(phb: PersonalHealthBudget) -> list[Review]:
    """Its reviews, the latest first, those that were corrected too."""
    return list(Review.objects.filter(phb=phb).select_related("held_by", "completed_by", "correction", "corrects"))


def reviews_that_count(phb: PersonalHealthBudget) -> list[Review]:
    """Its reviews without those that a further one corrects, the latest held first."""
    return list(Review.objects.filter(phb=phb).that_count().order_by("-held_on", "-number"))


def last_number(phb: PersonalHealthBudget) -> int:
    """The number of its last review, 0 where there is none."""
    return Review.objects.filter(phb=phb).values_list("number", flat=True).order_by("-number").first() or 0


def review_for(user: User, reference: uuid.UUID, number: int) -> Review | None:
    """One review of the PHB with this reference, if the user may see it."""
    rows = Review.objects.visible_to(user).filter(phb__reference=reference, number=number)
    related = ("phb__person", "phb__commissioner", "phb__cohort", "phb__referral__commissioner")
    return rows.select_related(*related, "held_by", "completed_by", "corrects", "correction").first()


def ratings_at(review: Review) -> list[OutcomeRating]:
    """What was answered at a review."""
    rows = OutcomeRating.objects.filter(review=review).select_related("scale")
    return list(rows.order_by("scale__asked_of", "scale__name"))


def drafted(phb: PersonalHealthBudget) -> ReviewDraft | None:
    """The review that is being written or planned, if one is."""
    return ReviewDraft.objects.select_related("saved_by", "started_by", "corrects").filter(phb=phb).first()


def open_requests(phb: PersonalHealthBudget) -> list[ReviewRequest]:
    """What asks for a review and waits, the longest waiting first."""
    return list(ReviewRequest.objects.waiting().filter(phb=phb).select_related("asked_by", "phb__commissioner"))


def request_for(user: User, reference: uuid.UUID, request: uuid.UUID) -> ReviewRequest | None:
    """One request for a review of the PHB with this reference, if the user may review there."""
    rows = ReviewRequest.objects.visible_to(user, Permission.REVIEW_BUDGETS)
    found = rows.filter(phb__reference=reference, reference=request)
    return found.select_related("phb__person", "phb__commissioner", "asked_by").first()


def reviewers_for(phb: PersonalHealthBudget, today: dt.date) -> QuerySet[User]:
    """Those who may hold a review of this PHB."""
    return users_who_may(Permission.REVIEW_BUDGETS, [phb.commissioner_id], today)


# ── Worklists and the list ────────────────────────────────────────────────────────────────────────────────────


def reviews_due(user: User, permission: Permission = Permission.VIEW_BUDGETS) -> ReviewDueQuerySet:
    """Every review to come of the user's commissioners, the first due first."""
    return ReviewDue.objects.visible_to(user, permission).open().soonest()


def overdue(user: User, today: dt.date) -> ReviewDueQuerySet:
    """Reviews that this user's commissioners should have held before today."""
    return ReviewDue.objects.visible_to(user, Permission.REVIEW_BUDGETS).overdue_on(today).soonest()


def due_soon(user: User, today: dt.date) -> ReviewDueQuerySet:
    """Reviews due from today and in the next eight weeks."""
    return ReviewDue.objects.visible_to(user, Permission.REVIEW_BUDGETS).due_between(today, today + SOON).soonest()


def with_budgets(ids: Collection[int]) -> list[ReviewDue]:
    """The reviews of these PHBs with what a list shows of each, the first due first.

    Read by key, after the page was found in the index alone: joined before they are cut off, all rows would be.
    """
    rows = ReviewDue.objects.filter(pk__in=ids).soonest()
    return list(rows.select_related("phb__person", "phb__cohort", "phb__commissioner", "phb__review_draft"))


def first_due(rows: ReviewDueQuerySet, limit: int) -> list[ReviewDue]:
    """The first of these, for the home page."""
    return with_budgets(list(rows.values_list("pk", flat=True)[:limit]))


def in_batches(rows: ReviewDueQuerySet, length: int) -> Iterator[ReviewDue]:
    """All of these, so many at a time, for a file."""
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), length):
        yield from with_budgets(ids[start : start + length])


def asked_for(user: User) -> QuerySet[ReviewRequest]:
    """What asks for a review of budgets that this user reviews, the longest waiting first."""
    rows = ReviewRequest.objects.visible_to(user, Permission.REVIEW_BUDGETS).waiting()
    return rows.filter(phb__ended_on__isnull=True).select_related("phb__person", "phb__cohort")


def person_reviews(user: User, person: Person) -> list[Review]:
    """Every review of a person's PHBs that the user may see."""
    rows = Review.objects.visible_to(user).filter(phb__person=person)
    return list(rows.select_related("phb__cohort", "held_by", "completed_by", "corrects"))


def person_requests(user: User, person: Person) -> list[ReviewRequest]:
    """Everything that asked for a review of a person's PHBs, as far as the user may see it."""
    rows = ReviewRequest.objects.visible_to(user).filter(phb__person=person)
    return list(rows.select_related("phb__cohort", "asked_by"))
