"""The groups of people to whom personal health budgets are offered."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q


@pghistory.track()
class Cohort(models.Model):
    """A group of people with the same kind of need. Rules, budgets and measures all name it by its code."""

    code = models.SlugField("code", max_length=40, unique=True)
    name = models.CharField("name", max_length=120, unique=True)
    description = models.TextField("description", blank=True, help_text="Plain English, shown to the public.")
    position = models.PositiveSmallIntegerField("position", default=100, help_text="Order in lists and tables.")

    objects: ClassVar[models.Manager["Cohort"]] = models.Manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="cohort_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(name="cohort_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
