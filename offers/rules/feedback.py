"""What the public may tell of a page, and when a local offer is to be looked through again. Pure."""

import datetime as dt

from django.db.models import TextChoices

from phb_register.rules import months_after

#: How long a local offer may go without anybody having looked through it.
MONTHS_BETWEEN_REVIEWS = 12
#: How long before that day it stands on the worklist.
REMIND_BEFORE = dt.timedelta(days=30)


class FeedbackKind(TextChoices):
    """What feedback is about."""

    WRONG = "wrong", "Something is wrong or out of date"
    UNCLEAR = "unclear", "Something is hard to understand"
    ACCESS = "access", "I cannot use the page, or need it in another format"
    OTHER = "other", "Something else"


def next_review_after(day: dt.date) -> dt.date:
    """The day by which an offer that was looked through, or published, on a day is to be looked through again."""
    return months_after(day, MONTHS_BETWEEN_REVIEWS)


def is_to_be_reviewed(due_on: dt.date, today: dt.date) -> bool:
    """Whether the reminder is out."""
    return today >= due_on - REMIND_BEFORE
