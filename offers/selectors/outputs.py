"""The outputs of editions: their documents, and the editions of the feed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

from offers.models import Edition
from offers.rules.outputs import DOCUMENTS, Output
from phb_register.models import StoredDocument


@dataclass(frozen=True)
class DocumentFile:
    """What a link to a document says about it. `size` is in bytes, `sha256` that of the file."""

    pk: int
    filename: str
    size: int
    sha256: str


def documents_of(edition: Edition) -> Mapping[Output, DocumentFile]:
    """The documents that an edition has, without reading the files: one query."""
    ids = {output: getattr(edition, f"{output.field}_id") for output in DOCUMENTS}
    rows = StoredDocument.objects.filter(pk__in=[pk for pk in ids.values() if pk])
    found = {row["pk"]: DocumentFile(**row) for row in rows.values("pk", "filename", "size", "sha256")}
    return {output: found[pk] for output, pk in ids.items() if pk in found}


def content_of(file: DocumentFile) -> bytes:
    """The file itself."""
    return bytes(StoredDocument.objects.values_list("content", flat=True).get(pk=file.pk))


def feed_editions() -> QuerySet[Edition]:
    """Every edition that the public may read, the newest first, with the size of its PDF as `pdf_size`."""
    return (
        Edition.objects.public()
        .select_related("local_offer__commissioner")
        .defer("snapshot")
        .annotate(pdf_size=F("pdf__size"))
        .order_by("-published_at", "-pk")
    )
