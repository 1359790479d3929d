"""Documents the register made, kept in the database so that a document and its record commit together."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from .guards import append_only
from .users import User


class StoredDocument(models.Model):
    """A file as it was made; never changed afterwards."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("title", max_length=200)
    filename = models.CharField("file name", max_length=120)
    media_type = models.CharField("media type", max_length=100)
    content = models.BinaryField("content")
    size = models.PositiveIntegerField("size", help_text="Bytes.")
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField("made at", auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["StoredDocument"]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(name="document_not_empty", condition=Q(size__gt=0))]
        triggers = append_only("document")

    def __str__(self) -> str:
        return self.title
