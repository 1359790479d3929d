"""What this room tells of a person: their referrals, what was screened and decided, and birthdays reviewed.

Letters, pauses, reconsiderations, offers of a budget and transfers tell their own.
"""

from collections.abc import Iterator

from django.urls import reverse

from eligibility.models import Decision
from eligibility.presenters.answers import TAGS
from eligibility.presenters.referrals import DONE, referral_url
from eligibility.rules import Outcome
from eligibility.rules.referral_states import TRANSITIONS
from eligibility.selectors.birthdays import reviews_of
from eligibility.selectors.timeline import referrals_with_decisions, screenings_of
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import TimelineEvent, TimelineSource

DECIDING = frozenset(step.action for step in TRANSITIONS if step.is_decision)


def referral_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Each change of a referral's status, with what was decided and why."""
    found = referrals_with_decisions(user, person)
    for referral in found.referrals:
        decisions = iter(found.decisions[referral.pk])
        for step in found.transitions[referral.pk]:
            decision = next(decisions, None) if step.action in DECIDING else None
            yield TimelineEvent(
                on=step.occurred_on,
                title=DONE[step.action],
                text=_decided(decision) if decision else step.note,
                by=str(step.made_by),
                url=referral_url(referral),
                recorded_at=step.recorded_at,
                about=referral,
            )


def _decided(decision: Decision) -> str:
    said = [
        f"Cohort: {decision.cohort.name}" if decision.cohort else "",
        f"Refused: {decision.refused_part}" if decision.refused_part else "",
        f"Reason: {decision.get_reason_code_display()}" if decision.reason_code else "",
        decision.reasons,
    ]
    return "\n".join(line for line in said if line)


def screening_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """What each screening answered."""
    for screening in screenings_of(user, person):
        answer, _ = TAGS[Outcome(screening.outcome)]
        yield TimelineEvent(
            on=screening.assessed_on,
            title=f"Screened: {answer.lower()}",
            text=screening.reason,
            by=str(screening.screened_by),
            url=reverse("eligibility:screening", args=[screening.reference]),
            recorded_at=screening.screened_at,
            about=screening.referral,
        )


def birthday_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """The birthdays that were reviewed."""
    for review in reviews_of(person):
        yield TimelineEvent(
            on=review.reviewed_on,
            title=f"{review.get_age_display()} birthday reviewed",
            text=review.outcome,
            by=str(review.reviewed_by),
            recorded_at=review.recorded_at,
            about=review,
        )


TIMELINE = (
    TimelineSource("Referrals and decisions", Permission.VIEW_REFERRALS, referral_events, order=20),
    TimelineSource("Screenings", Permission.VIEW_REFERRALS, screening_events, order=25),
    TimelineSource("Birthday reviews", Permission.VIEW_REFERRALS, birthday_events, order=60),
)
