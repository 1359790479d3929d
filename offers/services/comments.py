"""Comments in a consultation: sent by the public or by invited users, read by the team, answered on the record."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from offers import policies
from offers.enums import ContributionKind
from offers.exceptions import TextIsLocked, TransitionRefused
from offers.models import CommentTransition, Consultation, ConsultationComment
from offers.models.consultations import LONGEST_COMMENT
from offers.rules.comment_states import CommentStatus, CommentStep, SetAsideReason, SpokenAs, find
from offers.rules.editions import FROZEN_STATUSES, LOCKING_STATUSES
from offers.selectors.consultations import section_headings
from offers.services import contributions
from offers.services.editions import locked
from phb_register import audit, clock, static_copy
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

OVER = "This consultation takes no comments now. Look at its page for the days on which it does"


@transaction.atomic
def send_comment(
    *,
    consultation: Consultation,
    form_key: uuid.UUID,
    words: str,
    section: str = "",
    spoken_as: str = "",
    organisation: str = "",
    by: User | None = None,
    at: dt.datetime | None = None,
) -> ConsultationComment:
    """Take a comment: from the public without `by`, else from a user who is invited.

    One page of the form (`form_key`) is one comment, however often it is sent. Raises `Refused` where nothing is said,
    the section is not one of those put to the public, or the consultation takes no comments on the day;
    `TransitionRefused` for a user who is not invited.
    """
    moment = at or clock.now()
    rows = Consultation.objects.select_related("local_offer__commissioner").select_for_update(of=("self",))
    held = rows.get(pk=consultation.pk)
    sent_before = ConsultationComment.objects.filter(form_key=form_key).first()
    if sent_before is not None:
        return sent_before
    if by is not None and not held.invitations.filter(user=by).exists():
        raise TransitionRefused("You are not invited. Write your comment on the public page")
    if not held.takes_comments(timezone.localdate(moment)):
        raise TransitionRefused(OVER)
    _check_words(words, "your comment", "words")
    if section and section not in section_headings(held):
        raise Refused("Select which part it is about", field="section")
    if spoken_as and spoken_as not in SpokenAs.values:
        raise Refused("Select who you are", field="spoken_as")
    comment = ConsultationComment.objects.create(
        consultation=held,
        form_key=form_key,
        section=section,
        words=words.strip(),
        spoken_as=spoken_as,
        organisation=organisation.strip() if spoken_as == SpokenAs.ORGANISATION else "",
        by=by,
        received_at=moment,
    )
    audit.record(actor=by, action="send-comment", subject=comment, commissioner=held.local_offer.commissioner)
    return comment


@transaction.atomic
def show_comment(
    *, comment: ConsultationComment, shown_words: str, by: User, at: dt.datetime | None = None
) -> ConsultationComment:
    """Show a comment to the public, in its own words but for what tells who somebody is.

    Raises `PermissionDenied`, `TransitionRefused`, `TextIsLocked`, or `Refused` where nothing would be shown.
    """
    held, step = _held(comment, "show", by=by)
    _check_words(shown_words, "the comment as it is to be shown", "shown_words")
    held.shown_words, held.set_aside_reason = shown_words.strip(), ""
    is_as_sent = held.shown_words == held.words
    if not is_as_sent:
        # The edition prints what was answered, in these words.
        contributions.note(offer=held.consultation.local_offer, by=by, to=ContributionKind.ANSWERS)
    return _take(held, step, by=by, at=at, note="" if is_as_sent else "Words were taken out")


@transaction.atomic
def set_aside_comment(
    *, comment: ConsultationComment, reason: str, by: User, note: str = "", at: dt.datetime | None = None
) -> ConsultationComment:
    """Do not show a comment, for one of few reasons; it is kept, counted, and can be shown after all.

    Raises as `show_comment` does.
    """
    held, step = _held(comment, "set-aside", by=by)
    if reason not in SetAsideReason.values:
        raise Refused("Select why it is set aside", field="reason")
    held.set_aside_reason = reason
    return _take(held, step, by=by, at=at, note=note)


@transaction.atomic
def answer_comment(
    *,
    comment: ConsultationComment,
    answer: str,
    is_offer_changed: bool,
    by: User,
    at: dt.datetime | None = None,
) -> ConsultationComment:
    """Say on the record what comes of a comment, and whether the offer was changed for it; or say it anew.

    The answer before stays in the comment's history. Raises as `show_comment` does.
    """
    held, step = _held(comment, "answer", by=by)
    _check_words(answer, "the answer", "answer")
    before = held.answer
    held.answer, held.is_offer_changed = answer.strip(), is_offer_changed
    held.answered_by, held.answered_at = by, at or clock.now()
    # An answer is part of what is approved, so whoever wrote one does not approve it.
    contributions.note(offer=held.consultation.local_offer, by=by, to=ContributionKind.ANSWERS)
    return _take(held, step, by=by, at=at, note=f"The answer before: {before}" if before else "")


def _held(comment: ConsultationComment, verb: str, *, by: User) -> tuple[ConsultationComment, CommentStep]:
    """The comment as it is now, held with its offer and edition, and the step it takes, if it may take it."""
    edition = locked(comment.consultation.edition)
    policies.check_permission(by, Permission.WRITE_OFFERS, edition.local_offer)
    held = ConsultationComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if edition.status in (*LOCKING_STATUSES, *FROZEN_STATUSES):
        raise TextIsLocked(
            f"Edition {edition.number} is {edition.get_status_display().lower()}, and its comments and answers stay "
            "with it as they are"
        )
    step = find(verb, held.status)
    if step is None:
        raise TransitionRefused(
            f"This comment is {CommentStatus(held.status).label.lower()} now. Open it again to see what can be done"
        )
    return held, step


def _take(
    comment: ConsultationComment, step: CommentStep, *, by: User, at: dt.datetime | None, note: str
) -> ConsultationComment:
    comment.status = step.to_status
    comment.save()
    CommentTransition.objects.create(
        comment=comment,
        verb=step.verb,
        from_status=step.from_status or "",
        to_status=step.to_status,
        by=by,
        at=at or clock.now(),
        note=note.strip(),
    )
    commissioner = comment.consultation.local_offer.commissioner
    audit.record(actor=by, action=f"{step.verb}-comment", subject=comment, commissioner=commissioner)
    static_copy.ask_for_copy()
    return comment


def _check_words(words: str, what: str, field: str) -> None:
    if not words.strip():
        raise Refused(f"Enter {what}", field=field)
    if len(words) > LONGEST_COMMENT:
        raise Refused(f"Write at most {LONGEST_COMMENT:,} characters", field=field)
