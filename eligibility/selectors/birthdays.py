"""Whose birthday has to be looked at ahead, and the reviews that were made."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, Exists, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value

from eligibility.enums import ReferralStatus
from eligibility.models import BirthdayReview, Referral, Screening
from eligibility.rules.birthdays import REVIEWED, ReviewedAge, first_birth
from eligibility.slots import holders
from phb_register.models import Person, User
from phb_register.models.people import PersonQuerySet
from phb_register.roles import Permission
from phb_register.rules import birthday_on, latest_birth_for, months_after
from phb_register.selectors.settings import DEFAULT_NOTICE_MONTHS, birthday_notices


@dataclass(frozen=True)
class BirthdayTask:
    """A birthday that somebody has to look at: whose, which, and when it is or was."""

    person: Person
    reviewed: ReviewedAge
    on: dt.date


class _Birthday(Func):
    """The day of a birthday in the database. A 29 February becomes the 28th: near enough to tell what came before."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = DateField()


class BirthdaysToReview:
    """The birthdays that the user's people had or will soon have and nobody has reviewed, the first one first.

    How soon is each commissioner's own setting. It is read as far as it is looked at, a part or its length.
    """

    def __init__(self, user: User, today: dt.date) -> None:
        self._by_age = {age: people_to_review(user, each, today) for age, each in REVIEWED.items()}

    def count(self) -> int:
        """How many there are. One read for each age."""
        return sum(people.count() for people in self._by_age.values())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: Any) -> list[BirthdayTask]:
        tasks = [
            BirthdayTask(person, REVIEWED[age], birthday_on(person.born_on, age))
            for age, people in self._by_age.items()
            for person in people[: part.stop]
        ]
        ordered: list[BirthdayTask] = sorted(tasks, key=lambda task: (task.on, task.person.pk))[part]
        return ordered


def people_to_review(user: User, reviewed: ReviewedAge, today: dt.date) -> PersonQuerySet:
    """The user's living people whom this birthday concerns, within the notice of their commissioner, the eldest first.

    Read by their dates of birth: those born from the first day whose birthdays are reviewed to the last one in sight.
    """
    people = Person.objects.visible_to(user, Permission.DECIDE_REFERRALS).current().filter(died_on__isnull=True)
    notices = birthday_notices(today)
    in_sight = {
        months: latest_birth_for(reviewed.age, months_after(today, months))
        for months in {DEFAULT_NOTICE_MONTHS, *notices.values()}
    }
    near = Q(born_on__lte=in_sight[DEFAULT_NOTICE_MONTHS]) & ~Q(commissioner__in=list(notices))
    for months in set(notices.values()):
        bodies = [body_id for body_id, each in notices.items() if each == months]
        near |= Q(born_on__lte=in_sight[months], commissioner__in=bodies)
    born = people.filter(near, born_on__gte=first_birth(reviewed.age), born_on__lte=max(in_sight.values()))
    done = BirthdayReview.objects.filter(person=OuterRef("pk"), age=reviewed.age)
    return (
        born.filter(Exists(_concerned(reviewed)), ~Exists(done))
        .select_related("commissioner")
        .order_by("born_on", "pk")
    )


def _concerned(reviewed: ReviewedAge) -> QuerySet[Referral]:
    """The live referrals of a person that came before the birthday and for which it matters."""
    birthday = _Birthday(
        OuterRef("born_on"),
        Func(Value(reviewed.age), function="make_interval", template="make_interval(years => %(expressions)s)"),
    )
    live = Referral.objects.filter(person=OuterRef("pk"), received_on__lt=birthday).filter(
        Q(status=ReferralStatus.SUBMITTED) | Q(status=ReferralStatus.ACCEPTED)
    )
    for each in holders:
        live = live.exclude(Exists(each.ended_budgets().order_by().filter(referral_id=OuterRef("pk"))))
    if reviewed.fact is None:
        return live
    latest = Screening.objects.filter(referral=OuterRef("pk")).order_by("-screened_at", "-pk")
    told = live.annotate(told=Subquery(latest.values("facts")[:1], output_field=JSONField()))
    return told.filter(Q(cohort__code=reviewed.cohort) | Q(told__contains={reviewed.fact: reviewed.answer}))


def task_for(person: Person, age: int) -> BirthdayTask | None:
    """The birthday of a person, whether it is due or not; None for an age that is not reviewed."""
    reviewed = REVIEWED.get(age)
    return BirthdayTask(person, reviewed, birthday_on(person.born_on, age)) if reviewed else None


def reviews_of(person: Person) -> list[BirthdayReview]:
    """The birthdays of a person that were reviewed."""
    return list(BirthdayReview.objects.filter(person=person).select_related("reviewed_by"))


def review_of(person: Person, age: int) -> BirthdayReview | None:
    """The review of one birthday, if it was made."""
    return BirthdayReview.objects.filter(person=person, age=age).select_related("reviewed_by").first()
