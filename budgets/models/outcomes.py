"""How holders and carers say things are: the scales a commissioner asks on, and what was answered."""

import datetime as dt
import uuid
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from budgets.rules.outcome_scales import FEWEST_LEVELS, LONGEST_LEVEL, MOST_LEVELS, AskedOf, Direction
from phb_register.models import Commissioner
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import append_only

from . import review_guards
from .personal_health_budgets import PersonalHealthBudget
from .reviews import Review


class OutcomeScaleQuerySet(models.QuerySet["OutcomeScale"]):
    """Reads of scales."""

    def asked_on(self, day: dt.date) -> "OutcomeScaleQuerySet":
        """Those that are asked on a day."""
        return self.filter(active_from__lte=day).filter(Q(active_until__isnull=True) | Q(active_until__gt=day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OutcomeScale(models.Model):
    """One version of one question with its levels, asked from `active_from` until the day before `active_until`.

    It belongs to a commissioner or a partnership. Versions of a scale share its `code`; answers are compared within
    one version only, since other words are another question. Once somebody answered, its words are frozen.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="outcome_scales")
    code = models.SlugField("code", max_length=60)
    number = models.PositiveSmallIntegerField("version", default=1)
    name = models.CharField("name", max_length=80)
    question = models.CharField("question", max_length=300)
    asked_of = models.CharField("asked of", max_length=8, choices=AskedOf.choices)
    levels = ArrayField(models.CharField(max_length=LONGEST_LEVEL), verbose_name="levels")
    direction = models.CharField("direction", max_length=16, choices=Direction.choices, default=Direction.LAST_IS_BEST)
    active_from = models.DateField("asked from")
    active_until = models.DateField("no longer asked from", null=True, blank=True)
    instrument = models.CharField("licensed survey it is taken from", max_length=120, blank=True)
    licence_number = models.CharField("licence number", max_length=60, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[OutcomeScaleQuerySet] = OutcomeScaleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["asked_of", "code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "code", "number"], name="outcome_scale_version_once"),
            models.CheckConstraint(name="outcome_scale_asked_of", condition=Q(asked_of__in=AskedOf.values)),
            models.CheckConstraint(name="outcome_scale_direction", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(
                name="outcome_scale_levels",
                condition=Q(levels__len__gte=FEWEST_LEVELS, levels__len__lte=MOST_LEVELS),
            ),
            models.CheckConstraint(
                name="outcome_scale_ends_after_it_begins",
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
            ),
            models.CheckConstraint(
                name="outcome_scale_licence_whole",
                condition=Q(instrument="", licence_number="") | ~Q(instrument="") & ~Q(licence_number=""),
            ),
            ExclusionConstraint(
                name="outcome_scale_one_version_at_a_time",
                expressions=[
                    ("commissioner", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (DateRange("active_from", "active_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [review_guards.SCALE_FROZEN_ONCE_USED]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    def level_words(self, level: int | None) -> str:
        """What a level says; the first is 1."""
        return self.levels[level - 1] if level else ""


class OutcomeRating(models.Model):
    """What a holder or carer answered on one scale: before the budget (no review) or at a review.

    `level` counts from 1; without one they preferred not to say, which is an answer too. Nobody has to answer, so a
    question that was left out has no row. Append-only: a later answer of the same time stands for an earlier one.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="outcome_ratings")
    scale = models.ForeignKey(OutcomeScale, on_delete=models.PROTECT, related_name="ratings")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="ratings")
    level = models.PositiveSmallIntegerField("level", null=True, blank=True)
    prefers_not_to_say = models.BooleanField("prefers not to say", default=False)
    rated_on = models.DateField("answered on")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "scale"], name="rating_once_a_review"),
            models.CheckConstraint(
                name="rating_says_something",
                condition=Q(level__gte=1, prefers_not_to_say=False) | Q(level__isnull=True, prefers_not_to_say=True),
            ),
        ]
        indexes = [models.Index(fields=["phb", "scale"], name="rating_of_budget")]
        triggers = [*append_only("outcome_rating"), review_guards.RATING_FITS_ITS_SCALE]

    def __str__(self) -> str:
        return f"{self.scale}: {self.scale.level_words(self.level) or 'prefers not to say'}"
