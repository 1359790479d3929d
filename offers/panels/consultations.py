"""Consultations, feedback and reviews on pages that are not their own: worklists, the foot of public pages."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from offers.demonstration import consultations as demonstration
from offers.presenters.feedback import due_words
from offers.presenters.wording import spoken
from offers.selectors.consultations import consultations_to_work_on, waiting_for_comment
from offers.selectors.feedback import feedback_of, reviews_due
from offers.slots import ReaderLink, reader_links
from phb_register import slots
from phb_register.presenters import counted
from phb_register.roles import Permission
from phb_register.slots import SHOWN_AT_MOST, DemonstrationStep, FooterLink, WorkItem, Worklist


def invited(user: Any, today: dt.date) -> list[WorkItem]:
    """Drafts that the user was asked to comment on, and has not yet."""
    return [
        WorkItem(
            text=f"{each.local_offer.title}, edition {each.edition.number}",
            url=reverse("offers:invited-comment", args=[each.local_offer.slug, each.number]),
            why=f"You are invited to comment until {spoken(each.closes_on)}",
            due_on=each.closes_on,
        )
        for each in waiting_for_comment(user, today)
    ]


def running(user: Any, today: dt.date) -> list[WorkItem]:
    """Consultations with something to read, to answer or to close."""
    return [
        WorkItem(
            text=f"{each.local_offer.title}, consultation {each.number}",
            url=reverse("offers:run-consultation", args=[each.local_offer.slug, each.number]),
            why=_why(each, today),
            due_on=None if each.is_closed else each.closes_on,
        )
        for each in consultations_to_work_on(user, today)
    ]


def feedback(user: Any, today: dt.date) -> list[WorkItem]:
    """What readers wrote that nobody has dealt with."""
    return [
        WorkItem(
            text=each.get_kind_display(),
            url=reverse("offers:one-feedback", args=[each.reference]),
            why=f"{each.local_offer.title if each.local_offer else 'About no local offer in particular'}, "
            f"received on {spoken(timezone.localdate(each.received_at))}",
        )
        for each in feedback_of(user, is_waiting=True)[:SHOWN_AT_MOST]
    ]


def count_feedback(user: Any, today: dt.date) -> int:
    """How much of it there is."""
    return feedback_of(user, is_waiting=True).count()


def to_review(user: Any, today: dt.date) -> list[WorkItem]:
    """Offers whose public pages are to be looked through."""
    return [
        WorkItem(
            text=offer.title,
            url=reverse("offers:review-offer", args=[offer.slug]),
            why=due_words(review),
            due_on=review.due_on,
        )
        for offer, review in reviews_due(user, today)
    ]


def feedback_url(path: str) -> str:
    """The feedback form for a page; from the form itself, just the form."""
    form = reverse("offers:feedback")
    return form if path.startswith(form) else f"{form}?{urlencode({'page': path})}"


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.public_footer.add(FooterLink("Give feedback on this page", feedback_url, order=10))
    reader_links.add(
        ReaderLink(
            "How to ask for a personal health budget",
            lambda offer: reverse("offers:how-to-ask", args=[offer.slug]),
            order=50,
        )
    )
    slots.worklists.add(Worklist("consultations-invited", "Your comment is asked for", None, invited, order=59))
    slots.worklists.add(
        Worklist(
            "consultations",
            "Consultations on local offers",
            Permission.WRITE_OFFERS,
            running,
            empty="No consultation waits for anything.",
            order=63,
        )
    )
    slots.worklists.add(
        Worklist(
            "feedback",
            "Feedback from readers",
            Permission.WRITE_OFFERS,
            feedback,
            empty="No feedback waits.",
            order=64,
            count=count_feedback,
            url=lambda: reverse("offers:feedback-received"),
        )
    )
    slots.worklists.add(
        Worklist(
            "offers-to-review",
            "Local offers to look through",
            Permission.WRITE_OFFERS,
            to_review,
            empty="No local offer is to be looked through yet.",
            order=65,
        )
    )
    slots.demonstration_steps.add(
        DemonstrationStep("What readers say of the local offers", demonstration.load_feedback, order=63)
    )
    slots.demonstration_steps.add(DemonstrationStep("A draft in consultation", demonstration.load_running, order=64))


def _why(consultation: Any, today: dt.date) -> str:
    waiting = [
        counted(consultation.received, "comment", "comments") + " to read" if consultation.received else "",
        counted(consultation.shown, "comment", "comments") + " to answer" if consultation.shown else "",
        "Its last day is over: close it" if not consultation.is_closed and today > consultation.closes_on else "",
    ]
    return ". ".join(each for each in waiting if each)
