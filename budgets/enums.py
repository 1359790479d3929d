"""The closed lists of this room. Their values are stored, so a value is never renamed, only added."""

from enum import StrEnum

from django.db.models import TextChoices


class Method(TextChoices):
    """The three ways to manage the money; a PHB with parts of more than one is mixed."""

    NOTIONAL = "notional", "Notional budget"
    THIRD_PARTY = "third_party", "Third-party budget"
    DIRECT_PAYMENT = "direct_payment", "Direct payment"


class Funder(TextChoices):
    """Who pays a share. A PHB has an NHS share; with others beside it, it is an integrated personal budget."""

    NHS = "nhs", "NHS"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    EDUCATION = "education", "Education"


class LivesIn(TextChoices):
    """Where the person lives; decides whether a PHB counts in uptake in the community."""

    HOME = "home", "Their own or a family home"
    CARE_HOME = "care_home", "A care home"


class SupportKind(TextChoices):
    """What a support organisation does for people with a PHB; one may do several things."""

    THIRD_PARTY = "third_party", "Third party (individual service fund)"
    PROVIDER = "provider", "Provider of care or services"
    BROKER = "broker", "Broker"
    PAYROLL = "payroll", "Payroll"
    CARE_AGENCY = "care_agency", "Care agency"
    ADVICE = "advice", "Advice and support"


class EndReason(TextChoices):
    """Why a PHB ended. Every end has one."""

    DIED = "died", "The person died"
    MOVED = "moved_to_another_commissioner", "The person moved to another commissioner"
    NOT_ELIGIBLE = "no_longer_eligible", "The person is no longer eligible"
    CARE_HOME = "moved_to_a_care_home", "The person moved to a care home"
    CONVENTIONAL_CARE = "chose_conventional_care", "The person chose conventional care"
    HOSPITAL = "long_stay_in_hospital", "The person is in hospital for a long stay"
    NEXT_COHORT = "moved_to_another_cohort", "A PHB in another cohort takes its place"
    NOT_STARTED = "did_not_go_ahead", "It was agreed but did not go ahead"
    ONE_OFF_DONE = "one_off_completed", "It was a one-off and is complete"


class State(StrEnum):
    """What a PHB is on a date; derived from its dates, never stored."""

    AGREED = "agreed"
    IN_PLACE = "in_place"
    ENDED = "ended"


class ClosureStatus(TextChoices):
    """Where the final reconciliation of a PHB that ended stands."""

    OPEN = "open", "To be reconciled"
    RECONCILED = "reconciled", "Reconciled"
    WITHDRAWN = "withdrawn", "Withdrawn: the end was taken back"


class Settlement(TextChoices):
    """What became of the final balance."""

    NOTHING = "nothing", "Nothing was owed by either side"
    RECOVERED = "recovered", "Money was recovered, or written off"
    PAID = "paid", "A final payment was made"
