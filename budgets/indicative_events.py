"""When a person's needs were assessed, and when indicative budgets were worked out for them, for their timeline."""

from collections.abc import Iterator

from budgets.presenters.indicative_budgets import indicative_url
from budgets.presenters.needs_profiles import needs_url
from budgets.presenters.personal_health_budgets import pounds
from budgets.selectors.indicative_budgets import indicative_budgets_of_person
from budgets.selectors.needs_profiles import profiles_of_person
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import TimelineEvent, TimelineSource


def indicative_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Every needs profile and indicative budget that the user may see; two reads."""
    for profile in profiles_of_person(user, person):
        yield TimelineEvent(
            on=profile.assessed_on,
            title="Needs assessed",
            text=f"{profile.tool}. Needs profile {profile.number}",
            by=str(profile.recorded_by),
            url=needs_url(profile.referral),
            recorded_at=profile.recorded_at,
            about=profile.referral,
        )
    for budget in indicative_budgets_of_person(user, person):
        yield TimelineEvent(
            on=budget.worked_out_on,
            title=f"Indicative budget {budget.number} worked out",
            text=f"{pounds(budget.annual_amount)} a year",
            by=str(budget.worked_out_by),
            url=indicative_url(budget),
            recorded_at=budget.recorded_at,
            about=budget.referral,
        )


TIMELINE = TimelineSource("Needs and indicative budgets", Permission.VIEW_BUDGETS, indicative_events, order=51)
