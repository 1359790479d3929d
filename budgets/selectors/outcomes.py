"""Reads of outcome scales, of what somebody answered on them, and of what changed for many."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from budgets.models import OutcomeRating, OutcomeScale, PersonalHealthBudget, Review
from budgets.rules.outcome_scales import Change, Direction, change_between
from offers.models import Cohort
from phb_register.disclosure import Controlled, Profile, Reason, cell_key, protect, table_sums
from phb_register.models import Commissioner, PartnershipMember, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.settings import profiles_of


@dataclass(frozen=True)
class Answered:
    """What one budget's holder or carer answered on one version of a scale: before it, and at the latest review."""

    scale: OutcomeScale
    before: OutcomeRating | None
    now: OutcomeRating | None

    @property
    def change(self) -> Change | None:
        """What changed; None where either is missing or was not said."""
        return change_between(
            self.before.level if self.before else None, self.now.level if self.now else None, self.scale.direction
        )


@dataclass(frozen=True)
class CohortChanges:
    """What changed on one version of a scale for the budgets of one cohort: counts by change."""

    scale: OutcomeScale
    cohort: Cohort
    counts: Mapping[Change, int]


def scales_of(commissioner: Commissioner) -> list[OutcomeScale]:
    """Every version of every scale that a commissioner or partnership wrote itself, by name, the latest first."""
    rows = OutcomeScale.objects.filter(commissioner=commissioner).order_by("asked_of", "name", "code", "-number")
    return list(rows.select_related("written_by", "commissioner"))


def scale_for(commissioner: Commissioner, reference: uuid.UUID) -> OutcomeScale | None:
    """One version of a scale of this commissioner or partnership."""
    rows = OutcomeScale.objects.filter(commissioner=commissioner, reference=reference)
    return rows.select_related("commissioner", "written_by").first()


def is_used(scale: OutcomeScale) -> bool:
    """Whether somebody answered on it, which freezes its words."""
    return OutcomeRating.objects.filter(scale=scale).exists()


def scales_asked(phb: PersonalHealthBudget, on: dt.date) -> list[OutcomeScale]:
    """What is asked of the holder and the carers of a PHB on a day: its body's own scales and its partnerships'."""
    body = accountable_on(phb.commissioner, on)
    partnerships = PartnershipMember.objects.on(on).filter(member=body).values("partnership_id")
    rows = OutcomeScale.objects.asked_on(on).filter(Q(commissioner=body) | Q(commissioner__in=partnerships))
    # The holder's first: "holder" sorts after "carer".
    return list(rows.order_by("-asked_of", "name", "pk"))


def answered_by(phb: PersonalHealthBudget) -> list[Answered]:
    """Before and now on each version of each scale that somebody answered on. Two reads.

    Before is the last baseline recorded; now is the latest review that counts and at which it was answered.
    """
    ratings = OutcomeRating.objects.filter(phb=phb).select_related("scale", "review")
    counting = ratings.filter(Q(review__isnull=True) | Q(review__correction__isnull=True))
    before: dict[OutcomeScale, OutcomeRating] = {}
    now: dict[OutcomeScale, list[OutcomeRating]] = defaultdict(list)
    for rating in counting.order_by("pk"):
        if rating.review_id is None:
            before[rating.scale] = rating
        else:
            now[rating.scale].append(rating)
    found = [Answered(scale, before.get(scale), _latest(now[scale])) for scale in {**before, **now}]
    return sorted(found, key=lambda each: (each.scale.asked_of != "holder", each.scale.name, each.scale.number))


def _latest(ratings: list[OutcomeRating]) -> OutcomeRating | None:
    return max(ratings, key=lambda each: (each.review.held_on, each.review.number), default=None)  # type: ignore[union-attr]


# ── For many ──────────────────────────────────────────────────────────────────────────────────────────────────


def _now_of_each(commissioner_ids: Collection[int], first: dt.date, last: dt.date) -> QuerySet[OutcomeRating]:
    """Of each budget and scale, the answer at the latest review held from `first` to `last`, where a level was said."""
    held = Review.objects.filter(held_on__gte=first, held_on__lte=last, correction__isnull=True)
    rows = OutcomeRating.objects.filter(
        review__in=held, phb__commissioner__in=commissioner_ids, prefers_not_to_say=False
    )
    order = ("phb_id", "scale_id", "-review__held_on", "-review__number")
    latest = rows.order_by(*order).distinct("phb_id", "scale_id").values("pk")
    return OutcomeRating.objects.filter(pk__in=latest)


def outcome_changes(commissioner_ids: Collection[int], first: dt.date, last: dt.date) -> list[CohortChanges]:
    """Who is better, the same or worse, by scale and cohort: before against the latest review held in the period.

    Counted in PostgreSQL, of budgets with a level both before and then, on one version of the scale. The counts are
    of people and are not controlled: `shown_changes` says what may be shown of them.
    """
    before = OutcomeRating.objects.filter(phb=OuterRef("phb"), scale=OuterRef("scale"), review__isnull=True)
    latest_before = before.order_by("-pk").values("level")[:1]
    rows = _now_of_each(commissioner_ids, first, last).annotate(before=Subquery(latest_before)).order_by()
    is_rising = Q(scale__direction=Direction.LAST_IS_BEST)
    higher, lower = Q(level__gt=F("before")), Q(level__lt=F("before"))
    counted = rows.values("scale_id", "phb__cohort_id").annotate(
        better=Count("pk", filter=(is_rising & higher) | (~is_rising & lower)),
        worse=Count("pk", filter=(is_rising & lower) | (~is_rising & higher)),
        same=Count("pk", filter=Q(level=F("before"))),
    )
    found = [each for each in counted if each["better"] + each["worse"] + each["same"]]
    scales = OutcomeScale.objects.in_bulk([each["scale_id"] for each in found])
    cohorts = Cohort.objects.in_bulk([each["phb__cohort_id"] for each in found])
    changes = [
        CohortChanges(
            scales[each["scale_id"]],
            cohorts[each["phb__cohort_id"]],
            {change: each[change.value] for change in Change},
        )
        for each in found
    ]
    key = lambda each: (each.scale.name, each.scale.number, each.scale.pk, each.cohort.position, each.cohort.code)  # noqa: E731
    return sorted(changes, key=key)


@dataclass(frozen=True)
class ScaleTable:
    """What is shown of one version of a scale: by cohort code (and "total"), and by change (and "total")."""

    scale: OutcomeScale
    cohorts: list[Cohort]
    cells: Mapping[tuple[str, str], Controlled]


def shown_changes(changes: Iterable[CohortChanges], profile: Profile | None) -> list[ScaleTable]:
    """The counts under disclosure control; as they are without, for those who see the people behind them.

    Each table has its totals; small numbers, and those from which one could be worked out, are stars.
    """
    by_scale: dict[OutcomeScale, list[CohortChanges]] = defaultdict(list)
    for each in changes:
        by_scale[each.scale].append(each)
    return [_table(scale, rows, profile) for scale, rows in by_scale.items()]


def profile_for(user: User) -> Profile | None:
    """Which numbers are hidden from a user who sees figures of all its commissioners together: as the strictest does.

    None for whoever may see the people behind all of them.
    """
    ids = commissioner_ids(user, Permission.VIEW_FIGURES)
    if ids <= commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES):
        return None
    return max(profiles_of(ids).values(), key=lambda each: each.largest_hidden)


def _table(scale: OutcomeScale, rows: list[CohortChanges], profile: Profile | None) -> ScaleTable:
    name = str(scale.pk)
    kinds = [change.value for change in Change]
    codes = [each.cohort.code for each in rows]
    values: dict[str, int] = {}
    for each in rows:
        counts = {change.value: number for change, number in each.counts.items()}
        for column, number in {**counts, "total": sum(counts.values())}.items():
            values[cell_key(name, each.cohort.code, column)] = number
            total = cell_key(name, "total", column)
            values[total] = values.get(total, 0) + number
    if profile is None:
        shown = {key: Controlled(value, f"{value:,}", Reason.SHOWN) for key, value in values.items()}
    else:
        shown = protect(values, table_sums(codes, kinds, name=name), profile=profile)
    cells = {
        (row, column): shown[cell_key(name, row, column)] for row in [*codes, "total"] for column in [*kinds, "total"]
    }
    return ScaleTable(scale, [each.cohort for each in rows], cells)
