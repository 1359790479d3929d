"""What each page of a consultation is given."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from offers import policies
from offers.models import Consultation, ConsultationComment
from offers.presenters import consultations as presenter
from offers.presenters.pages import reading_context
from offers.rules.comment_states import CommentStatus
from offers.rules.editions import FROZEN_STATUSES, LOCKING_STATUSES, Verb
from offers.rules.reading import read
from offers.selectors import consultations as selector
from phb_register.roles import Permission


def public_page(consultation: Consultation, shown: Sequence[ConsultationComment], today: dt.date) -> dict[str, Any]:
    """The consultation as everybody reads it: the draft that was put to them, comments and answers."""
    counts = selector.comment_counts(consultation)
    takes_comments = consultation.takes_comments(today)
    return {
        "offer": consultation.local_offer,
        "edition": consultation.edition,
        "consultation": consultation,
        "standing": presenter.standing(consultation, today),
        "days": presenter.days(consultation),
        "introduction": presenter.introduction(consultation),
        "comments": presenter.you_said_we_did(shown, selector.section_headings(consultation)),
        "counts": counts,
        "unseen": counts.received,
        "comment_url": _public_url("comment-publicly", consultation) if takes_comments else "",
        **reading_context(read(consultation.snapshot)),
    }


def desk(
    consultation: Consultation, comments: Sequence[ConsultationComment], user: Any, today: dt.date
) -> dict[str, Any]:
    """The consultation as the team sees it."""
    may_write = policies.can(user, Permission.WRITE_OFFERS, consultation.local_offer)
    counts = selector.comment_counts(consultation)
    return {
        "offer": consultation.local_offer,
        "edition": consultation.edition,
        "consultation": consultation,
        "facts": presenter.facts(consultation, counts, today),
        "is_settled": counts.is_settled,
        "invitations": presenter.invitations_table(selector.invitations_of(consultation)),
        "comments": presenter.comments_table(consultation, comments, selector.section_headings(consultation)),
        "buttons": _desk_buttons(consultation) if may_write and not consultation.is_closed else [],
        "filters": [("", "All"), *CommentStatus.choices],
        "public_url": _public_url("consultation", consultation),
    }


def comment_page(comment: ConsultationComment, user: Any) -> dict[str, Any]:
    """One comment as the team sees it."""
    consultation = comment.consultation
    may_write = policies.can(user, Permission.WRITE_OFFERS, consultation.local_offer)
    is_locked = consultation.edition.status in (*LOCKING_STATUSES, *FROZEN_STATUSES)
    return {
        "offer": consultation.local_offer,
        "consultation": consultation,
        "comment": comment,
        "tag": presenter.comment_tag(comment),
        "facts": presenter.comment_facts(comment, selector.section_headings(consultation)),
        "buttons": presenter.comment_buttons(comment, may_change=may_write and not is_locked),
        "history": presenter.comment_history(selector.steps_taken(comment)),
        "is_locked": is_locked,
    }


def invited_page(consultation: Consultation, user: Any, today: dt.date) -> dict[str, Any]:
    """The page on which an invited user reads the draft and comments on it."""
    own = selector.own_comments(consultation, user)
    return {
        "offer": consultation.local_offer,
        "edition": consultation.edition,
        "consultation": consultation,
        "standing": presenter.standing(consultation, today),
        "introduction": presenter.introduction(consultation),
        "takes_comments": consultation.takes_comments(today),
        "own": own,
        **reading_context(read(consultation.snapshot)),
    }


def _public_url(name: str, consultation: Consultation) -> str:
    return reverse(f"offers:{name}", args=[consultation.local_offer.slug, consultation.number])


def _desk_buttons(consultation: Consultation) -> list[dict[str, Any]]:
    slug, edition = consultation.local_offer.slug, consultation.edition
    desk = [slug, consultation.number]
    return [
        {"text": "Invite users to comment", "href": reverse("offers:invite-to-consultation", args=desk)},
        {
            "text": "Give people more time",
            "href": reverse("offers:lengthen-consultation", args=desk),
            "variant": "secondary",
        },
        {
            "text": "Close the consultation",
            "href": reverse(f"offers:edition-{Verb.CLOSE_CONSULTATION}", args=[slug, edition.number]),
            "variant": "secondary",
        },
    ]
