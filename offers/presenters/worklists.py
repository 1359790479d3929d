"""What this room puts on the home page: editions that wait for somebody."""

import datetime as dt
from typing import Any

from django.urls import reverse

from offers.models import Edition
from offers.presenters.wording import spoken
from offers.selectors.pages import (
    failed_publication,
    returned_to_author,
    waiting_for_approval,
    waiting_for_publication,
)
from phb_register.slots import WorkItem


def to_approve(user: Any, today: dt.date) -> list[WorkItem]:
    """Editions that wait for this user's decision."""
    return [
        WorkItem(text=str(edition), url=_page(edition), why=f"{edition.author.full_name} submitted it for approval")
        for edition in waiting_for_approval(user)
    ]


def to_publish(user: Any, today: dt.date) -> list[WorkItem]:
    """Editions that are approved and not published yet, also where publication failed."""
    return [
        WorkItem(text=str(edition), url=_page(edition), why=_why_unpublished(edition))
        for edition in waiting_for_publication(user)
    ]


def returned(user: Any, today: dt.date) -> list[WorkItem]:
    """Drafts that came back, with the reason."""
    return [
        WorkItem(text=str(edition), url=_page(edition), why=f"{move.by.full_name} returned it: {move.reason}")
        for edition, move in returned_to_author(user)
    ]


def _why_unpublished(edition: Edition) -> str:
    if failed_publication(edition):
        return "Publication failed and can be asked for again"
    return f"Approved on {spoken(edition.day_approved)}" if edition.day_approved else "Approved"


def _page(edition: Edition) -> str:
    return reverse("offers:edition-progress", args=[edition.local_offer.slug, edition.number])
