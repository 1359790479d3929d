"""The timeline of an offer: its phases, and in each the cohorts it opens."""

import datetime as dt
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from offers.enums import LineStatus

from .cohorts import Cohort
from .guards import locked_while_decided
from .offers import LocalOffer


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Phase(models.Model):
    """A year or a step of the timeline. Without a start date it is one to follow; `timing` says in words
    when."""

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="phases")
    name = models.CharField("name", max_length=80, help_text="For example 2016/17, or Phase 2.")
    starts_on = models.DateField("starts on", null=True, blank=True)
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="Its last day.")
    timing = models.CharField(
        "timing in words",
        max_length=80,
        blank=True,
        help_text="Where there is no date, for example: within two years.",
    )
    continues_earlier = models.BooleanField(
        "cohorts of earlier phases go on", default=True, help_text="They are then listed with this phase too."
    )
    position = models.PositiveSmallIntegerField("position")

    objects: ClassVar[models.Manager["Phase"]] = models.Manager()

    class Meta:
        ordering = ["local_offer", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["local_offer", "name"],
                name="phase_name_once",
                violation_error_message="There is a phase of that name already. Give this one another name",
            ),
            models.CheckConstraint(name="phase_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="phase_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                violation_error_message="The phase must end on or after the day it starts",
            ),
        ]
        triggers = [locked_while_decided("phase", "changed.local_offer_id")]

    def __str__(self) -> str:
        return f"{self.local_offer}: {self.name}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OfferLine(models.Model):
    """One cohort in one phase: how far it has got, and the paragraph that says so.

    `status` is what the rules read; `status_words` is what its commissioner calls it, where that is something else.

    A cohort may have two lines in one phase, where the paper gives two groups of people in it; the notes tell
    them apart.
    """

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="lines")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="lines")
    status = models.CharField("status", max_length=8, choices=LineStatus.choices)
    status_words = models.CharField(
        "the commissioner's own words for it", max_length=24, blank=True, help_text="For example Pilot, or On hold."
    )
    note = models.CharField("note", max_length=300, blank=True)
    source = models.CharField("source", max_length=200, blank=True, help_text="The paper and paragraph it rests on.")
    starts_on = models.DateField("starts on", null=True, blank=True, help_text="If not the first day of the phase.")
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="The first day it is no longer offered.")
    position = models.PositiveSmallIntegerField("position", default=0)

    objects: ClassVar[models.Manager["OfferLine"]] = models.Manager()

    class Meta:
        ordering = ["phase", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "cohort", "note"],
                name="line_once",
                violation_error_message="This cohort has the same line twice. Change the note or remove one",
            ),
            models.CheckConstraint(
                name="line_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="The line must end after the day it starts",
            ),
        ]
        triggers = [
            locked_while_decided(
                "line", "SELECT local_offer_id FROM offers_phase WHERE offers_phase.id = changed.phase_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cohort} in {self.phase}"

    @property
    def status_label(self) -> str:
        """Where it has got to, in the commissioner's own words or else in everybody's."""
        return self.status_words or str(self.get_status_display())

    @property
    def begins_on(self) -> dt.date | None:
        """The line's own start, or else its phase's; None while nobody has said when."""
        return self.starts_on or self.phase.starts_on
