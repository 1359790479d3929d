"""What is being written of a section: kept on the server as it is typed, so that nothing typed is lost."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from offers.enums import WritingPart
from phb_register.models import User

from .offers import OfferSection


class SectionDraft(models.Model):
    """What one user has typed of one part of a section and not saved. Nobody else sees it.

    It never changes the section. `based_on` is the version of that part its writer opened, so that saving it meets the
    same guard as if it were saved at once. `content` is unchecked: `{"heading", "body"}` of the text, `{"lines"}` of
    the easy read version, each line with its `picture` and `words`. It is deleted once saved or thrown away.
    """

    section = models.ForeignKey(OfferSection, on_delete=models.PROTECT, related_name="drafts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    part = models.CharField("part", max_length=10, choices=WritingPart.choices)
    content = models.JSONField("typed so far")
    based_on = models.PositiveIntegerField("version it is based on")
    saved_at = models.DateTimeField("kept at")

    objects: ClassVar[models.Manager["SectionDraft"]] = models.Manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["section", "user", "part"], name="section_draft_once_a_user"),
            models.CheckConstraint(name="section_draft_of_a_part", condition=Q(part__in=WritingPart.values)),
            models.CheckConstraint(name="section_draft_based_on_a_version", condition=Q(based_on__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.section} as {self.user} is writing it"
