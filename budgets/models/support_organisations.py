"""Organisations that help people with a PHB: those that hold the money for them, provide care, pay wages, advise."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from budgets.enums import SupportKind
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet, commissioner_ids


class SupportOrganisationQuerySet(ScopedQuerySet["SupportOrganisation"]):
    """Reads of support organisations."""

    scope_permission = Permission.VIEW_BUDGETS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Those of the user's commissioners, and of the partnerships these are or were members of."""
        ids = commissioner_ids(user, permission or self.scope_permission)
        return self.serving(ids) if ids else self.none()

    def serving(self, commissioner_ids: Collection[int]) -> Self:
        """Those of these commissioners, and of the partnerships these are or were members of."""
        partnerships = Commissioner.objects.filter(members__member__in=commissioner_ids)
        return self.filter(Q(commissioner__in=commissioner_ids) | Q(commissioner__in=partnerships))

    def open_on(self, day: dt.date) -> Self:
        """Those that had not closed by the end of a day."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def of_kind(self, kind: SupportKind) -> Self:
        """Those that do this, perhaps among other things."""
        return self.filter(kinds__contains=[kind.value])

    def public(self) -> Self:
        """Those that the public may read of."""
        return self.filter(is_public=True)


@pghistory.track()
class SupportOrganisation(models.Model):
    """An organisation that helps people of one commissioner or partnership with their PHBs.

    A partnership's serves the people of its members. `closed_on` is the first day it is used for nothing new.
    `payee_reference` is its number in the commissioner's finance system; no account is kept here.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(
        Commissioner, on_delete=models.PROTECT, related_name="+", verbose_name="commissioner or partnership"
    )
    name = models.CharField("name", max_length=200)
    kinds = ArrayField(models.CharField(max_length=16, choices=SupportKind.choices), verbose_name="what it does")
    description = models.TextField("description", blank=True, help_text="Plain English, shown to the public.")
    website = models.URLField("website", blank=True)
    phone = models.CharField("phone", max_length=30, blank=True)
    email = models.EmailField("email", blank=True)
    is_public = models.BooleanField("shown to the public", default=False)
    payee_reference = models.CharField("payee’s reference in the finance system", max_length=40, blank=True)
    closed_on = models.DateField(
        "closed on", null=True, blank=True, help_text="The first day it is used for nothing new."
    )
    changed_at = models.DateTimeField(
        "changed at", default=timezone.now, editable=False, help_text="Tells readers of the open data what is new."
    )

    objects: ClassVar[SupportOrganisationQuerySet] = SupportOrganisationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "commissioner",
                name="support_organisation_once",
                violation_error_message="There is an organisation with this name already. Change that one instead",
            ),
            models.CheckConstraint(name="support_organisation_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="support_organisation_known_kinds",
                condition=Q(kinds__len__gt=0) & Q(kinds__contained_by=SupportKind.values),
            ),
            models.CheckConstraint(
                name="support_organisation_public_in_words", condition=Q(is_public=False) | ~Q(description="")
            ),
        ]
        triggers = [
            no_delete("support_organisation"),
            no_truncate("support_organisation"),
            pgtrigger.ReadOnly(name="support_organisation_fixed", fields=["reference", "commissioner"]),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it had not closed by the end of a day."""
        return self.closed_on is None or self.closed_on > day
