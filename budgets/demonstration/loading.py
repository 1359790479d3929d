"""Makes the plan happen, one story a transaction, through the services that the pages use."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pghistory
from django.db import transaction
from django.utils import timezone

from budgets.enums import Method
from budgets.services import agree_budget, change_methods, end_budget
from eligibility.models import Referral
from eligibility.selectors.referrals import cohorts_found, latest_screening
from eligibility.services.referrals import accept_referral, decline_referral, submit_referral
from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, LegalBasis, Person, User
from phb_register.services.people import add_representative, register_person

from .books import Books
from .plan import PlannedBudget, Story, stories

#: The local offer's timeline ends in 2020; its cohorts go on until another takes its place.
OFFER_GOES_ON = "Accepted under the local offer, which goes on until the next one takes its place"


@dataclass(frozen=True)
class Cast:
    """Those who act in the stories, read once."""

    users: dict[str, User]
    commissioners: dict[str, Commissioner]
    cohorts: dict[str, Cohort]
    books: Books

    @classmethod
    def read(cls) -> "Cast":
        """From the database; the foundations of the demonstration made the users."""
        return cls(
            users={user.email: user for user in User.objects.all()},
            commissioners={each.code: each for each in Commissioner.objects.bodies()},
            cohorts={cohort.code: cohort for cohort in Cohort.objects.all()},
            books=Books(),
        )


def load(progress: Callable[[int, int], None]) -> None:
    """Load every story that is not there yet. A second run finds them all and changes nothing.

    The plan ends on the day the first story was loaded, so that a run on a later day adds nothing.
    """
    plan = stories(clock.today())
    loaded_on = _loaded_on(plan[0])
    if loaded_on is not None and loaded_on != clock.today():
        plan = stories(loaded_on)
    known = set(Referral.objects.filter(submission_key__in=[story.key for story in plan]).values_list("submission_key"))
    missing = [story for story in plan if (story.key,) not in known]
    cast = Cast.read() if missing else None
    for done, story in enumerate(missing, start=1):
        assert cast is not None  # noqa: S101  there is a story, so it was read
        with (
            transaction.atomic(),
            pghistory.context(user=cast.users[story.place.team].pk, source="demonstration"),
        ):
            _tell(story, cast)
        progress(done, len(missing))
    if not missing:
        progress(len(plan), len(plan))


def _loaded_on(first: Story) -> dt.date | None:
    """The day on which the first story was loaded; None if it is not there yet."""
    recorded_at = Referral.objects.filter(submission_key=first.key).values_list("recorded_at", flat=True).first()
    return timezone.localdate(recorded_at) if recorded_at else None


def _tell(story: Story, cast: Cast) -> None:
    """One story, whole: the person, the referral, the decision and the PHB as far as it has come."""
    nurse, team = cast.users[story.place.nurse], cast.users[story.place.team]
    commissioner = cast.commissioners[story.commissioner]
    planned = story.person
    person, _ = register_person(
        commissioner=commissioner,
        by=nurse,
        family_name=planned.family_name,
        given_name=planned.given_name,
        born_on=planned.born_on,
        nhs_number=planned.nhs_number,
        sex=planned.sex,
        ethnic_category=planned.ethnic_category,
        postcode=planned.postcode,
        gp_practice=planned.gp_practice,
        communication_format=planned.communication_format,
    )
    referral = submit_referral(
        person=person,
        commissioner=commissioner,
        received_on=story.received_on,
        facts=story.facts,
        by=nurse,
        key=story.key,
        asks_for=story.asks_for,
        book=cast.books.on(commissioner, story.received_on),
    )
    if story.outcome == "declined" and story.decided_on is not None:
        decline_referral(
            referral=referral,
            reason_code=story.reason_code,
            reasons=story.reasons,
            by=team,
            on=story.decided_on,
        )
    elif story.outcome == "accepted" and story.decided_on is not None:
        found = story.cohort in cohorts_found(latest_screening(referral))
        cohort = cast.cohorts[story.cohort]
        accept_referral(
            referral=referral,
            cohort=cohort,
            by=team,
            on=story.decided_on,
            note="" if found else OFFER_GOES_ON,
        )
        if story.budget is not None:
            _live(story, story.budget, referral, person, team)


def _live(story: Story, planned: PlannedBudget, referral: Referral, person: Person, team: User) -> None:
    """The PHB of a story: agreed and started, its methods changed, ended."""
    has_direct_payment = Method.DIRECT_PAYMENT in [part.method for part in planned.methods]
    if has_direct_payment and person.age_on(planned.agreed_on) < 16:
        add_representative(
            person=person,
            by=team,
            name=f"Parenta {person.family_name}",
            relationship="Parent",
            legal_basis=LegalBasis.PARENTAL_RESPONSIBILITY,
            evidence_seen_on=story.received_on,
            starts_on=story.received_on,
        )
    phb = agree_budget(
        referral=referral,
        by=team,
        agreed_on=planned.agreed_on,
        annual_amount=planned.annual_amount,
        previous_annual_amount=planned.previous_annual_amount,
        methods=planned.methods,
        shares=planned.shares,
        is_fast_track=planned.is_fast_track,
        started_on=planned.started_on,
    )
    if planned.changed_on is not None:
        phb = change_methods(phb=phb, by=team, changed_on=planned.changed_on, methods=planned.changed_methods)
    if planned.ended_on is not None and planned.end_reason is not None:
        end_budget(phb=phb, by=team, ended_on=planned.ended_on, reason=planned.end_reason)
