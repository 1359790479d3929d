"""What changed for people since before their budget, group by group: who says that things are better."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from budgets.models import OutcomeRating, OutcomeScale, Review
from budgets.rules.outcome_scales import Direction
from offers.models import Cohort
from phb_register.models import Person
from phb_register.rules import months_after
from reporting.rules.equity_groups import Answers, Characteristic
from reporting.selectors.areas import Areas
from reporting.selectors.equity import CountsByGroup, counted_by_group, people_in_place, people_of_group
from reporting.selectors.known import as_known
from reporting.selectors.scope import Counted

#: Reviews are yearly: within these months before the as-at date everybody had one.
MONTHS = 12


@dataclass(frozen=True)
class Answered:
    """People who answered one question before their budget and at a review, and those for whom it is better."""

    question: OutcomeScale
    answered: CountsByGroup
    better: CountsByGroup


def questions_answered(scope: Counted) -> list[OutcomeScale]:
    """The questions that somebody counted here answered both times, the one most people answered first."""
    asked = _pairs(scope).values("scale_id").annotate(people=Count("phb__person_id", distinct=True))
    with as_known(scope.known_on):
        order = [row["scale_id"] for row in asked.order_by("-people", "scale_id")]
    scales = OutcomeScale.objects.in_bulk(order)
    return [scales[pk] for pk in order]


def answers_to(question: OutcomeScale, scope: Counted, areas: Areas | None = None) -> Answered:
    """Who answered it both times, each person once, and who was better at the latest review of the last 12 months."""
    answered, better = (people_who_answered(question, scope, is_better=only) for only in (False, True))
    return Answered(question, counted_by_group(answered, scope, areas), counted_by_group(better, scope, areas))


def people_who_answered(question: OutcomeScale, scope: Counted, *, is_better: bool) -> QuerySet[Person]:
    """Those who answered it both times; of them, where `is_better`, those who say that it is."""
    ratings = _latest_of_each_person(question, scope)
    if is_better:
        is_up = question.direction == Direction.LAST_IS_BEST
        ratings = ratings.filter(level__gt=F("before")) if is_up else ratings.filter(level__lt=F("before"))
    return Person.objects.filter(pk__in=ratings.values("phb__person_id")).order_by()


def question_with(reference: uuid.UUID) -> OutcomeScale | None:
    """The question with this reference."""
    return OutcomeScale.objects.filter(reference=reference).first()


@dataclass(frozen=True)
class GroupAsked:
    """Whose people are asked for: of a group, all with a budget, those of a cohort, or those who answered something."""

    scope: Counted
    characteristic: Characteristic
    group: str
    cohort: Cohort | None = None
    question: OutcomeScale | None = None
    answers: Answers | None = None

    @property
    def rows(self) -> QuerySet[Person]:
        """The very people that the number counts, by name. Evaluate them within `as_known(scope.known_on)`."""
        with as_known(self.scope.known_on):
            everybody = people_in_place(self.scope, self.cohort)
            if self.answers is not None and self.question is not None:
                is_better = self.answers is Answers.BETTER
                everybody = people_who_answered(self.question, self.scope, is_better=is_better)
            rows = people_of_group(everybody, self.scope, self.characteristic, self.group)
        return rows.select_related("commissioner").order_by("family_name", "given_name", "pk")


def _pairs(scope: Counted) -> QuerySet[OutcomeRating]:
    """What was said at reviews of the last 12 months, where a level had been said before the budget too."""
    since = months_after(scope.as_at, -MONTHS)
    held = Review.objects.filter(held_on__gt=since, held_on__lte=scope.as_at, correction__isnull=True)
    baseline = OutcomeRating.objects.filter(phb=OuterRef("phb"), scale=OuterRef("scale"), review__isnull=True)
    return (
        OutcomeRating.objects.filter(review__in=held, phb__in=scope.spells(), level__isnull=False)
        .annotate(before=Subquery(baseline.order_by("-pk").values("level")[:1]))
        .filter(before__isnull=False)
        .order_by()
    )


def _latest_of_each_person(question: OutcomeScale, scope: Counted) -> QuerySet[OutcomeRating]:
    """Each person's answer at their latest review, with the level `before` of the same budget."""
    latest = (
        _pairs(scope)
        .filter(scale=question)
        .order_by("phb__person_id", "-review__held_on", "-review__number", "-pk")
        .distinct("phb__person_id")
    )
    baseline = OutcomeRating.objects.filter(phb=OuterRef("phb"), scale=OuterRef("scale"), review__isnull=True)
    rows = OutcomeRating.objects.filter(pk__in=latest.values("pk")).order_by()
    return rows.annotate(before=Subquery(baseline.order_by("-pk").values("level")[:1]))
