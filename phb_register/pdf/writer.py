"""How a PDF/UA-1 document is written: WeasyPrint writes the tags, and `_finish` adds what PDF/UA-1 wants beyond."""

import gc
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from phb_register.pdf import RemoteContentRefused

#: Templates name a file as `pdf.css`; it is looked up among our static files and nowhere else.
_STATIC_BASE = "https://static.invalid/"
#: What no XML may hold. The title goes into the document's metadata, and Word's line breaks are such a character.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MEDIA_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class _Stop(FatalURLFetchingError):
    """Ends the layout at once; WeasyPrint would go on past any other exception."""


class StaticFilesOnly(URLFetcher):
    """Fetches our own static files. Whatever else a document asks for stops its making."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The static file `url` names; any other address ends the making of the document."""
        parts = urlsplit(url)
        path = PurePosixPath(unquote(parts.path.lstrip("/")))
        media_type = _MEDIA_TYPES.get(path.suffix)
        found = finders.find(str(path)) if ".." not in path.parts and media_type else None
        if f"{parts.scheme}://{parts.netloc}/" != _STATIC_BASE or not isinstance(found, str):
            raise _Stop(f"A document may only use our own static files, not {url[:200]}")
        content = _unpacked_font(found) if path.suffix == ".woff2" else Path(found).read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


@cache
def _unpacked_font(path: str) -> bytes:
    """A font file unpacked, once a process: WeasyPrint would do it for every document, and takes nine tenths of its
    time for that.
    """
    unpacked = io.BytesIO()
    woff2.decompress(path, unpacked)
    return unpacked.getvalue()


def write_pdf(template: str, context: dict[str, Any], *, title: str, identifier: str) -> bytes:
    """What `phb_register.pdf.render_pdf` says."""
    page = _NOT_IN_XML.sub(" ", render_to_string(template, {**context, "title": title}))
    with _cleared_up():
        return _laid_out(page, identifier)


@contextmanager
def _cleared_up() -> Iterator[None]:
    """What a layout leaves behind hangs together in rings; the next document of a job would stand on top of it.

    Only what is new is looked through: the whole product, which nobody leaves behind, takes half a second.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def _laid_out(page: str, identifier: str) -> bytes:
    document = HTML(string=page, base_url=_STATIC_BASE, url_fetcher=StaticFilesOnly())
    try:
        content: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier.encode() or None,
            finisher=_finish,
            font_config=FontConfiguration(),
        )
    except _Stop as stop:
        raise RemoteContentRefused(str(stop)) from stop
    return content


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    """Add what WeasyPrint leaves out: which cells a table heading is for, and that links are printed."""
    elements = [each for each in pdf.objects if isinstance(each, pydyf.Dictionary)]
    by_reference = {each.reference: each for each in elements}
    for element in elements:
        if element.get("S") == "/TH" and isinstance(element.get("A"), pydyf.Dictionary):
            element["A"]["Scope"] = "/Column" if _is_under_head(element, by_reference) else "/Row"
        if element.get("Subtype") == "/Link":
            element["F"] = 4


def _is_under_head(element: pydyf.Dictionary, by_reference: dict[bytes, pydyf.Dictionary]) -> bool:
    parent: pydyf.Dictionary | None = element
    while parent is not None and parent.get("S") != "/Table":
        if parent.get("S") == "/THead":
            return True
        parent = by_reference.get(parent.get("P"))
    return False
