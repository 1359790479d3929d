"""Imports of numbers of eligible people: the file while it is needed, and what each of its rows changed."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from phb_register.models import FileImport, ImportedFile, import_constraints, import_triggers
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .denominators import EligiblePopulation
from .equity import EligibleGroup


class EligibleImportQuerySet(ScopedQuerySet["EligibleImport"]):
    """Reads of imports."""

    scope_path = "commissioner_id"
    scope_permission = Permission.MANAGE_SETTINGS


@pghistory.track()
class EligibleImport(FileImport):
    """One file of numbers of eligible people."""

    objects: ClassVar[EligibleImportQuerySet] = ScopedManager.from_queryset(EligibleImportQuerySet)()  # type: ignore[assignment]

    class Meta(FileImport.Meta):
        constraints = import_constraints("eligible_import")
        triggers = import_triggers("eligible_import")


class EligibleImportFile(ImportedFile):
    """The file of an import of numbers of eligible people."""

    eligible_import = models.OneToOneField(EligibleImport, on_delete=models.PROTECT, related_name="file")

    def __str__(self) -> str:
        return str(self.eligible_import)


class EligibleImportRow(models.Model):
    """What came of one row: the count it wrote, of all eligible or of one group, and what stood there before.

    `before` (None where it was new) and `after` hold what the row can say of a count; by them an undo knows whether
    somebody has changed it since.
    """

    eligible_import = models.ForeignKey(EligibleImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("row")
    count = models.ForeignKey(EligiblePopulation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group_count = models.ForeignKey(EligibleGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField("what stood there before", null=True, blank=True)
    after = models.JSONField("what it wrote")

    class Meta:
        ordering = ["eligible_import", "number"]
        constraints = [
            models.UniqueConstraint(fields=["eligible_import", "number"], name="eligible_import_row_once"),
            models.UniqueConstraint(fields=["eligible_import", "count"], name="eligible_import_count_once"),
            models.UniqueConstraint(fields=["eligible_import", "group_count"], name="eligible_import_group_count_once"),
            models.CheckConstraint(
                name="eligible_import_row_of_all_or_of_a_group",
                condition=Q(count__isnull=False, group_count__isnull=True)
                | Q(count__isnull=True, group_count__isnull=False),
            ),
        ]
        triggers = [pgtrigger.Protect(name="eligible_import_row_fixed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Row {self.number}"
