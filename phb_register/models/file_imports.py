"""What imports of any file have in common: the file while it is needed, what was found in it, and where it stands.

A room makes its own tables of these: whose records they bring in, and what came of each row.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from phb_register.file_import_states import AT_WORK, ImportStatus, allowed_jumps

from .commissioners import Commissioner
from .guards import no_delete
from .jobs import Job, JobState


class FileImport(models.Model):
    """One file.

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

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.filename}, {self.uploaded_at:%d/%m/%Y}"

    @property
    def has_stopped(self) -> bool:
        """Whether the job that is at work on it was given up: nothing more happens until it is asked for again."""
        return self.status in AT_WORK and self.job is not None and self.job.state == JobState.FAILED

    @property
    def has_rows_to_import(self) -> bool:
        """Whether a row of the file is neither faulty nor there already."""
        rows: int = self.counts.get("rows", 0)
        useless: int = self.counts.get("faulty_rows", 0) + self.counts.get("already_there", 0)
        return not self.counts.get("unreadable") and rows > useless


class ImportedFile(models.Model):
    """The file of an import, until it is imported or discarded: after that nobody needs another copy of it.

    `problem_log` is a `ProblemLog`, where there is more to put right than the import itself holds; it stays after an
    import without the faulty rows.
    """

    content = models.BinaryField("content")
    problem_log = models.BinaryField("all that is to be put right", default=b"")

    class Meta:
        abstract = True


def import_constraints(thing: str) -> list[models.BaseConstraint]:
    """What must hold of each import; the names begin with `thing`."""
    return [
        models.CheckConstraint(name=f"{thing}_known_status", condition=Q(status__in=ImportStatus.values)),
        models.CheckConstraint(
            name=f"{thing}_imported_by_somebody",
            condition=~Q(status__in=["imported", "undoing", "undone"])
            | Q(imported_by__isnull=False, imported_at__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{thing}_undone_by_somebody_with_reason",
            condition=~Q(status="undone") | Q(undone_by__isnull=False, undone_at__isnull=False) & ~Q(undo_reason=""),
        ),
    ]


def import_triggers(thing: str) -> list[pgtrigger.Trigger]:
    """The database's own refusals: a wrong jump, another file, a removed row; the names begin with `thing`."""
    return [
        pgtrigger.FSM(name=f"{thing}_status_jump", field="status", transitions=allowed_jumps()),
        pgtrigger.ReadOnly(
            name=f"{thing}_fixed",
            fields=["reference", "commissioner", "filename", "sha256", "header", "uploaded_by", "uploaded_at"],
        ),
        no_delete(thing),
    ]
