"""Arrangements, court orders and support organisations on other pages: worklists, a person's page, the navigation."""

import datetime as dt
from typing import Any

from budgets.demonstration import arrangements as arrangements_shown
from budgets.demonstration import organisations as organisations_shown
from budgets.presenters import arrangements as presenters
from budgets.presenters.court_orders import orders_url, today_words
from budgets.rules.reviews import add_months
from budgets.selectors import arrangements as selectors
from budgets.selectors.court_orders import orders_for
from phb_register import clock, slots
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, NavigationItem, PersonPanel, WorkItem, Worklist

# The most urgent ones; each list empties from the top.
LONGEST_WORKLIST = 20


def not_arranged(user: User, today: dt.date) -> list[WorkItem]:
    """Direct payments and third-party parts in force that go to nobody yet."""
    return [presenters.not_arranged_item(part) for part in selectors.not_arranged(user, today, LONGEST_WORKLIST)]


def wheelchairs(user: User, today: dt.date) -> list[WorkItem]:
    """Wheelchairs whose period ends soon, or has ended."""
    until = add_months(today, selectors.WHEELCHAIR_NOTICE_MONTHS)
    rows = selectors.wheelchairs_expiring(user, until, LONGEST_WORKLIST)
    return [presenters.expiring_item(chair, today) for chair in rows]


def nominations(user: User, today: dt.date) -> list[WorkItem]:
    """Direct payments whose nominee fell away."""
    return [presenters.withdrawn_item(row) for row in selectors.nominations_withdrawn(user, LONGEST_WORKLIST)]


def stopped(user: User, today: dt.date) -> list[WorkItem]:
    """Direct payments that have stopped and whose money is not managed in another way yet."""
    return [presenters.stopped_item(stop) for stop in selectors.stopped_unchanged(user, today, LONGEST_WORKLIST)]


def orders_panel(user: User, person: Person) -> dict[str, Any]:
    """Whether an order excludes a direct payment today, with the way to the page that says which."""
    return {"words": today_words(orders_for(user, person), clock.today()), "url": orders_url(person)}


_WORKLISTS = (
    Worklist(
        "nominations-withdrawn",
        "Direct payments without their nominee",
        Permission.MANAGE_BUDGETS,
        nominations,
        empty="No nomination was withdrawn.",
        order=48,
    ),
    Worklist(
        "direct-payments-stopped",
        "Direct payments that stopped",
        Permission.MANAGE_BUDGETS,
        stopped,
        empty="The money of every direct payment that stopped is managed in another way.",
        order=49,
    ),
    Worklist(
        "arrangements-missing",
        "Arrangements that are missing",
        Permission.MANAGE_BUDGETS,
        not_arranged,
        empty="Every direct payment and third-party budget that started is arranged.",
        order=50,
    ),
    Worklist(
        "wheelchairs-expiring",
        "Wheelchairs whose period ends",
        Permission.MANAGE_BUDGETS,
        wheelchairs,
        empty="No wheelchair’s period ends soon.",
        order=51,
    ),
)


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(
        NavigationItem("Support organisations", "budgets:support-organisations", Permission.VIEW_BUDGETS, 48)
    )
    for worklist in _WORKLISTS:
        slots.worklists.add(worklist)
    slots.person_panels.add(
        PersonPanel(
            "Court orders and licence conditions",
            "budgets/court_orders/panel.html",
            orders_panel,
            Permission.VIEW_ORDERS,
            order=44,
        )
    )
    slots.demonstration_steps.add(DemonstrationStep("Support organisations", organisations_shown.load, order=42))
    slots.demonstration_steps.add(
        DemonstrationStep("Arrangements, court orders and wheelchairs", arrangements_shown.load, order=46)
    )
