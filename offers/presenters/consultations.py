"""Consultations on a page: their days, what was said, and what was answered."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from offers.models import CommentTransition, Consultation, ConsultationComment, ConsultationInvitation
from offers.presenters.wording import spoken
from offers.rules.comment_states import CommentStatus, steps_from
from offers.selectors.consultations import WHOLE, CommentCounts
from phb_register import safe_markdown
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_moment, summary
from phb_register.tables import Column, table_params

COMMENT_TAGS: dict[str, str] = {
    CommentStatus.RECEIVED: "nhsuk-tag--yellow",
    CommentStatus.SHOWN: "nhsuk-tag--blue",
    CommentStatus.ANSWERED: "nhsuk-tag--green",
    CommentStatus.SET_ASIDE: "nhsuk-tag--grey",
}
DONE_WORDS = {"show": "Shown to the public", "set-aside": "Set aside", "answer": "Answered"}
#: Heading of each step's page, and what is said once it is done.
STEP_WORDS = {
    "show": ("Show this comment to the public", "The comment is shown. It waits for an answer"),
    "set-aside": ("Set this comment aside", "The comment is set aside. The public does not see it"),
    "answer": ("Answer this comment", "The answer is on the record"),
}


def days(consultation: Consultation) -> str:
    """From when to when, in words."""
    return f"{spoken(consultation.opens_on)} to {spoken(consultation.closes_on)}"


def standing(consultation: Consultation, today: dt.date) -> str:
    """Whether comments are taken, in one sentence."""
    if consultation.closed_at is not None:
        return f"This consultation was closed on {spoken(timezone.localdate(consultation.closed_at))}."
    if today < consultation.opens_on:
        return f"This consultation opens on {spoken(consultation.opens_on)}."
    if today > consultation.closes_on:
        return f"This consultation took comments until {spoken(consultation.closes_on)}. They are being answered."
    return f"You can comment until the end of {spoken(consultation.closes_on)}."


def introduction(consultation: Consultation) -> str:
    """What the team would like to know, as HTML that is safe to show."""
    return safe_markdown.render(consultation.introduction)


def said_by(comment: ConsultationComment) -> str:
    """Who said it, as the public reads it: never a name of a person."""
    if comment.organisation:
        return comment.organisation
    if comment.spoken_as:
        return comment.get_spoken_as_display()
    return "An invited reader" if comment.by_id else "Somebody who did not say who they are"


def you_said_we_did(comments: Iterable[ConsultationComment], headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each comment as the public reads it, with what came of it."""
    return [
        {
            "number": number,
            "about": headings.get(comment.section, WHOLE),
            "said_by": said_by(comment),
            "said_on": spoken(timezone.localdate(comment.received_at)),
            "words": comment.shown_words,
            "answer": comment.answer,
            "tag": _changed_tag(comment),
        }
        for number, comment in enumerate(comments, start=1)
    ]


def facts(consultation: Consultation, counts: CommentCounts, today: dt.date) -> list[dict[str, Any]]:
    """What the team sees of a consultation."""
    rows: list[tuple[str, Any]] = [
        ("Edition", f"{consultation.edition.title}, edition {consultation.edition.number}"),
        ("Days", days(consultation)),
        ("Now", standing(consultation, today)),
        ("Opened by", f"{consultation.opened_by.full_name}, {spoken_moment(consultation.opened_at)}"),
        ("Comments", counted(counts.total, "comment", "comments")),
        ("Waiting to be read", str(counts.received)),
        ("Waiting for an answer", str(counts.shown)),
        ("Answered", str(counts.answered)),
        ("Set aside", str(counts.set_aside)),
    ]
    if consultation.closed_by is not None and consultation.closed_at is not None:
        closed = f"{consultation.closed_by.full_name}, {spoken_moment(consultation.closed_at)}"
        rows.insert(4, ("Closed by", closed))
    return summary(rows)


def comments_table(
    consultation: Consultation, comments: Sequence[ConsultationComment], headings: Mapping[str, str]
) -> dict[str, Any] | None:
    """The comments for the team, each linked to its page."""

    def address(comment: ConsultationComment) -> str:
        return reverse("offers:comment", args=[consultation.local_offer.slug, comment.reference])

    columns: list[Column[ConsultationComment]] = [
        Column("Comment", lambda each: Truncator(each.words).words(16), link=address),
        Column("About", lambda each: headings.get(each.section, WHOLE)),
        Column("From", lambda each: each.by.full_name if each.by else said_by(each)),
        Column("Received", lambda each: spoken(timezone.localdate(each.received_at))),
        Column("Where it stands", lambda each: render_component("tag", comment_tag(each))),
    ]
    return table_params(columns, comments, caption="Comments", is_stacked=True) if comments else None


def invitations_table(invitations: Sequence[ConsultationInvitation]) -> dict[str, Any] | None:
    """Who was invited, and whether they said something."""
    return (
        table_params(_INVITATION_COLUMNS, invitations, caption="Invited users", is_stacked=True)
        if invitations
        else None
    )


def consultations_table(consultations: Sequence[Consultation]) -> dict[str, Any] | None:
    """The consultations of an edition or offer, for the team."""
    if not consultations:
        return None
    return table_params(_CONSULTATION_COLUMNS, consultations, caption="Consultations", is_responsive=True)


def comment_tag(comment: ConsultationComment) -> dict[str, str]:
    """The tag that says where a comment stands."""
    return {"text": comment.get_status_display(), "classes": COMMENT_TAGS[comment.status]}


def comment_facts(comment: ConsultationComment, headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the team sees of a comment."""
    rows: list[tuple[str, Any]] = [
        ("About", headings.get(comment.section, WHOLE)),
        ("From", f"{comment.by.full_name}, invited" if comment.by else said_by(comment)),
        ("Received", spoken_moment(comment.received_at)),
    ]
    if comment.set_aside_reason:
        rows.append(("Set aside because", comment.get_set_aside_reason_display()))
    return summary(rows)


def comment_buttons(comment: ConsultationComment, *, may_change: bool) -> list[dict[str, Any]]:
    """What may be done to a comment now; the first is the main one."""
    steps = steps_from(comment.status) if may_change else []
    slug = comment.consultation.local_offer.slug
    return [
        {
            "text": step.label,
            "href": reverse("offers:comment-step", args=[slug, comment.reference, step.verb]),
            "variant": None if index == 0 else "secondary",
        }
        for index, step in enumerate(steps)
    ]


def comment_history(steps: Sequence[CommentTransition]) -> dict[str, Any] | None:
    """What was done to a comment."""
    return (
        table_params(_STEP_COLUMNS, steps, caption="What happened to this comment", is_stacked=True) if steps else None
    )


def notice(consultation: Consultation | None) -> dict[str, str] | None:
    """On the offer's own pages: that a draft of its next edition is in consultation."""
    if consultation is None:
        return None
    return {
        "href": reverse("offers:consultation", args=[consultation.local_offer.slug, consultation.number]),
        "until": spoken(consultation.closes_on),
    }


def _changed_tag(comment: ConsultationComment) -> dict[str, str] | None:
    if comment.is_offer_changed is None:
        return None
    if comment.is_offer_changed:
        return {"text": "The offer was changed", "classes": "nhsuk-tag--green"}
    return {"text": "The offer was not changed", "classes": "nhsuk-tag--grey"}


_INVITATION_COLUMNS: list[Column[ConsultationInvitation]] = [
    Column("Name", lambda each: each.user.full_name),
    Column("E-mail address", lambda each: each.user.email),
    Column("Invited", lambda each: f"{spoken_moment(each.invited_at)} by {each.invited_by.full_name}"),
    Column("Commented", lambda each: "Yes" if getattr(each, "has_commented", False) else "Not yet"),
]

_CONSULTATION_COLUMNS: list[Column[Consultation]] = [
    Column(
        "Consultation",
        lambda each: format_html("Consultation {}", each.number),
        link=lambda each: reverse("offers:run-consultation", args=[each.local_offer.slug, each.number]),
    ),
    Column("First day", lambda each: spoken(each.opens_on)),
    Column("Last day", lambda each: spoken(each.closes_on)),
    Column("Closed", lambda each: spoken(timezone.localdate(each.closed_at)) if each.closed_at else "Not yet"),
]

_STEP_COLUMNS: list[Column[CommentTransition]] = [
    Column("What", lambda each: DONE_WORDS[each.verb]),
    Column("When", lambda each: spoken_moment(each.at)),
    Column("Who", lambda each: each.by.full_name),
    Column("Note", lambda each: each.note),
]
