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
