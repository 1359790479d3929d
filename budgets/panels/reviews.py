"""What reviews put on pages that are not theirs: navigation, worklists, settings, the demonstration."""

import datetime as dt

from django.urls import reverse

from budgets.demonstration import reviews as demonstration
from budgets.presenters import reviews as presenters
from budgets.presenters.outcomes import scales_url
from budgets.selectors import reviews as selectors
from phb_register import slots
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.slots import (
    SHOWN_AT_MOST,
    DemonstrationStep,
    FilteredList,
    NavigationItem,
    SettingsLink,
    WorkItem,
    Worklist,
)

# The most urgent ones; the list empties from the top.
LONGEST_WORKLIST = 20


def asked_for(user: User, today: dt.date) -> list[WorkItem]:
    """Budgets after which something asks to look, the longest waiting first."""
    return [presenters.request_item(request) for request in selectors.asked_for(user)[:LONGEST_WORKLIST]]


def overdue(user: User, today: dt.date) -> list[WorkItem]:
    """Reviews that should have been held, the longest overdue first."""
    rows = selectors.first_due(selectors.overdue(user, today), SHOWN_AT_MOST)
    return [presenters.due_item(due, today) for due in rows]


def count_overdue(user: User, today: dt.date) -> int:
    """How many there are in all."""
    return selectors.overdue(user, today).count()


def due_soon(user: User, today: dt.date) -> list[WorkItem]:
    """Reviews due in the next eight weeks, the first due first."""
    rows = selectors.first_due(selectors.due_soon(user, today), SHOWN_AT_MOST)
    return [presenters.due_item(due, today) for due in rows]


def count_due_soon(user: User, today: dt.date) -> int:
    """How many there are in all."""
    return selectors.due_soon(user, today).count()


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.navigation.add(NavigationItem("Reviews", "budgets:reviews", Permission.REVIEW_BUDGETS, order=42))
    slots.filtered_lists.add(
        FilteredList("reviews", "Reviews", "budgets:reviews", Permission.VIEW_BUDGETS, places=("page",), order=42)
    )
    reviews = Permission.REVIEW_BUDGETS
    slots.worklists.add(
        Worklist(
            "reviews-asked-for",
            "Reviews asked for",
            reviews,
            asked_for,
            empty="Nothing happened after which a budget is to be reviewed before its time.",
            order=50,
        )
    )
    slots.worklists.add(
        Worklist(
            "reviews-overdue",
            "Reviews overdue",
            reviews,
            overdue,
            empty="No review is overdue.",
            order=51,
            count=count_overdue,
            url=lambda: f"{reverse('budgets:reviews')}?due=overdue",
        )
    )
    slots.worklists.add(
        Worklist(
            "reviews-due-soon",
            "Reviews due in the next 8 weeks",
            reviews,
            due_soon,
            empty="No review is due in the next 8 weeks.",
            order=52,
            count=count_due_soon,
            url=lambda: f"{reverse('budgets:reviews')}?due=soon",
        )
    )
    slots.settings_links.add(SettingsLink("Outcome scales", scales_url, order=60))
    slots.demonstration_steps.add(DemonstrationStep("Reviews and outcomes", demonstration.load, order=49))
