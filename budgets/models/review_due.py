"""When each budget is to be reviewed next: a row for every PHB, which the database keeps."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Func, Q

from budgets.rules.reviews import FIRST_REVIEW_MONTHS, MONTHS_BETWEEN_REVIEWS
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget

_FIRST_DUE = f"((COALESCE({{paid}}, {{started}}) + interval '{FIRST_REVIEW_MONTHS} months')::date)"
_FOLLOWING = f"(({{held}} + interval '{MONTHS_BETWEEN_REVIEWS} months')::date)"
_YEARS = f"(EXTRACT(YEAR FROM {{recorded}}) - EXTRACT(YEAR FROM {_FIRST_DUE}))::int"
_THIS_YEAR = f"(({_FIRST_DUE} + make_interval(years => {_YEARS}))::date)"
_NEXT_YEAR = f"(({_FIRST_DUE} + make_interval(years => {_YEARS} + 1))::date)"
_FIRST_DIRECT_DUE = f"(({{direct}} + interval '{FIRST_REVIEW_MONTHS} months')::date)"
#: The day itself, in SQL, from the five columns it follows from. LEAST passes over what is null.
NEXT_REVIEW_DUE = f"""CASE WHEN {{started}} IS NOT NULL THEN LEAST(
    CASE
        WHEN {{held}} >= COALESCE({{paid}}, {{started}}) THEN {_FOLLOWING}
        WHEN {{held}} IS NOT NULL THEN LEAST({_FIRST_DUE}, {_FOLLOWING})
        WHEN {{recorded}} IS NULL OR {{recorded}} <= {_FIRST_DUE} THEN {_FIRST_DUE}
        WHEN {_THIS_YEAR} >= {{recorded}} THEN {_THIS_YEAR}
        ELSE {_NEXT_YEAR}
    END,
    CASE
        WHEN {{held}} >= {{direct}} OR ({{held}} IS NULL AND {{recorded}} > {_FIRST_DIRECT_DUE}) THEN NULL
        ELSE {_FIRST_DIRECT_DUE}
    END
) END"""


class NextReviewDue(Func):
    """`rules.reviews.review_due` as PostgreSQL works it out; both clamp to the end of a month."""

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, tuple[str | int, ...]]:
        """The expression over the five columns, in the order in which it was given them."""
        names = ("started", "paid", "direct", "held", "recorded")
        columns = [compiler.compile(each)[0] for each in self.get_source_expressions()]
        return NEXT_REVIEW_DUE.format(**dict(zip(names, columns, strict=True))), ()


class ReviewDueQuerySet(ScopedQuerySet["ReviewDue"]):
    """Reads of what is due."""

    scope_permission = Permission.VIEW_BUDGETS

    def open(self) -> Self:
        """Of budgets that have not ended, and that have something to be reviewed: they started."""
        return self.filter(ended_on__isnull=True, due_on__isnull=False)

    def overdue_on(self, day: dt.date) -> Self:
        """Due before `day` and not held."""
        return self.open().filter(due_on__lt=day)

    def due_between(self, first: dt.date, last: dt.date) -> Self:
        """Due from `first` to `last`, both counted."""
        return self.open().filter(due_on__gte=first, due_on__lte=last)

    def soonest(self) -> Self:
        """The first due first."""
        return self.order_by("due_on", "phb_id")


class ReviewDue(models.Model):
    """The next review of one PHB, and what its day follows from.

    `started_on`, `ended_on` and `commissioner` are the PHB's, `first_paid_on` the first payment in its ledger and
    `first_direct_on` the first direct payment, `last_held_on` its last review, `recorded_from` the settings'. Triggers
    of those tables keep them (`models.review_guards`), and `due_on` is worked out from them by PostgreSQL. Nothing
    else writes here.
    """

    phb = models.OneToOneField(
        PersonalHealthBudget, on_delete=models.PROTECT, primary_key=True, related_name="review_due"
    )
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField("started on", null=True)
    ended_on = models.DateField("ended on", null=True)
    first_paid_on = models.DateField("first paid on", null=True)
    first_direct_on = models.DateField("first direct payment on", null=True)
    last_held_on = models.DateField("last reviewed on", null=True)
    recorded_from = models.DateField("reviews are recorded from", null=True)
    due_on = models.GeneratedField(
        verbose_name="due on",
        expression=NextReviewDue(
            F("started_on"), F("first_paid_on"), F("first_direct_on"), F("last_held_on"), F("recorded_from")
        ),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects: ClassVar[ReviewDueQuerySet] = ScopedManager.from_queryset(ReviewDueQuerySet)()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "reviews due"
        indexes = [
            # The worklists and the list of reviews: few rows of few commissioners, the first due first.
            models.Index(
                fields=["commissioner", "due_on", "phb"], condition=Q(ended_on__isnull=True), name="review_due_open"
            ),
            models.Index(fields=["due_on", "phb"], condition=Q(ended_on__isnull=True), name="review_due_soonest"),
        ]

    def __str__(self) -> str:
        return f"Review of {self.phb_id} due on {self.due_on}"
