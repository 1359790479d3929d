"""Birthdays at which another rule begins to apply to a person: that somebody looked at what it means for them."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.models import Person
from phb_register.models.guards import follows_merges, no_delete, no_truncate
from phb_register.rules import REVIEWED_AGES


class BirthdayReview(models.Model):
    """What was found when somebody reviewed a person's 16th, 18th or 25th birthday. Never changed."""

    # Both records of one person may have been reviewed: the second of two says nothing new.
    same_row_stays_on_merge = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    age = models.PositiveSmallIntegerField("birthday", choices=[(age, f"{age}th") for age in REVIEWED_AGES])
    reviewed_on = models.DateField("reviewed on")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField("what was found and agreed")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[models.Manager["BirthdayReview"]] = models.Manager()

    class Meta:
        ordering = ["-reviewed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "age"],
                name="birthday_reviewed_once",
                violation_error_message="This birthday is reviewed already",
            ),
            models.CheckConstraint(name="birthday_of_a_reviewed_age", condition=Q(age__in=REVIEWED_AGES)),
            models.CheckConstraint(name="birthday_review_has_an_outcome", condition=~Q(outcome="")),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="birthday_review_fixed", exclude=["person"]),
            follows_merges("birthday_review"),
            no_delete("birthday_review"),
            no_truncate("birthday_review"),
        ]

    def __str__(self) -> str:
        return f"Review of the {self.get_age_display()} birthday on {self.reviewed_on}"
