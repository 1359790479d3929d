"""The work on referrals, on pages that are not its own: timeline events, and its part of the demonstration."""

from collections.abc import Iterator

from eligibility.demonstration import pathway as demonstration
from eligibility.presenters.clocks import pause_title
from eligibility.presenters.referrals import referral_url
from eligibility.selectors.timeline import referrals_with_pauses
from phb_register import slots
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, TimelineEvent, TimelineSource


def clock_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """When each referral was acknowledged, and when its clock stood still and why."""
    for referral in referrals_with_pauses(user, person):
        if referral.acknowledged_on is not None:
            yield TimelineEvent(
                on=referral.acknowledged_on,
                title="Referral acknowledged",
                by=str(referral.acknowledged_by),
                url=referral_url(referral),
                about=referral,
            )
        for pause in referral.pauses.all():
            yield TimelineEvent(
                on=pause.started_on,
                title=pause_title(pause),
                text=pause.note,
                by=str(pause.started_by),
                url=referral_url(referral),
                recorded_at=pause.recorded_at,
                about=referral,
            )


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.timeline.add(
        TimelineSource("Clocks of referrals", Permission.VIEW_REFERRALS, clock_events, order=22),
    )
    slots.demonstration_steps.add(DemonstrationStep("Work on referrals", demonstration.load, order=66))
