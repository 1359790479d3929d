"""Delegated healthcare tasks on the worklist and on their own list."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from budgets.models import DelegatedTask, TaskSignOff
from budgets.presenters.support_plans import plan_url
from phb_register.presenters import spoken_date
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params


def sign_off_url(task: DelegatedTask) -> str:
    """Where a task is signed off again."""
    return plan_url(task.plan, "sign-off", task.key)


def runs_out_words(sign_off: TaskSignOff, today: dt.date) -> str:
    """When a sign-off runs out, or that it has."""
    if sign_off.valid_until < today:
        return f"Ran out on {spoken_date(sign_off.valid_until)}: the task is not done until it is signed off again"
    return f"Runs out after {spoken_date(sign_off.valid_until)}"


def sign_off_item(sign_off: TaskSignOff, today: dt.date) -> WorkItem:
    """A sign-off that runs out, on the home page."""
    task = sign_off.task
    return WorkItem(
        text=f"Renew the sign-off for {task.plan.referral.person}: {task.task}, {task.assistant_name}",
        url=sign_off_url(task),
        why=runs_out_words(sign_off, today),
        due_on=sign_off.valid_until,
    )


def never_signed_off_item(task: DelegatedTask) -> WorkItem:
    """A task that nobody signed off yet, on the home page."""
    return WorkItem(
        text=f"Have {task.assistant_name} signed off for {task.plan.referral.person}: {task.task}",
        url=sign_off_url(task),
        why="The plan is in force, and nobody has signed this off: the assistant does not do it",
    )


def never_signed_off_table(rows: Iterable[DelegatedTask]) -> dict[str, Any]:
    """Tasks that nobody signed off yet."""
    columns: list[Column[DelegatedTask]] = [
        Column("Person", lambda row: row.plan.referral.person),
        Column("Task", lambda row: row.task, link=sign_off_url),
        Column("Personal assistant", lambda row: row.assistant_name),
        Column("Plan in force since", lambda row: spoken_date(row.plan.in_force_from)),
    ]
    return table_params(columns, rows, caption="Not signed off yet: the assistant does not do it", is_responsive=True)


def sign_offs_table(rows: Iterable[TaskSignOff], today: dt.date) -> dict[str, Any]:
    """Sign-offs that run out, the first to run out first."""
    columns: list[Column[TaskSignOff]] = [
        Column("Person", lambda row: row.task.plan.referral.person),
        Column("Task", lambda row: row.task.task, link=lambda row: sign_off_url(row.task)),
        Column("Personal assistant", lambda row: row.task.assistant_name),
        Column("Signed off by", lambda row: row.signed_off_by),
        Column("Until", lambda row: runs_out_words(row, today)),
    ]
    caption = "Sign-offs that have run out or soon will"
    return table_params(columns, rows, caption=caption, is_responsive=True)
