"""Keeping documents the register made."""

import hashlib

from phb_register.models import StoredDocument, User


def store(*, title: str, filename: str, media_type: str, content: bytes, made_by: User | None) -> StoredDocument:
    """Keep ``content`` (bytes, not empty) in the caller's transaction, with its SHA-256."""
    return StoredDocument.objects.create(
        title=title,
        filename=filename,
        media_type=media_type,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=made_by,
    )
