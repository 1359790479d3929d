"""The documents of an edition, made from its snapshot: what publication keeps beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.exceptions import NotDeliverable
from offers.models import Edition
from offers.rules.outputs import PDF, Output, documents_of
from offers.rules.reading import Reading, read
from phb_register import documents
from phb_register.models import User
from phb_register.pdf import RemoteContentRefused, render_pdf


@dataclass(frozen=True)
class MadeDocument:
    """A document that is made and not kept yet."""

    output: Output
    title: str
    content: bytes


def make_documents(snapshot: Mapping[str, Any], digest: str) -> list[MadeDocument]:
    """Every document of an edition. Writes nothing.

    Raises `NotDeliverable` where a text asks for something from elsewhere; nothing was fetched then.
    """
    reading = read(snapshot)
    return [make_document(output, reading, digest) for output in documents_of(snapshot)]


def make_document(output: Output, reading: Reading, digest: str) -> MadeDocument:
    """One document of an edition. Raises as `make_documents` does."""
    title = f"{reading.title}: edition {reading.number}"
    if output != PDF:
        title = f"{title}, {output.label.lower()}"
    context = {"edition": reading, "content_hash": digest}
    try:
        content = render_pdf(output.template, context, title=title, identifier=digest)
    except RemoteContentRefused as refusal:
        raise NotDeliverable(str(refusal)) from refusal
    return MadeDocument(output, title, content)


def keep_documents(edition: Edition, made: list[MadeDocument], *, by: User) -> None:
    """Store what was made and put it on the edition, which the caller saves."""
    for each in made:
        kept = documents.store(
            title=each.title,
            filename=each.output.filename(edition.local_offer.slug, edition.number),
            media_type=each.output.media_type,
            content=each.content,
            made_by=by,
        )
        setattr(edition, each.output.field, kept)
