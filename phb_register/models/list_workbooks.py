"""Workbooks of lists that users asked for: made by a job, kept for a day, then only that they were made."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from .guards import no_delete
from .users import User


class ListWorkbookQuerySet(models.QuerySet["ListWorkbook"]):
    """Reads of workbooks, which nobody sees but the one who asked."""

    def visible_to(self, user: Any) -> "ListWorkbookQuerySet":
        """The user's own."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()


class ListWorkbook(models.Model):
    """A list with its filters, asked for as a workbook; `content` while it may be fetched.

    The words that were searched for name people, so they go with the content.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    list_code = models.CharField("list", max_length=40)
    query = models.CharField("filters", max_length=2000, blank=True)
    words = models.CharField("searched for", max_length=200, blank=True)
    requested_at = models.DateTimeField("asked for at")
    filename = models.CharField("file name", max_length=120)
    rows = models.PositiveIntegerField("rows", null=True)
    content = models.BinaryField("content", null=True)
    made_at = models.DateTimeField("made at", null=True)
    expires_at = models.DateTimeField("taken away at", null=True)

    objects: ClassVar[ListWorkbookQuerySet] = ListWorkbookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="list_workbook_whole_or_not_made",
                condition=Q(made_at__isnull=True, expires_at__isnull=True, rows__isnull=True, content__isnull=True)
                | Q(made_at__isnull=False, expires_at__isnull=False, rows__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="list_workbook_to_forget", condition=Q(content__isnull=False))
        ]
        triggers = [no_delete("list_workbook")]

    def __str__(self) -> str:
        return self.filename
