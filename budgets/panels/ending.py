"""What is left to do with the money of budgets that ended, at home."""

import datetime as dt

from django.urls import reverse

from budgets.selectors.closures import to_reconcile
from phb_register import slots
from phb_register.models import User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import WorkItem, Worklist

# The longest ended ones; the list empties from the top.
LONGEST_WORKLIST = 20


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.worklists.add(
        Worklist(
            "budgets-to-close",
            "Budgets to close",
            Permission.MONITOR_BUDGETS,
            to_close,
            empty="The money of every budget that ended is reconciled.",
            order=49,
        )
    )


def to_close(user: User, today: dt.date) -> list[WorkItem]:
    """PHBs that ended and whose money nobody reconciled yet."""
    return [
        WorkItem(
            text=f"{closure.phb.person}: {closure.phb.cohort}",
            url=reverse("budgets:closure", args=[closure.phb.reference]),
            why=f"It ended on {spoken_date(closure.ended_on)}, and its money is not reconciled",
        )
        for closure in to_reconcile(user, LONGEST_WORKLIST)
    ]
