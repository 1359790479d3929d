"""What happened to the support plans of a person, for their timeline."""

from collections.abc import Iterator

from budgets.presenters.support_plans import STEPS_DONE, plan_url
from budgets.selectors.support_plans import transitions_of_person
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import TimelineEvent, TimelineSource


def plan_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Each step of each version that the user may see; one read."""
    for each in transitions_of_person(user, person):
        yield TimelineEvent(
            on=each.occurred_on,
            title=f"Support plan, version {each.plan.number}: {STEPS_DONE[each.action].lower()}",
            text=each.note,
            by=str(each.made_by),
            url=plan_url(each.plan),
            recorded_at=each.recorded_at,
            about=each.plan.referral,
        )


TIMELINE = TimelineSource("Support plans", Permission.VIEW_BUDGETS, plan_events, order=52)
