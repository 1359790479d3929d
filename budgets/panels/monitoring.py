"""Monitoring and recovery on other pages: worklists, navigation and the demonstration."""

import datetime as dt

from django.urls import reverse

from budgets.demonstration import monitoring as demonstration
from budgets.presenters import monitoring as words
from budgets.presenters import recoveries as money_words
from budgets.presenters.personal_health_budgets import pounds
from budgets.selectors import monitoring as selectors
from budgets.selectors import recoveries as recovery_selectors
from budgets.selectors.offsets import offsets_to_approve
from phb_register import slots
from phb_register.models import User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import SHOWN_AT_MOST, DemonstrationStep, NavigationItem, WorkItem, Worklist

LONGEST = 10


def overdue(user: User, today: dt.date) -> list[WorkItem]:
    """Returns that should have come, the longest overdue first."""
    return [words.overdue_item(row) for row in selectors.overdue_returns(user, today, SHOWN_AT_MOST)]


def to_reconcile(user: User, today: dt.date) -> list[WorkItem]:
    """Returns that came, the earliest first."""
    return [words.received_item(row) for row in selectors.returns_to_reconcile(user, SHOWN_AT_MOST)]


def surpluses(user: User, today: dt.date) -> list[WorkItem]:
    """Surpluses that nobody decided about."""
    return [words.surplus_item(row) for row in selectors.surpluses_to_look_at(user, SHOWN_AT_MOST)]


def not_monitored(user: User, today: dt.date) -> list[WorkItem]:
    """Money that is paid out and for which no returns are scheduled."""
    return [
        WorkItem(
            text=f"{row.phb.person}: {row.get_method_display().lower()}",
            url=reverse("budgets:monitoring", args=[row.phb.reference]),
            why=f"It has been paid since {spoken_date(row.starts_on)}, and no monitoring return is scheduled",
        )
        for row in selectors.paid_without_returns(user, today, LONGEST)
    ]


def recoveries(user: User, today: dt.date) -> list[WorkItem]:
    """What waits to be done about money that is asked back or set off, the most pressing first."""
    again = [
        money_words.recovery_item(row.recovery, "The notice is to be looked at again", row.due_on)
        for row in recovery_selectors.to_reconsider(user, LONGEST)
    ]
    late = [
        money_words.recovery_item(row, "The time to repay is over", row.repay_by)
        for row in recovery_selectors.overdue_recoveries(user, today, LONGEST)
    ]
    approve = [
        money_words.recovery_item(row, f"{row.prepared_by} prepared it. Somebody else approves it")
        for row in recovery_selectors.recoveries_to_approve(user, LONGEST)
    ]
    notify = [
        money_words.recovery_item(row, "Notice can be given")
        for row in recovery_selectors.notices_to_give(user, LONGEST)
    ]
    write_off = [
        money_words.recovery_item(row.recovery, f"Writing off {pounds(row.amount)} is proposed")
        for row in recovery_selectors.write_offs_to_decide(user, LONGEST)
    ]
    offset = [money_words.offset_item(row) for row in offsets_to_approve(user, LONGEST)]
    return [*again, *late, *approve, *notify, *write_off, *offset]


def fill() -> None:
    """Put all of these into the slots they are for."""
    monitors = Permission.MONITOR_BUDGETS
    slots.worklists.add(
        Worklist(
            "returns-overdue",
            "Monitoring returns overdue",
            monitors,
            overdue,
            empty="Every return that was due has come.",
            order=60,
            count=selectors.count_overdue,
            url=lambda: f"{reverse('budgets:returns')}?status=overdue",
        )
    )
    slots.worklists.add(
        Worklist(
            "returns-to-reconcile",
            "Monitoring returns to reconcile",
            monitors,
            to_reconcile,
            empty="Every return that came is reconciled, queried or waived.",
            order=61,
            count=lambda user, today: selectors.count_to_reconcile(user),
            url=lambda: f"{reverse('budgets:returns')}?status=received",
        )
    )
    slots.worklists.add(
        Worklist(
            "surpluses",
            "Surpluses to look at",
            monitors,
            surpluses,
            empty="No surplus waits for a decision.",
            order=62,
            count=lambda user, today: selectors.all_surpluses(user).count(),
            url=lambda: reverse("budgets:surpluses"),
        )
    )
    slots.worklists.add(
        Worklist(
            "paid-without-returns",
            "Money that nobody monitors",
            monitors,
            not_monitored,
            empty="Returns are scheduled for all money that is paid out.",
            order=63,
        )
    )
    slots.worklists.add(
        Worklist(
            "recoveries",
            "Recoveries and offsets",
            monitors,
            recoveries,
            empty="No recovery or offset waits for you.",
            order=64,
        )
    )
    slots.navigation.add(NavigationItem("Returns", "budgets:returns", monitors, 46))
    slots.demonstration_steps.add(
        DemonstrationStep("Monitoring returns, surpluses and recoveries", demonstration.load, order=48)
    )
