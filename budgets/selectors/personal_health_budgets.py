"""What the pages of this room read. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DateTimeField, StdDev
from django.db.models.functions import Cast
from pghistory.models import Event

from budgets.models import FundingShare, MethodPart, PersonalHealthBudget, PersonalHealthBudgetQuerySet
from eligibility.models import Referral
from eligibility.selectors.referrals import latest_screening
from eligibility.slots import AverageBudget
from offers.models import Cohort
from phb_register.disclosure import DEFAULT_PROFILE
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids

#: How many things a worklist shows; it empties from the top.
WORKLIST_LENGTH = 50
#: A mean of fewer would tell of one person what disclosure control hides in a count.
FEWEST_TO_AVERAGE = DEFAULT_PROFILE.largest_hidden + 1
#: From here on the mean of skewed amounts is near enough to normal to be bounded by its standard error.
FEWEST_TO_BOUND = 30
STANDARD_ERRORS = Decimal("1.96")
PENCE = Decimal("0.01")


def register_of(user: User, permission: Permission = Permission.VIEW_BUDGETS) -> PersonalHealthBudgetQuerySet:
    """The PHBs of the commissioners for which the user holds `permission`."""
    return PersonalHealthBudget.objects.visible_to(user, permission)


def budget_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> PersonalHealthBudget | None:
    """One PHB with what its page says of it; None where there is none for which the user holds `permission`."""
    rows = PersonalHealthBudget.objects.visible_to(user, permission)
    return (
        rows.select_related("person__commissioner", "commissioner", "cohort", "referral", "agreed_by")
        .prefetch_related("method_parts", "funding_shares")
        .filter(reference=reference)
        .first()
    )


def budgets_of(user: User, person: Person) -> list[PersonalHealthBudget]:
    """A person's PHBs that the user may see, the latest first."""
    return list(register_of(user).filter(person=person).for_display().newest_first())


def budget_from(referral: Referral) -> PersonalHealthBudget | None:
    """The PHB that came of a referral, if one did."""
    return PersonalHealthBudget.objects.filter(referral=referral).first()


def facts_of(referral: Referral) -> dict[str, Any]:
    """What was answered when the referral was last screened."""
    screening = latest_screening(referral)
    return dict(screening.facts) if screening else {}


def agreed_not_started(user: User, limit: int = WORKLIST_LENGTH) -> list[PersonalHealthBudget]:
    """PHBs that were agreed and have neither started nor ended, the longest agreed first."""
    rows = register_of(user, Permission.MANAGE_BUDGETS).filter(started_on__isnull=True, ended_on__isnull=True)
    return list(rows.select_related("person", "cohort").order_by("agreed_on", "pk")[:limit])


def average_budget(cohort: Cohort | None, commissioner_ids: Collection[int], on: dt.date) -> AverageBudget | None:
    """The mean annual amount of the PHBs in place on a date, of one cohort or of all; one-off PHBs are left out.

    None where they are so few that the mean would tell of one person. Its bounds are 1.96 standard errors to either
    side, the usual 95% of a large sample, never below nought; they are left out where the sample is small.
    """
    rows = PersonalHealthBudget.objects.filter(commissioner__in=commissioner_ids, is_one_off=False).in_place_on(on)
    if cohort is not None:
        rows = rows.filter(cohort=cohort)
    found = rows.order_by().aggregate(
        budgets=Count("pk"), mean=Avg("annual_amount"), spread=StdDev("annual_amount", sample=True)
    )
    if found["budgets"] < FEWEST_TO_AVERAGE:
        return None
    margin = STANDARD_ERRORS * found["spread"] / Decimal(found["budgets"]).sqrt()
    is_bounded = found["budgets"] >= FEWEST_TO_BOUND
    return AverageBudget(
        budgets=found["budgets"],
        mean=found["mean"].quantize(PENCE),
        low=max(found["mean"] - margin, Decimal(0)).quantize(PENCE) if is_bounded else None,
        high=(found["mean"] + margin).quantize(PENCE) if is_bounded else None,
    )


def budget_holders(person_ids: Collection[int], on: dt.date) -> set[tuple[int, str]]:
    """(person id, cohort code) of the PHBs that these people have in place on a date."""
    rows = PersonalHealthBudget.objects.filter(person__in=person_ids).in_place_on(on).order_by()
    return set(rows.values_list("person_id", "cohort__code"))


def open_budgets() -> PersonalHealthBudgetQuerySet:
    """Every PHB that is agreed or in place, whosever it is: for asking whether somebody has one, never for showing."""
    return PersonalHealthBudget.objects.filter(ended_on__isnull=True)


def ended_budgets() -> PersonalHealthBudgetQuerySet:
    """Every PHB that ended, whosever it is: for asking whether a referral came to its end, never for showing."""
    return PersonalHealthBudget.objects.filter(ended_on__isnull=False)


def overlapping_budgets(one: Person, other: Person) -> list[tuple[Cohort, dt.date, dt.date]]:
    """Where two records each have a PHB in one cohort at one time: the cohort, and the days both were agreed on."""
    of_one = PersonalHealthBudget.objects.filter(person=one).select_related("cohort")
    of_other = list(PersonalHealthBudget.objects.filter(person=other))
    return [
        (mine.cohort, mine.agreed_on, theirs.agreed_on)
        for mine in of_one
        for theirs in of_other
        if mine.cohort_id == theirs.cohort_id and _overlap(mine, theirs)
    ]


def _overlap(one: PersonalHealthBudget, other: PersonalHealthBudget) -> bool:
    """As the database's exclusion has it: from the start, or else the agreement, up to and not with the end."""
    starts = (one.started_on or one.agreed_on, other.started_on or other.agreed_on)
    ends = [each.ended_on for each in (one, other) if each.ended_on is not None]
    return not ends or max(starts) < min(ends)


def of_transferred_people(user: User, limit: int = WORKLIST_LENGTH) -> list[PersonalHealthBudget]:
    """PHBs the user manages that have not ended, of people for whom another commissioner is responsible by now."""
    own = commissioner_ids(user, Permission.MANAGE_BUDGETS)
    rows = (
        register_of(user, Permission.MANAGE_BUDGETS).filter(ended_on__isnull=True).exclude(person__commissioner__in=own)
    )
    # They are few or none. In the order of an index PostgreSQL would look for them through all of England's register.
    eldest = Cast("agreed_on", DateTimeField())
    return list(rows.select_related("person__commissioner", "cohort").order_by(eldest, "pk")[:limit])


@dataclass(frozen=True)
class Change:
    """One entry of a row's history: the row as it then was, and as it was before (None when it was made)."""

    kind: type[PersonalHealthBudget] | type[MethodPart] | type[FundingShare]
    now: Event
    before: Event | None
    by: User | None

    @property
    def is_removal(self) -> bool:
        """Whether the row was taken away."""
        return str(self.now.pgh_label) == "delete"


def history_of(phb: PersonalHealthBudget) -> list[Change]:
    """Every recorded change of a PHB, its parts and its shares, the latest first. Four reads."""
    found: list[tuple[Any, Any, Any]] = []
    kind: Any
    for kind, condition in (
        (PersonalHealthBudget, {"pgh_obj_id": phb.pk}),
        (MethodPart, {"phb_id": phb.pk}),
        (FundingShare, {"phb_id": phb.pk}),
    ):
        before: dict[int, Any] = {}
        events = kind.pgh_event_model.objects.filter(**condition)
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            found.append((kind, event, before.get(event.pgh_obj_id)))
            before[event.pgh_obj_id] = event
    ids = {_user_id(event) for _, event, _ in found}
    users = User.objects.in_bulk([each for each in ids if each is not None])
    changes = [Change(kind, now, before, users.get(_user_id(now) or 0)) for kind, now, before in found]
    return sorted(changes, key=lambda change: (change.now.pgh_created_at, change.now.pgh_id), reverse=True)


def _user_id(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None
