"""What happened to a person's referrals, each kind read once."""

from collections import defaultdict
from dataclasses import dataclass

from eligibility.models import Decision, Referral, ReferralTransition, Screening
from phb_register.models import Person, User

from .referrals import referrals_of


@dataclass(frozen=True)
class PersonReferrals:
    """A person's referrals, and by the id of each its transitions and decisions in the order they were made."""

    referrals: list[Referral]
    transitions: dict[int, list[ReferralTransition]]
    decisions: dict[int, list[Decision]]


def referrals_with_decisions(user: User, person: Person) -> PersonReferrals:
    """The referrals of a person that the user may see, with what happened to each. Three reads."""
    found = PersonReferrals(referrals_of(user, person), defaultdict(list), defaultdict(list))
    steps = ReferralTransition.objects.filter(referral__in=found.referrals).select_related("made_by")
    for step in steps.order_by("recorded_at", "pk"):
        found.transitions[step.referral_id].append(step)
    decisions = Decision.objects.filter(referral__in=found.referrals).select_related("cohort")
    for decision in decisions.order_by("number"):
        found.decisions[decision.referral_id].append(decision)
    return found


def screenings_of(user: User, person: Person) -> list[Screening]:
    """Every screening for the referrals of a person that the user may see."""
    referrals = Referral.objects.visible_to(user).filter(person=person)
    rows = Screening.objects.filter(referral__in=referrals.order_by().values("pk"))
    return list(rows.select_related("referral", "screened_by").defer("facts", "facts_in_words", "answer"))


def referrals_with_pauses(user: User, person: Person) -> list[Referral]:
    """The referrals of a person that the user may see, with their pauses and who acknowledged them."""
    rows = Referral.objects.visible_to(user).filter(person=person).select_related("acknowledged_by")
    return list(rows.prefetch_related("pauses__started_by"))
