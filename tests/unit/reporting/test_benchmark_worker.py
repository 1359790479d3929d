"""The long local offer that is measured: twenty pages, counted as a reader of PDFs counts them."""

import io

import pypdf

from offers.rules.outputs import LARGE_PRINT
from offers.rules.reading import read
from offers.services.documents import make_document
from reporting.benchmark.worker import WORDS, lengthened, pages_of
from tests.support.snapshots import full_snapshot


def test_pages_are_counted_as_a_reader_counts_them() -> None:
    content = make_document(LARGE_PRINT, read(full_snapshot()), "0" * 64).content
    assert pages_of(content) == len(pypdf.PdfReader(io.BytesIO(content)).pages) > 1
    assert pages_of(b"%PDF-1.7 nothing") == 0


def test_text_is_repeated_until_it_is_long() -> None:
    snapshot = full_snapshot()
    long = lengthened(snapshot)
    words = sum(len(each["body"].split()) for each in long["sections"])
    assert WORDS <= words < WORDS + sum(len(each["body"].split()) for each in snapshot["sections"])
    assert len(snapshot["sections"][0]["easy_read"]) == 2
