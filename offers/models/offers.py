"""Local offers and the text their editions are made from."""

from typing import Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from offers.enums import SectionKind
from phb_register.models import Commissioner, User
from phb_register.models.guards import no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet, commissioner_ids

from .guards import locked_while_decided, name_is_fixed_while_decided


class LocalOfferQuerySet(ScopedQuerySet["LocalOffer"]):
    """Reads of local offers."""

    scope_permission = Permission.VIEW_OFFERS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """The offers of the user's commissioners, and of the partnerships these are or were members of.

        A partnership's offer is its members' offer: who may write for a member may write the partnership's.
        """
        ids = commissioner_ids(user, permission or self.scope_permission)
        if not ids:
            return self.none()
        partnerships = Commissioner.objects.filter(members__member__in=ids)
        return self.filter(Q(commissioner__in=ids) | Q(commissioner__in=partnerships))


@pghistory.track()
class LocalOffer(models.Model):
    """What a commissioner or partnership offers, to whom and from when. Its text is published in editions."""

    slug = models.SlugField(
        "address",
        max_length=80,
        unique=True,
        help_text="The last part of its public address.",
        error_messages={"unique": "Another local offer has this address. Choose another"},
    )
    title = models.CharField("title", max_length=160)
    commissioner = models.OneToOneField(
        Commissioner,
        on_delete=models.PROTECT,
        related_name="+",
        error_messages={"unique": "This commissioner has a local offer already. Write in that one"},
    )

    timeline_version = models.PositiveIntegerField(
        "version of the timeline", default=1, help_text="Goes up by one each time the timeline is saved."
    )
    timeline_saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    timeline_saved_at = models.DateTimeField("timeline saved at", null=True, blank=True)

    objects: ClassVar[LocalOfferQuerySet] = LocalOfferQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="offer_has_a_slug", condition=~Q(slug="")),
            # "write" is where the staff's own list stands, in the place of a slug.
            models.CheckConstraint(
                name="offer_slug_is_free",
                condition=~Q(slug="write"),
                violation_error_message="The address “write” is needed by the site. Choose another",
            ),
            models.CheckConstraint(name="offer_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="offer_timeline_saved_by_and_at",
                condition=Q(timeline_saved_by__isnull=True, timeline_saved_at__isnull=True)
                | Q(timeline_saved_by__isnull=False, timeline_saved_at__isnull=False),
            ),
        ]
        triggers = [
            no_delete("local_offer"),
            name_is_fixed_while_decided("local_offer", ["title", "slug", "commissioner_id"], "NEW.id"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class OfferSection(models.Model):
    """A part of the offer's text as it is being written. What was published is in the editions, not here."""

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="sections")
    kind = models.CharField("kind", max_length=40, choices=SectionKind.choices)
    heading = models.CharField("heading", max_length=120)
    body = models.TextField("text", blank=True, help_text="Markdown, without HTML, pictures or code.")
    position = models.PositiveSmallIntegerField("position")
    version = models.PositiveIntegerField("version", default=1, help_text="Goes up by one each time it is saved.")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField("saved at", null=True)

    easy_read_version = models.PositiveIntegerField(
        "version of the easy read text", default=1, help_text="Goes up by one each time it is saved."
    )
    easy_read_saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    easy_read_saved_at = models.DateTimeField("easy read text saved at", null=True)

    objects: ClassVar[models.Manager["OfferSection"]] = models.Manager()

    class Meta:
        ordering = ["local_offer", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["local_offer", "kind"], name="section_kind_once"),
            models.CheckConstraint(name="section_has_a_heading", condition=~Q(heading="")),
            models.CheckConstraint(
                name="section_saved_by_and_at",
                condition=Q(saved_by__isnull=True, saved_at__isnull=True)
                | Q(saved_by__isnull=False, saved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="section_easy_read_saved_by_and_at",
                condition=Q(easy_read_saved_by__isnull=True, easy_read_saved_at__isnull=True)
                | Q(easy_read_saved_by__isnull=False, easy_read_saved_at__isnull=False),
            ),
        ]
        triggers = [locked_while_decided("section", "changed.local_offer_id")]

    def __str__(self) -> str:
        return f"{self.local_offer}: {self.heading}"
