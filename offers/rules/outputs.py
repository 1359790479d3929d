"""What an edition can be had as, all from its one snapshot: the one list behind addresses, links and publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Output:
    """One way to have an edition.

    `file` is the last part of its address. `field` is where the edition keeps it, for what is made once at
    publication; the others are written from the snapshot each time they are asked for. `ending` is added to the name
    it is saved under. `is_open_data` marks what pages of other sites may read.
    """

    code: str
    label: str
    kind: str
    file: str
    ending: str
    media_type: str
    field: str = ""
    template: str = ""
    is_open_data: bool = False

    def filename(self, slug: str, number: int) -> str:
        """The name to save it under: which offer, which edition, which output."""
        return f"{slug}-edition-{number}{self.ending}"


_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8"

PDF = Output("pdf", "The whole local offer", "PDF", "local-offer.pdf", ".pdf", _PDF, "pdf", "offers/edition_pdf.html")
EASY_READ = Output(
    "easy-read-pdf",
    "Easy read",
    "PDF",
    "easy-read.pdf",
    "-easy-read.pdf",
    _PDF,
    "easy_read_pdf",
    "offers/edition_easy_read_pdf.html",
)
LARGE_PRINT = Output(
    "large-print-pdf",
    "Large print",
    "PDF",
    "large-print.pdf",
    "-large-print.pdf",
    _PDF,
    "large_print_pdf",
    "offers/edition_large_print_pdf.html",
)
TEXT = Output("text", "Plain text", "TXT", "local-offer.txt", ".txt", "text/plain; charset=utf-8")
TIMELINE = Output("timeline", "The timeline", "CSV", "timeline.csv", "-timeline.csv", _CSV, is_open_data=True)
FIGURES = Output("figures", "The figures", "CSV", "figures.csv", "-figures.csv", _CSV, is_open_data=True)
JSON = Output("json", "Everything", "JSON", "local-offer.json", ".json", "application/json", is_open_data=True)

OUTPUTS: tuple[Output, ...] = (PDF, EASY_READ, LARGE_PRINT, TEXT, TIMELINE, FIGURES, JSON)
#: Made once, at publication, and kept.
DOCUMENTS: tuple[Output, ...] = tuple(each for each in OUTPUTS if each.field)
BY_CODE: dict[str, Output] = {each.code: each for each in OUTPUTS}


def documents_of(snapshot: Mapping[str, Any]) -> tuple[Output, ...]:
    """The documents to make of an edition: easy read only where some of it is written."""
    has_easy_read = any(section.get("easy_read") for section in snapshot["sections"])
    return tuple(each for each in DOCUMENTS if each != EASY_READ or has_easy_read)
