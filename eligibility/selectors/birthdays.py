"""Whose birthday has to be looked at ahead, and the reviews that were made."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import DateField, Exists, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value

from eligibility.enums import ReferralStatus
from eligibility.models import BirthdayReview, Referral, Screening
from eligibility.rules.birthdays import REVIEWED, ReviewedAge, first_birth
from eligibility.slots import holders
from phb_register.models import Commissioner, Person, User
from phb_register.models.people import PersonQuerySet
from phb_register.roles import Permission
from phb_register.rules import birthday_on, latest_birth_for, months_after
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.settings import longest_birthday_notice, settings_of


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


def birthdays_to_review(user: User, today: dt.date) -> list[BirthdayTask]:
    """The birthdays that the user's people had or will soon have and nobody has reviewed, the first one first.

    How soon is each commissioner's own setting. Of a fixed number of reads for each commissioner.
    """
    notice: dict[int, dt.date] = {}
    tasks = []
    for reviewed in REVIEWED.values():
        for person in people_to_review(user, reviewed, today):
            body = person.commissioner
            if body.pk not in notice:
                notice[body.pk] = _notice_until(body, today)
            on = birthday_on(person.born_on, reviewed.age)
            if on <= notice[body.pk]:
                tasks.append(BirthdayTask(person, reviewed, on))
    return sorted(tasks, key=lambda task: (task.on, task.person.pk))


def _notice_until(body: Commissioner, today: dt.date) -> dt.date:
    return months_after(today, settings_of(accountable_on(body, today), today).birthday_notice_months)


def people_to_review(user: User, reviewed: ReviewedAge, today: dt.date) -> PersonQuerySet:
    """The user's living people whom this birthday concerns, within the longest notice of any commissioner.

    Read by their dates of birth: those born from the first day whose birthdays are reviewed to the last one in sight.
    """
    until = months_after(today, longest_birthday_notice())
    people = Person.objects.visible_to(user, Permission.DECIDE_REFERRALS).current().filter(died_on__isnull=True)
    born = people.filter(born_on__gte=first_birth(reviewed.age), born_on__lte=latest_birth_for(reviewed.age, until))
    done = BirthdayReview.objects.filter(person=OuterRef("pk"), age=reviewed.age)
    return born.filter(Exists(_concerned(reviewed)), ~Exists(done)).select_related("commissioner").order_by("born_on")


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
        live = live.exclude(pk__in=each.ended_budgets().order_by().values("referral_id"))
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
