"""Imports of another register: the file while it is needed, what was found in it, and which rows of ours came of it."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.rules.register_import_states import ImportStatus, allowed_jumps
from eligibility.models import Referral
from phb_register.models import Commissioner, Job, Person
from phb_register.models.guards import follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .personal_health_budgets import PersonalHealthBudget


class RegisterImportQuerySet(ScopedQuerySet["RegisterImport"]):
    """Reads of imports."""

    scope_path = "commissioner_id"
    scope_permission = Permission.IMPORT_REGISTER


@pghistory.track()
class RegisterImport(models.Model):
    """One file of another register.

    It is checked as a whole; imported as a whole or, where `is_partly`, without its faulty rows; and can be undone
    while nobody has worked on what came of it. `columns` says which heading is which column; `counts` what the check
    or the import found; `problems` are the first of `problem_count`, as [row, column, remedy].
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField("file", max_length=200)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    header = models.JSONField("headings")
    columns = models.JSONField("headings by column")
    status = models.CharField("status", max_length=10, choices=ImportStatus.choices, default=ImportStatus.CHECKING)
    is_partly = models.BooleanField("without the faulty rows", default=False)
    counts = models.JSONField("what was found", default=dict)
    problems = models.JSONField("what is to be put right", default=list)
    problem_count = models.PositiveIntegerField("how much is to be put right", default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("uploaded at")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField("imported at", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("undone at", null=True, blank=True)
    undo_reason = models.TextField("why it was undone", blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RegisterImportQuerySet] = ScopedManager.from_queryset(RegisterImportQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="import_known_status", condition=Q(status__in=ImportStatus.values)),
            models.CheckConstraint(
                name="import_imported_by_somebody",
                condition=~Q(status__in=["imported", "undoing", "undone"])
                | Q(imported_by__isnull=False, imported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_undone_by_somebody_with_reason",
                condition=~Q(status="undone")
                | Q(undone_by__isnull=False, undone_at__isnull=False) & ~Q(undo_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="import_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="import_fixed",
                fields=["reference", "commissioner", "filename", "sha256", "header", "uploaded_by", "uploaded_at"],
            ),
            no_delete("import"),
        ]

    def __str__(self) -> str:
        return f"{self.filename}, {self.uploaded_at:%d/%m/%Y}"


class RegisterImportFile(models.Model):
    """The file of an import, until it is imported or discarded: after that nobody needs another copy of it."""

    register_import = models.OneToOneField(RegisterImport, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField("content")

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
