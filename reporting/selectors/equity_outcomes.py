"""What changed for people since before their budget, group by group: who says that things are better."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from budgets.models import OutcomeRating, OutcomeScale, Review
from budgets.rules.outcome_scales import Direction
from phb_register.models import Person
from phb_register.rules import months_after
from reporting.selectors.areas import Areas
from reporting.selectors.equity import CountsByGroup, counted_by_group
from reporting.selectors.known import as_known
from reporting.selectors.scope import Counted

#: Reviews are yearly: within these months before the as-at date everybody had one.
MONTHS = 12


@dataclass(frozen=True)
class Answers:
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


def answers_to(question: OutcomeScale, scope: Counted, areas: Areas | None = None) -> Answers:
    """Who answered it both times, each person once, and who was better at the latest review of the last 12 months."""
    answered = _latest_of_each_person(question, scope)
    better = answered.filter(level__gt=F("before"))
    if question.direction != Direction.LAST_IS_BEST:
        better = answered.filter(level__lt=F("before"))
    return Answers(question, _by_group(answered, scope, areas), _by_group(better, scope, areas))


def _by_group(ratings: QuerySet[OutcomeRating], scope: Counted, areas: Areas | None) -> CountsByGroup:
    return counted_by_group(Person.objects.filter(pk__in=ratings.values("phb__person_id")).order_by(), scope, areas)


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
