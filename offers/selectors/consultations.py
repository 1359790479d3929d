"""What is read of consultations: by the public, by invited users, by the team, and by the snapshot of an edition."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from offers.enums import EditionStatus
from offers.models import CommentTransition, Consultation, ConsultationComment, ConsultationInvitation, LocalOffer
from offers.models.consultations import ConsultationQuerySet
from offers.rules.comment_states import CommentStatus
from phb_register.roles import Permission

#: What a comment on no section in particular is about.
WHOLE = "The whole local offer"


@dataclass(frozen=True)
class CommentCounts:
    """How many comments a consultation has, by where they stand."""

    received: int
    shown: int
    answered: int
    set_aside: int

    @property
    def total(self) -> int:
        """All that were sent."""
        return self.received + self.shown + self.answered + self.set_aside

    @property
    def is_settled(self) -> bool:
        """Whether each is answered or set aside."""
        return not self.received and not self.shown


def section_headings(consultation: Consultation) -> dict[str, str]:
    """The sections put to the public, by their kind, in their order."""
    return {each["kind"]: each["heading"] for each in consultation.snapshot["sections"]}


def summary_of(edition: Any) -> dict[str, Any] | None:
    """What an edition says of its consultations, for its snapshot; None where there was none.

    All its consultations together: the first day, the day the last was closed, how many comments were sent, and each
    that was answered, as it is shown, with its answer.
    """
    rounds = list(Consultation.objects.filter(edition=edition).order_by("number"))
    if not rounds:
        return None
    headings: dict[str, str] = {}
    for each in rounds:
        headings |= section_headings(each)
    comments = list(ConsultationComment.objects.filter(consultation__in=rounds).order_by("received_at", "pk"))
    answered = [each for each in comments if each.status == CommentStatus.ANSWERED]
    last = rounds[-1]
    return {
        "opened_on": rounds[0].opens_on.isoformat(),
        "closed_on": timezone.localdate(last.closed_at).isoformat() if last.closed_at else None,
        "comments": len(comments),
        "answers": [
            {"section": headings.get(each.section, WHOLE), "comment": each.shown_words, "answer": each.answer}
            for each in _in_order(answered, list(headings))
        ],
    }


def count_open_comments(edition: Any) -> int:
    """How many comments on an edition are neither answered nor set aside."""
    return ConsultationComment.objects.still_open().filter(consultation__edition=edition).count()


def public_consultations(offer: LocalOffer, today: dt.date) -> list[Consultation]:
    """The consultations that anybody may read, the latest first."""
    return list(_public(today).light().filter(local_offer=offer).with_edition().order_by("-number"))


def public_consultation(slug: str, number: int, today: dt.date) -> Consultation | None:
    """One of them, with the text that was put to the public."""
    rows = _public(today).filter(local_offer__slug=slug, number=number)
    return rows.with_edition().first()


def shown_comments(consultation: Consultation) -> QuerySet[ConsultationComment]:
    """What the public reads of what was said, the first first."""
    return ConsultationComment.objects.public().filter(consultation=consultation).order_by("received_at", "pk")


def consultation_of(user: Any, permission: Permission, slug: str, number: int) -> Consultation | None:
    """A consultation for the team, on the terms of its offer."""
    rows = Consultation.objects.visible_to(user, permission).light().filter(local_offer__slug=slug, number=number)
    return rows.with_edition().select_related("opened_by", "closed_by").first()


def consultations_of(edition: Any) -> list[Consultation]:
    """The consultations on one edition, the latest first."""
    return list(Consultation.objects.light().with_edition().filter(edition=edition).order_by("-number"))


def comment_counts(consultation: Consultation) -> CommentCounts:
    """How many comments stand where."""
    counted = dict(
        ConsultationComment.objects.filter(consultation=consultation)
        .order_by("status")
        .values_list("status")
        .annotate(Count("pk"))
    )
    return CommentCounts(
        received=counted.get(CommentStatus.RECEIVED, 0),
        shown=counted.get(CommentStatus.SHOWN, 0),
        answered=counted.get(CommentStatus.ANSWERED, 0),
        set_aside=counted.get(CommentStatus.SET_ASIDE, 0),
    )


def comments_of(consultation: Consultation, status: str = "") -> QuerySet[ConsultationComment]:
    """The comments of a consultation for the team, the first first; those that stand somewhere where that is given."""
    rows = ConsultationComment.objects.filter(consultation=consultation).select_related("by")
    return (rows.filter(status=status) if status in CommentStatus.values else rows).order_by("received_at", "pk")


def comment_of(user: Any, permission: Permission, slug: str, reference: Any) -> ConsultationComment | None:
    """One comment, on the terms of its offer."""
    consultations = Consultation.objects.visible_to(user, permission).filter(local_offer__slug=slug)
    rows = ConsultationComment.objects.filter(reference=reference, consultation__in=consultations)
    with_edition = rows.select_related("consultation__local_offer__commissioner", "consultation__edition")
    return with_edition.select_related("by", "answered_by").defer("consultation__edition__snapshot").first()


def steps_taken(comment: ConsultationComment) -> list[CommentTransition]:
    """What happened to a comment, the first first."""
    return list(CommentTransition.objects.filter(comment=comment).select_related("by"))


def invitations_of(consultation: Consultation) -> list[ConsultationInvitation]:
    """Who was invited, by name, each with `has_commented`."""
    said = ConsultationComment.objects.filter(consultation=consultation, by=OuterRef("user"))
    rows = ConsultationInvitation.objects.filter(consultation=consultation).select_related("user", "invited_by")
    return list(rows.annotate(has_commented=Exists(said)).order_by("user__full_name", "pk"))


def invited_consultation(user: Any, slug: str, number: int) -> Consultation | None:
    """The consultation that a user is invited to, with its text; to anybody else there is none."""
    rows = Consultation.objects.filter(local_offer__slug=slug, number=number, invitations__user=user)
    return rows.with_edition().first()


def own_comments(consultation: Consultation, user: Any) -> list[ConsultationComment]:
    """What a user said in a consultation."""
    return list(ConsultationComment.objects.filter(consultation=consultation, by=user).order_by("received_at", "pk"))


def waiting_for_comment(user: Any, today: dt.date) -> list[Consultation]:
    """The consultations that a user is invited to, can comment on today, and said nothing in yet."""
    said = ConsultationComment.objects.filter(consultation=OuterRef("pk"), by=user)
    rows = Consultation.objects.light().running().filter(invitations__user=user).exclude(Exists(said))
    days = rows.filter(opens_on__lte=today, closes_on__gte=today)
    return list(days.with_edition().order_by("closes_on", "pk"))


def consultations_to_work_on(user: Any, today: dt.date) -> list[Consultation]:
    """The consultations on drafts the user writes that have comments to read or answer, or are to be closed.

    Each has `received` and `shown`: how many comments wait to be read, and for an answer.
    """
    waiting = {
        status: Count("comments", filter=Q(comments__status=status))
        for status in (CommentStatus.RECEIVED, CommentStatus.SHOWN)
    }
    rows = (
        Consultation.objects.visible_to(user, Permission.WRITE_OFFERS)
        .light()
        .filter(edition__status__in=(EditionStatus.DRAFT, EditionStatus.IN_CONSULTATION))
        .annotate(received=waiting[CommentStatus.RECEIVED], shown=waiting[CommentStatus.SHOWN])
    )
    found = rows.filter(Q(closed_at__isnull=True, closes_on__lt=today) | Q(received__gt=0) | Q(shown__gt=0))
    return list(found.with_edition().order_by("closes_on", "pk"))


def _public(today: dt.date) -> ConsultationQuerySet:
    """A draft that was withdrawn is no longer shown, nor what was said of it."""
    return Consultation.objects.filter(opens_on__lte=today).exclude(edition__status=EditionStatus.WITHDRAWN)


def _in_order(comments: list[ConsultationComment], kinds: list[str]) -> list[ConsultationComment]:
    """By section, those on the whole first; of one section the first first."""
    return sorted(comments, key=lambda each: kinds.index(each.section) if each.section in kinds else -1)
