"""What birthdays show on pages that are not their own: a worklist on the home page."""

import datetime as dt

from django.urls import reverse

from eligibility.demonstration import birthdays as demonstration
from eligibility.presenters.birthdays import birthday_item
from eligibility.selectors.birthdays import BirthdaysToReview
from phb_register import slots
from phb_register.models import User
from phb_register.roles import Permission


def birthdays(user: User, today: dt.date) -> list[slots.WorkItem]:
    """The birthdays to review, the first one first."""
    return [birthday_item(task) for task in BirthdaysToReview(user, today)[: slots.SHOWN_AT_MOST]]


def count(user: User, today: dt.date) -> int:
    """How many there are in all."""
    return BirthdaysToReview(user, today).count()


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.worklists.add(
        slots.Worklist(
            "birthdays-to-review",
            "Birthdays to review",
            Permission.DECIDE_REFERRALS,
            birthdays,
            empty="No birthday that changes what applies is near.",
            order=50,
            count=count,
            url=lambda: reverse("eligibility:birthdays"),
        )
    )
    slots.demonstration_steps.add(
        slots.DemonstrationStep("Birthdays to review, and a merge", demonstration.load, order=69)
    )
