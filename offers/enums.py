"""Words the room uses for states and kinds. No queries here: rules and models both stand on it."""

from django.db.models import TextChoices


class LineStatus(TextChoices):
    """How far an offer line has got. Only a live line offers its cohort a budget now."""

    LIVE = "live", "Live"
    PLANNED = "planned", "Planned"
    SCOPING = "scoping", "Being scoped"
    PROPOSED = "proposed", "Proposed"


class EditionStatus(TextChoices):
    """Where an edition of a local offer stands. The moves between them are in `offers.rules.editions`."""

    DRAFT = "draft", "Draft"
    IN_CONSULTATION = "in-consultation", "In consultation"
    SUBMITTED = "submitted", "Waiting for approval"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SectionKind(TextChoices):
    """The template every local offer starts from, in the order of its sections."""

    INTRODUCTION = "introduction", "Introduction"
    WHO = "who-can-have-one", "Who can have one"
    TIMELINE = "timeline", "Timeline"
    BROKERAGE = "brokerage-and-support", "Brokerage and support"
    FUNDING = "funding", "Funding"
    CHANGE = "managing-change", "Managing change"
    EQUALITY = "equality", "Equality"
    HOW_TO_ASK = "how-to-ask", "How to ask"
    CONTACTS = "contacts-by-role", "Contacts"


class ChangeKind(TextChoices):
    """What of an edition is not as it was in the edition before."""

    SECTION = "section", "Text"
    PHASE = "phase", "Year or phase"
    LINE = "line", "Line of the timeline"
    FIGURE = "figure", "Figure"


class Standing(TextChoices):
    """What became of something the edition before promised."""

    REACHED = "reached", "Reached"
    KEPT = "kept", "Kept"
    FURTHER = "further", "Further on"
    NOT_DUE = "not-due", "Not due yet"
    MOVED = "moved", "Moved"
    LATE = "late", "Late"
    BACK = "back", "Put back"
    ENDED = "ended", "Ended"
    DROPPED = "dropped", "Dropped"


class ExplanationKind(TextChoices):
    """What an edition's author says something about: a kind of change, or the progress of a promise."""

    SECTION = ChangeKind.SECTION.value, "Reason for a change of the text"
    PHASE = ChangeKind.PHASE.value, "Reason for a change of a year or phase"
    LINE = ChangeKind.LINE.value, "Reason for a change of a line"
    FIGURE = ChangeKind.FIGURE.value, "About a figure"
    PROGRESS = "progress", "About progress"


class ContributionKind(TextChoices):
    """What somebody had a hand in, so that they do not approve it."""

    TEXT = "text", "Text"
    TIMELINE = "timeline", "Timeline"
    REASONS = "reasons", "Reasons and progress"
    ANSWERS = "answers", "Answers to comments"


class WritingPart(TextChoices):
    """The two versions a section is written in, each saved and kept as a draft by itself."""

    TEXT = "text", "Text"
    EASY_READ = "easy-read", "Easy read"
