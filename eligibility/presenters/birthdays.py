"""Birthdays to review: on the worklist, in the list, on their page."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from eligibility.models import BirthdayReview
from eligibility.rules.birthdays import is_overdue
from eligibility.selectors.birthdays import BirthdayTask
from phb_register.presenters import counted, spoken_date, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params


def review_url(task: BirthdayTask) -> str:
    """Where the birthday is reviewed."""
    return reverse("eligibility:review-birthday", args=[task.person.reference, task.reviewed.age])


def when_words(task: BirthdayTask, today: dt.date) -> str:
    """When the birthday is, and how far off; overdue once it has come."""
    if is_overdue(task.person.born_on, task.reviewed.age, today):
        return f"{spoken_date(task.on)}, overdue"
    return f"{spoken_date(task.on)}, in {counted((task.on - today).days, 'day', 'days')}"


def birthday_item(task: BirthdayTask) -> WorkItem:
    """A birthday on the home page."""
    return WorkItem(
        text=f"{task.person.display_name}: {task.reviewed.title}",
        url=review_url(task),
        why=f"{task.reviewed.why}. Nothing ends by itself",
        due_on=task.on,
    )


def birthdays_table(tasks: Iterable[BirthdayTask], today: dt.date) -> dict[str, Any]:
    """The parameters of the table of birthdays to review."""
    columns: list[Column[BirthdayTask]] = [
        Column("Person", lambda task: task.person.display_name, link=review_url),
        Column("Birthday", lambda task: task.reviewed.title),
        Column("When", lambda task: when_words(task, today)),
        Column("Why", lambda task: task.reviewed.why),
        Column("Commissioner", lambda task: task.person.commissioner.name),
    ]
    caption = "Birthdays to review"
    return table_params(columns, tasks, caption=caption, caption_classes="nhsuk-u-visually-hidden", is_responsive=True)


def birthday_rows(task: BirthdayTask, today: dt.date) -> list[dict[str, Any]]:
    """What the page of one birthday says."""
    return summary(
        [
            ("Person", task.person.display_name),
            ("NHS number", task.person.display_nhs_number),
            ("Date of birth", spoken_date(task.person.born_on)),
            (task.reviewed.title, when_words(task, today)),
            ("Why it is reviewed", task.reviewed.why),
        ]
    )


def review_rows(review: BirthdayReview) -> list[dict[str, Any]]:
    """A review that was made."""
    return summary(
        [
            ("Reviewed on", spoken_date(review.reviewed_on)),
            ("Reviewed by", review.reviewed_by),
            ("Found and agreed", review.outcome),
        ]
    )
