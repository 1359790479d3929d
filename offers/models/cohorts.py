"""The groups of people to whom personal health budgets are offered."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner

from .guards import name_is_fixed_while_decided

if TYPE_CHECKING:
    from .offers import LocalOffer


class CohortQuerySet(models.QuerySet["Cohort"]):
    """Reads of cohorts."""

    def on_offer(self, offer: "LocalOffer | None") -> "CohortQuerySet":
        """Those that every local offer may name, and an offer's own."""
        return self.filter(Q(local_offer__isnull=True) | Q(local_offer=offer))

    def used_by(self, commissioner_ids: Iterable[int]) -> "CohortQuerySet":
        """Those that records of these commissioners may name: the shared ones, and the own ones of their local offers.

        The offer of a partnership is its members' offer.
        """
        ids = list(commissioner_ids)
        partnerships = Commissioner.objects.filter(members__member__in=ids).values("pk")
        own = Q(local_offer__commissioner__in=ids) | Q(local_offer__commissioner__in=partnerships)
        return self.filter(Q(local_offer__isnull=True) | own)


@pghistory.track()
class Cohort(models.Model):
    """A group of people with the same kind of need. Rules, budgets and measures all name it by its code.

    Most are every commissioner's. One with a `local_offer` is that offer's own: a group that its commissioner chose.
    """

    code = models.SlugField("code", max_length=40, unique=True)
    name = models.CharField("name", max_length=120)
    description = models.TextField("description", blank=True, help_text="Plain English, shown to the public.")
    position = models.PositiveSmallIntegerField("position", default=100, help_text="Order in lists and tables.")

    local_offer = models.ForeignKey(
        "offers.LocalOffer", on_delete=models.PROTECT, null=True, blank=True, related_name="own_cohorts"
    )

    objects: ClassVar[CohortQuerySet] = CohortQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="cohort_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(name="cohort_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["local_offer", "name"],
                name="cohort_name_once",
                nulls_distinct=False,
                violation_error_message="There is a cohort of this name already. Choose another name, or use that one",
            ),
        ]
        triggers = [
            name_is_fixed_while_decided(
                "cohort",
                ["code", "name"],
                "SELECT phase.local_offer_id FROM offers_phase AS phase "
                "JOIN offers_offerline AS line ON line.phase_id = phase.id WHERE line.cohort_id = NEW.id",
            )
        ]

    def __str__(self) -> str:
        return self.name
