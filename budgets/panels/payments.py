"""Payments on pages that are not their own: the navigation, the worklists, and the demonstration."""

import datetime as dt

from budgets.demonstration import payments as demonstration
from budgets.payment_enums import RunStatus
from budgets.presenters import payments as says
from budgets.selectors import payments as selectors
from budgets.selectors.payment_schedules import without_schedule
from phb_register import slots
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, NavigationItem, WorkItem, Worklist

# The most urgent ones; each list empties from the top.
LONGEST_WORKLIST = 20


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(NavigationItem("Payments", "budgets:payment-runs", Permission.VIEW_PAYMENTS, 45))
    for worklist in WORKLISTS:
        slots.worklists.add(worklist)
    slots.demonstration_steps.add(DemonstrationStep("Payment schedules and runs", demonstration.load, order=47))


def runs_to_check(user: User, today: dt.date) -> list[WorkItem]:
    """Runs that somebody else prepared."""
    return [says.run_item(run) for run in selectors.runs_to(user, RunStatus.PREPARED, LONGEST_WORKLIST)]


def runs_to_release(user: User, today: dt.date) -> list[WorkItem]:
    """Runs that are checked."""
    return [says.run_item(run) for run in selectors.runs_to(user, RunStatus.CHECKED, LONGEST_WORKLIST)]


def corrections_to_confirm(user: User, today: dt.date) -> list[WorkItem]:
    """Corrections that somebody else asked for."""
    return [says.correction_item(each) for each in selectors.corrections_to_confirm(user, LONGEST_WORKLIST)]


def payments_held(user: User, today: dt.date) -> list[WorkItem]:
    """Payments held in runs that are to be checked."""
    return [says.held_item(each) for each in selectors.held_payments(user, LONGEST_WORKLIST)]


def schedules_missing(user: User, today: dt.date) -> list[WorkItem]:
    """Budgets that can be paid and have no payment schedule."""
    return [says.missing_item(part) for part in without_schedule(user, today, LONGEST_WORKLIST)]


WORKLISTS = (
    Worklist(
        "payment-runs-to-check",
        "Payment runs to check",
        Permission.RELEASE_PAYMENTS,
        runs_to_check,
        empty="No payment run is waiting to be checked by you.",
        order=50,
    ),
    Worklist(
        "payment-runs-to-release",
        "Payment runs to release",
        Permission.RELEASE_PAYMENTS,
        runs_to_release,
        empty="No payment run is waiting to be released by you.",
        order=51,
    ),
    Worklist(
        "payment-corrections",
        "Corrections of payments to confirm",
        Permission.RELEASE_PAYMENTS,
        corrections_to_confirm,
        empty="No correction of a payment is waiting for you.",
        order=52,
    ),
    Worklist(
        "payments-held",
        "Payments held",
        Permission.PREPARE_PAYMENTS,
        payments_held,
        empty="No payment of an open run is held.",
        order=53,
    ),
    Worklist(
        "payment-schedules-missing",
        "Payment schedules to make",
        Permission.PREPARE_PAYMENTS,
        schedules_missing,
        empty="Every budget that can be paid has a payment schedule.",
        order=54,
    ),
)
