"""Imports of another register: the file while it is needed, what was found in it, and which rows of ours came of it."""

from typing import ClassVar

import pghistory
from django.db import models

from eligibility.models import Referral
from phb_register.models import FileImport, ImportedFile, Person, import_constraints, import_triggers
from phb_register.models.guards import follows_merges
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget


class RegisterImportQuerySet(ScopedQuerySet["RegisterImport"]):
    """Reads of imports."""

    scope_path = "commissioner_id"
    scope_permission = Permission.IMPORT_REGISTER


@pghistory.track()
class RegisterImport(FileImport):
    """One file of another register."""

    objects: ClassVar[RegisterImportQuerySet] = ScopedManager.from_queryset(RegisterImportQuerySet)()  # type: ignore[assignment]

    class Meta(FileImport.Meta):
        constraints = import_constraints("import")
        triggers = import_triggers("import")


class RegisterImportFile(ImportedFile):
    """The file of an import of another register."""

    register_import = models.OneToOneField(RegisterImport, on_delete=models.PROTECT, related_name="file")

    def __str__(self) -> str:
        return str(self.register_import)


class RegisterImportRow(models.Model):
    """What came of one row: the person, whom it may have found there already, their referral and their budget.

    `fingerprint` is that of what the row says: a row that says the same again changes nothing.
    """

    register_import = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("row")
    fingerprint = models.CharField("fingerprint", max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_new_person = models.BooleanField("whether the person was new")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="+")
    phb = models.OneToOneField(PersonalHealthBudget, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["register_import", "number"]
        constraints = [models.UniqueConstraint(fields=["register_import", "number"], name="import_row_once")]
        triggers = [follows_merges("import_row")]

    def __str__(self) -> str:
        return f"Row {self.number}"
