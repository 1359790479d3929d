"""The three PDFs of an edition: accessible by every rule, whole, with their fonts inside, and made of nothing else."""

import io
import itertools
import re
from functools import cache
from typing import Any

import page as page_validation
import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject

from offers.rules.outputs import DOCUMENTS, EASY_READ, LARGE_PRINT, PDF, Output
from offers.rules.snapshots import content_hash
from offers.services.documents import make_documents
from tests.support.snapshots import TITLE, full_snapshot, line, phase

TRICKS = (
    "<script>alert(1)</script> <style>p{}</style> <img src=https://example.org/x.png> "
    '"><svg onload=alert(1)> ![x](file:///etc/passwd) [y](javascript:alert(1))'
)


def made(snapshot: dict[str, Any]) -> dict[Output, bytes]:
    return {each.output: each.content for each in make_documents(snapshot, content_hash(snapshot))}


@pytest.fixture(scope="module")
def snapshot() -> dict[str, Any]:
    return full_snapshot()


@pytest.fixture(scope="module")
def documents(snapshot: dict[str, Any]) -> dict[Output, bytes]:
    return made(snapshot)


@cache
def reader_of(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


@cache
def words_of(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(each.extract_text() for each in reader_of(content).pages))


@cache
def structure(content: bytes) -> list[DictionaryObject]:
    """The structure elements of a PDF, in reading order."""
    reader = reader_of(content)

    def walk(element: Any) -> list[DictionaryObject]:
        found = element.get_object()
        if isinstance(found, ArrayObject):
            return [each for child in found for each in walk(child)]
        if not isinstance(found, DictionaryObject):
            return []
        return [found, *walk(found["/K"])] if "/K" in found else [found]

    return walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])


def sizes_of(reader: pypdf.PdfReader) -> set[float]:
    """The sizes of all type on the pages, in points."""
    found: set[float] = set()

    def visit(text: str, cm: list[float], tm: list[float], font: DictionaryObject | None, size: float) -> None:
        if text.strip():
            found.add(round(abs(size * tm[3] * cm[3]), 1))

    for each in reader.pages:
        each.extract_text(visitor_text=visit)
    return found


by_document = pytest.mark.parametrize("output", DOCUMENTS, ids=lambda output: output.code)


@by_document
def test_document_passes_every_rule_of_pdf_ua(documents: dict[Output, bytes], output: Output) -> None:
    report = page_validation.validate_pdf_bytes(documents[output], profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.rules.total > 100


@by_document
def test_document_has_title_language_bookmarks_and_its_fonts_inside(
    documents: dict[Output, bytes], snapshot: dict[str, Any], output: Output
) -> None:
    reader = reader_of(documents[output])
    assert reader.metadata is not None
    kind = {PDF: "", EASY_READ: ", easy read", LARGE_PRINT: ", large print"}[output]
    assert reader.metadata.title == f"{TITLE}: edition 2{kind}"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.trailer["/ID"][0] == content_hash(snapshot)
    assert reader.outline[0]["/Title"] == TITLE
    assert {"Introduction", "Timeline", "About this document"} <= {
        each["/Title"] for each in reader.outline[1] if not isinstance(each, list)
    }
    fonts = [font.get_object() for each in reader.pages for font in each["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "Arimo" in str(font["/BaseFont"])
        (inner,) = font.get("/DescendantFonts", [font])
        assert (
            "/FontFile3" in inner.get_object()["/FontDescriptor"]
            or "/FontFile2" in inner.get_object()["/FontDescriptor"]
        )


@by_document
def test_headings_are_in_order_and_pictures_have_words(documents: dict[Output, bytes], output: Output) -> None:
    elements = structure(documents[output])
    tags = [str(each.get("/S")) for each in elements]
    levels = [int(tag[2]) for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    figures = [each for each in elements if each.get("/S") == "/Figure"]
    assert all(str(each.get("/Alt", "")).strip() for each in figures)
    if output == EASY_READ:
        assert "A bank note" in {str(each["/Alt"]) for each in figures}


@by_document
def test_cells_know_which_headings_are_theirs(documents: dict[Output, bytes], output: Output) -> None:
    elements = structure(documents[output])
    tables = [each for each in elements if each.get("/S") == "/Table"]
    assert bool(tables) == (output != EASY_READ)
    scopes = {str(each["/A"]["/Scope"]) for each in elements if each.get("/S") == "/TH"}
    assert scopes <= {"/Column", "/Row"}
    if output == PDF:
        assert scopes == {"/Column", "/Row"}
        assert {"/L", "/Link"} <= {str(each.get("/S")) for each in elements}


@pytest.mark.parametrize("output", [PDF, LARGE_PRINT], ids=lambda output: output.code)
def test_whole_documents_say_everything(
    documents: dict[Output, bytes], snapshot: dict[str, Any], output: Output
) -> None:
    said = words_of(documents[output])
    for words in (
        "Edition 2 of the local offer of Testshire. Approved on 1 March 2017. Published on 20 March 2017.",
        "We have 1,122 budgets for 1,011,000 people.",
        "2016/17 (one year later)",
        "Adults of the summer",
        "Changed in this edition, was: Planned from 1 May 2017.",
        "From earlier years or phases.",
        "Hidden, as it is from 1 to 4",
        "There were 1,234 comments.",
        "Say more about money.",
    ):
        assert words in said
    assert content_hash(snapshot) in said.replace(" ", "")


@by_document
def test_every_page_says_which_edition_it_is(
    documents: dict[Output, bytes], snapshot: dict[str, Any], output: Output
) -> None:
    pages = reader_of(documents[output]).pages
    for number, page in enumerate(pages, start=1):
        said = page.extract_text()
        assert f"Page {number} of {len(pages)}" in said
        assert "Edition 2" in said
        assert content_hash(snapshot)[:12] in said


def test_easy_read_says_its_lines_and_what_is_not_in_it(documents: dict[Output, bytes]) -> None:
    said = words_of(documents[EASY_READ])
    for words in (
        "Easy read",
        "A budget is money for your care. You choose how to use it.",
        "You can ask for a budget now",
        "Adults of the summer, from 1 June 2017",
        "These parts are only in the whole local offer:",
        " Funding ",
    ):
        assert words in said
    assert "No new money" not in said


@pytest.mark.parametrize("output", [EASY_READ, LARGE_PRINT], ids=lambda output: output.code)
def test_large_type_is_18_point_or_more_throughout(documents: dict[Output, bytes], output: Output) -> None:
    assert min(sizes_of(reader_of(documents[output]))) >= 18


def test_standard_type_is_read_as_it_is(documents: dict[Output, bytes]) -> None:
    # Or the test above would pass for sizes that are read wrongly.
    assert {8.5, 11.0} <= sizes_of(reader_of(documents[PDF]))


def test_what_people_typed_is_shown_and_never_run_or_fetched() -> None:
    """The writer stops at whatever is not a static file of ours, so one that is made fetched nothing."""
    section = {
        "kind": "introduction",
        "heading": TRICKS,
        "body": TRICKS,
        "easy_read": [{"picture": "../../pdf", "words": TRICKS}],
    }
    tricky = line(TRICKS, "live", None, note=TRICKS, source=TRICKS, change="changed", was=TRICKS)
    snapshot = full_snapshot(
        sections=[section, {**section, "kind": "timeline"}], timeline=[phase(TRICKS, None, tricky)]
    )
    snapshot["since"]["changes"][0] |= {"title": TRICKS, "was": TRICKS, "now": TRICKS, "rationale": TRICKS}
    snapshot["since"]["learning"] = TRICKS
    snapshot["consultation"]["answers"][0] = {"section": TRICKS, "comment": TRICKS, "answer": TRICKS}
    snapshot["figures"][0] |= {"label": TRICKS, "text": TRICKS, "definition": TRICKS}
    for content in made(snapshot).values():
        reader = reader_of(content)
        squeezed = re.sub(r"\s+", "", words_of(content))
        assert squeezed.count("<script>alert(1)</script>") >= 3
        assert "root:" not in squeezed
        links = [note.get_object().get("/A", {}) for each in reader.pages for note in each.get("/Annots", [])]
        assert not any("/JS" in link or str(link.get("/URI", "https")).startswith(("file", "java")) for link in links)
        assert not reader.attachments
