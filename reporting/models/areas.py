"""Tables that say in what area a place is, and the imports of files that they came of."""

import datetime as dt
import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.models import Commissioner, FileImport, ImportedFile, import_constraints, import_triggers
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet
from reporting.rules.equity_groups import NO_PLACE, QUINTILES

from .equity import LONGEST_GROUP


class AreaImportQuerySet(ScopedQuerySet["AreaImport"]):
    """Reads of imports."""

    scope_path = "commissioner_id"
    scope_permission = Permission.MANAGE_SETTINGS


@pghistory.track()
class AreaImport(FileImport):
    """One file of areas, with the day it holds from and where it is published."""

    applies_from = models.DateField("applies from")
    source = models.CharField("source", max_length=300, help_text="What the table is, and where it is published.")

    objects: ClassVar[AreaImportQuerySet] = ScopedManager.from_queryset(AreaImportQuerySet)()  # type: ignore[assignment]

    class Meta(FileImport.Meta):
        constraints = import_constraints("area_import")
        triggers = import_triggers("area_import")


class AreaImportFile(ImportedFile):
    """The file of an import of areas."""

    area_import = models.OneToOneField(AreaImport, on_delete=models.PROTECT, related_name="file")

    def __str__(self) -> str:
        return str(self.area_import)


class AreaTableQuerySet(models.QuerySet["AreaTable"]):
    """Reads of tables of areas."""

    def in_force(self, on: dt.date) -> Self:
        """Those that apply at the end of a day, the newest first; of two from one day, the one imported last."""
        return self.standing().filter(applies_from__lte=on).order_by("-applies_from", "-pk")

    def standing(self) -> Self:
        """Those whose import was not undone."""
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track()
class AreaTable(models.Model):
    """One imported file that says in what areas places are: of postcodes, of GP practices, or of both.

    It holds from `applies_from` until a newer one of the same commissioner; one of England holds for everybody whose
    own have nothing to say. Never changed: a correction is another import. Undoing an import withdraws its table, and
    removes nothing: what was read of it "as known on" a day before must still be found.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    applies_from = models.DateField("applies from")
    source = models.CharField("source", max_length=300, help_text="What the table is, and where it is published.")
    filename = models.CharField("file", max_length=200)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    postcodes = models.PositiveIntegerField("postcodes")
    practices = models.PositiveIntegerField("practices")
    has_deprivation = models.BooleanField("whether it says how deprived postcodes are")
    has_localities = models.BooleanField("whether it says the locality of postcodes")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField("imported at")
    area_import = models.OneToOneField(
        AreaImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="table",
        help_text="The import it came of; the demonstration's came of none.",
    )
    withdrawn_at = models.DateTimeField("withdrawn at", null=True, blank=True)

    objects: ClassVar[AreaTableQuerySet] = AreaTableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-applies_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "applies_from", "sha256"],
                name="area_table_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="area_table_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="area_table_says_something",
                condition=Q(postcodes__gt=0) & (Q(has_deprivation=True) | Q(has_localities=True))
                | Q(practices__gt=0, postcodes=0, has_deprivation=False, has_localities=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="area_table_fixed", exclude=["withdrawn_at"]),
            pgtrigger.Protect(
                name="area_table_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.withdrawn_at IS NOT NULL"),
            ),
            no_delete("area_table"),
            no_truncate("area_table"),
        ]

    def __str__(self) -> str:
        return f"{self.source}, from {self.applies_from}"


class PostcodeArea(models.Model):
    """How deprived the area of a postcode is, from 1 (the most deprived fifth) to 5, and in which locality it is."""

    table = models.ForeignKey(AreaTable, on_delete=models.PROTECT, related_name="postcode_areas", db_index=False)
    postcode = models.CharField("postcode", max_length=8)
    quintile = models.PositiveSmallIntegerField("deprivation quintile", null=True, blank=True)
    locality = models.CharField("locality", max_length=LONGEST_GROUP, blank=True)

    class Meta:
        constraints = [
            # Holds what is looked for too, so that the rows themselves need not be read.
            models.UniqueConstraint(
                fields=["table", "postcode"], name="postcode_area_once", include=["quintile", "locality"]
            ),
            models.CheckConstraint(
                name="postcode_area_quintile", condition=Q(quintile__isnull=True) | Q(quintile__in=QUINTILES)
            ),
            models.CheckConstraint(name="postcode_area_locality", condition=~Q(locality=NO_PLACE)),
        ]
        triggers = append_only("postcode_area")

    def __str__(self) -> str:
        return self.postcode


class PracticeArea(models.Model):
    """In which locality a GP practice is: where the postcode of somebody registered there says nothing."""

    table = models.ForeignKey(AreaTable, on_delete=models.PROTECT, related_name="practice_areas", db_index=False)
    gp_practice = models.CharField("GP practice code", max_length=6)
    locality = models.CharField("locality", max_length=LONGEST_GROUP)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "gp_practice"], name="practice_area_once", include=["locality"]),
            models.CheckConstraint(name="practice_area_locality", condition=~Q(locality__in=["", NO_PLACE])),
        ]
        triggers = append_only("practice_area")

    def __str__(self) -> str:
        return self.gp_practice
