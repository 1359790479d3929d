"""The one table of what may happen to a comment made in a consultation.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from phb_register.state_tables import StateTable


class CommentStatus(TextChoices):
    """Where a comment stands. The public reads it once it is shown, and its answer once it is answered."""

    RECEIVED = "received", "Waiting to be read"
    SHOWN = "shown", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    SET_ASIDE = "set-aside", "Set aside"


class SpokenAs(TextChoices):
    """Who somebody says they are. No name is asked for."""

    HOLDER = "holder", "Somebody who has, or could have, a personal health budget"
    CARER = "carer", "Somebody who looks after them"
    PROFESSIONAL = "professional", "Somebody who works in health or care"
    ORGANISATION = "organisation", "An organisation or a group"
    OTHER = "other", "Somebody else"


class SetAsideReason(TextChoices):
    """Why a comment is not shown."""

    NAMES_SOMEBODY = "names-somebody", "It tells who somebody is, and cannot be shown without that"
    OFFENSIVE = "offensive", "It is offensive or against the law"
    NOT_ABOUT_IT = "not-about-it", "It is not about this local offer"
    SAID_BEFORE = "said-before", "The same person said the same before"


@dataclass(frozen=True)
class CommentStep:
    """One thing that may be done to a comment. `verb` is also the last part of its page's address."""

    verb: str
    label: str
    from_status: CommentStatus | None
    to_status: CommentStatus


RECEIVE = CommentStep("receive", "Receive", None, CommentStatus.RECEIVED)
SHOW = CommentStep("show", "Show it to the public", CommentStatus.RECEIVED, CommentStatus.SHOWN)
SHOW_AFTER_ALL = CommentStep("show", "Show it to the public", CommentStatus.SET_ASIDE, CommentStatus.SHOWN)
ANSWER = CommentStep("answer", "Answer it", CommentStatus.SHOWN, CommentStatus.ANSWERED)
ANSWER_AGAIN = CommentStep("answer", "Change the answer", CommentStatus.ANSWERED, CommentStatus.ANSWERED)
SET_ASIDE = CommentStep("set-aside", "Set it aside", CommentStatus.RECEIVED, CommentStatus.SET_ASIDE)
SET_SHOWN_ASIDE = CommentStep("set-aside", "Set it aside", CommentStatus.SHOWN, CommentStatus.SET_ASIDE)

STEPS: tuple[CommentStep, ...] = (
    RECEIVE,
    SHOW,
    SHOW_AFTER_ALL,
    ANSWER,
    ANSWER_AGAIN,
    SET_ASIDE,
    SET_SHOWN_ASIDE,
)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid

#: What nobody has settled yet: an edition is not submitted before each is answered or set aside.
OPEN_STATUSES: tuple[CommentStatus, ...] = (CommentStatus.RECEIVED, CommentStatus.SHOWN)
#: What the public reads.
PUBLIC_STATUSES: tuple[CommentStatus, ...] = (CommentStatus.SHOWN, CommentStatus.ANSWERED)


def find(verb: str, status: str) -> CommentStep | None:
    """The step that `verb` is from a status, or None where it cannot be taken."""
    return next((step for step in steps_from(status) if step.verb == verb), None)
