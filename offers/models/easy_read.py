"""The easy read version of an offer's text: short sentences, one idea a line, a picture beside it."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from .guards import locked_while_decided
from .offers import OfferSection


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EasyReadLine(models.Model):
    """One idea of a section in easy read. `picture` is the code of a picture of the project's own set, or empty."""

    section = models.ForeignKey(OfferSection, on_delete=models.PROTECT, related_name="easy_read_lines")
    position = models.PositiveSmallIntegerField("position")
    picture = models.SlugField("picture", max_length=40, blank=True)
    words = models.CharField("words", max_length=300)

    objects: ClassVar[models.Manager["EasyReadLine"]] = models.Manager()

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"],
                name="easy_read_line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="easy_read_line_has_words", condition=~Q(words="")),
        ]
        triggers = [
            locked_while_decided(
                "easy_read_line",
                "SELECT local_offer_id FROM offers_offersection WHERE offers_offersection.id = changed.section_id",
            )
        ]

    def __str__(self) -> str:
        return self.words
