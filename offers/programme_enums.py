"""Words of the programme behind a local offer. No queries here: rules and models both stand on it."""

from django.db.models import IntegerChoices, TextChoices


class ToolKind(TextChoices):
    """The tools of a programme, in the order of its page. The value is the tool's address."""

    VISION = "vision", "One-page vision"
    SWOC = "swoc", "Where to start (SWOC)"
    BODIES = "governance-bodies", "Governance bodies"
    WORKSTREAMS = "workstreams", "Workstreams"
    DELIVERABLES = "deliverables", "Deliverables"
    CAPS = "phase-caps", "Phase caps"
    INDICATORS = "key-performance-indicators", "Key performance indicators"
    RISKS = "risks", "Risks"
    EVENTS = "engagement-events", "Engagement events"
    STAKEHOLDERS = "stakeholder-needs", "Stakeholder needs"
    DEVELOPMENT = "development-needs", "Development needs"


class WorkStatus(TextChoices):
    """How far a piece of work has got: a deliverable, or what somebody needs."""

    PLANNED = "planned", "Planned"
    UNDER_WAY = "under-way", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class RiskStatus(TextChoices):
    """Whether a risk still needs work. An accepted one is lived with, and looked at again."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    RESOLVED = "resolved", "Resolved"


class EventStatus(TextChoices):
    """Whether an engagement event took place."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Likelihood(IntegerChoices):
    """How likely a risk is to happen, as the NHS scores it."""

    RARE = 1, "1, rare"
    UNLIKELY = 2, "2, unlikely"
    POSSIBLE = 3, "3, possible"
    LIKELY = 4, "4, likely"
    ALMOST_CERTAIN = 5, "5, almost certain"


class Impact(IntegerChoices):
    """How much it would matter if it happened."""

    NEGLIGIBLE = 1, "1, negligible"
    MINOR = 2, "2, minor"
    MODERATE = 3, "3, moderate"
    MAJOR = 4, "4, major"
    CATASTROPHIC = 5, "5, catastrophic"


class Certainty(TextChoices):
    """How sure a phase cap is."""

    AGREED = "agreed", "Agreed"
    EXPECTED = "expected", "Expected, to be confirmed"


class Direction(TextChoices):
    """Which way an indicator should move."""

    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"


class Level(TextChoices):
    """How much interest or influence a stakeholder has."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Depth(TextChoices):
    """What staff need, from hearing of budgets to working with one person's."""

    AWARENESS = "awareness", "To know what budgets are"
    ROLE = "role", "To play their part in the pathway"
    SKILL = "skill", "A skill for one person's budget"


class Place(TextChoices):
    """What a comparison of places to start came to, for one of them."""

    UNDECIDED = "undecided", "Not decided yet"
    START = "start", "Start here"
    NEXT = "next", "Next"
    NOT_NOW = "not-now", "Not now"
