"""The PDFs of letters: accessible, in the format that was needed, and made of nothing but the letter."""

import io
import itertools
import re
import threading
import uuid
from typing import Any

import page as page_validation
import pypdf
import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject

from eligibility.enums import LetterKind
from eligibility.models import Letter
from eligibility.services.letters import make_pdf, write_letter
from phb_register import jobs, reference
from phb_register.models import Commissioner, CommunicationFormat, Job, JobState, StoredDocument
from tests.factories.eligibility import make_team
from tests.factories.letters import decided, make_letter, with_contact
from tests.factories.phb_register import CommissionerFactory, PersonFactory

TRICKS = (
    "<script>alert(1)</script> <style>p { color: red }</style> <img src=https://example.org/x.png> "
    '<img src="file:///etc/passwd"> <link rel=stylesheet href=http://127.0.0.1:9/x.css> '
    "![x](file:///etc/passwd) [y](javascript:alert(1)) &lt;b&gt; {{ reasons }} <a href='file:///etc/passwd'>z</a>"
)


def letter_in(needed: str, **more: Any) -> Letter:
    commissioner = with_contact(CommissionerFactory())
    person = PersonFactory(commissioner=commissioner, communication_format=needed, family_name="Łódź-Kestrel")
    return make_letter(commissioner, person=person, **more)


def pdf_of(letter: Letter) -> bytes:
    made = make_pdf(letter=letter).pdf
    assert made is not None
    return bytes(made.content)


def reader_of(letter: Letter) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_of(letter)))


def sizes_of(reader: pypdf.PdfReader) -> set[float]:
    """The sizes of all type on the pages, in points."""
    found: set[float] = set()

    def visit(text: str, cm: list[float], tm: list[float], font: DictionaryObject | None, size: float) -> None:
        if text.strip():
            found.add(round(abs(size * tm[3] * cm[3]), 1))

    for each in reader.pages:
        each.extract_text(visitor_text=visit)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("needed", [CommunicationFormat.STANDARD, CommunicationFormat.EASY_READ])
def test_pdf_passes_every_rule_of_pdf_ua(needed: str) -> None:
    report = page_validation.validate_pdf_bytes(pdf_of(letter_in(needed)), profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.rules.total > 100


@pytest.mark.django_db
@pytest.mark.parametrize("needed", CommunicationFormat.values)
def test_pdf_says_what_the_letter_says_with_its_fonts_inside(needed: str) -> None:
    letter = letter_in(needed)
    reader = reader_of(letter)
    words = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in reader.pages))
    for expected in (
        letter.heading,
        "Testa Łódź-Kestrel",
        "The care is given in one short stay.",
        "Write to the PHB team and say why.",
        "1 Example Street",
        letter.values["reference"],
    ):
        assert expected in words
    assert reader.metadata is not None
    assert reader.metadata.title == letter.heading
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.outline[0]["/Title"] == letter.heading
    fonts = {
        str(font.get_object()["/BaseFont"]) for each in reader.pages for font in each["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Arimo" in font for font in fonts)


@pytest.mark.django_db
@pytest.mark.parametrize("needed", [CommunicationFormat.LARGE_PRINT, CommunicationFormat.EASY_READ])
def test_large_type_is_18_point_or_more_throughout(needed: str) -> None:
    assert min(sizes_of(reader_of(letter_in(needed)))) >= 18


@pytest.mark.django_db
def test_standard_print_is_not_smaller_than_it_says() -> None:
    # Or the test above would pass for sizes that are read wrongly.
    sizes = sizes_of(reader_of(letter_in(CommunicationFormat.STANDARD)))
    assert {8.5, 11.0} <= sizes


@pytest.mark.django_db
def test_headings_are_in_order() -> None:
    tags = [str(each.get("/S")) for each in _structure(reader_of(letter_in(CommunicationFormat.STANDARD)))]
    levels = [int(tag[2]) for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert 2 in levels
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def _structure(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    def walk(element: Any) -> list[DictionaryObject]:
        found = element.get_object()
        if isinstance(found, pypdf.generic.ArrayObject):
            return [each for child in found for each in walk(child)]
        if not isinstance(found, DictionaryObject):
            return []
        return [found, *walk(found["/K"])] if "/K" in found else [found]

    return walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])


# ── Nothing but the letter ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_what_people_typed_is_shown_and_never_run_or_fetched() -> None:
    commissioner = with_contact(CommissionerFactory())
    person = PersonFactory(commissioner=commissioner, family_name=TRICKS[:90])
    asked = {"reasons": TRICKS, "reconsideration_route": TRICKS}
    letter = make_letter(commissioner, person=person, asked=asked, address=TRICKS)
    # The writer of PDFs stops at whatever is not a static file of ours, so one that is made fetched nothing.
    reader = reader_of(letter)
    words = " ".join(each.extract_text() for each in reader.pages)
    squeezed = re.sub(r"\s+", "", words)
    assert squeezed.count("<script>alert(1)</script>") == 6
    assert re.sub(r"\s+", "", '<img src="file:///etc/passwd">') in squeezed
    assert "root:" not in words
    links = [note.get_object().get("/A", {}) for each in reader.pages for note in each.get("/Annots", [])]
    assert not any("/JS" in link or str(link.get("/URI", "https")).startswith(("file", "java")) for link in links)
    assert not reader.attachments


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["<", ">", "url(", "@import", "file:///", "src=", "](", "![", "|", "\n\n", "&", '"', "#"]),
            st.text("aé<>&{}()'", max_size=6),
        ),
        min_size=1,
        max_size=15,
    ).map("".join)
)
def test_any_text_becomes_a_pdf_that_fetches_nothing(typed: str) -> None:
    commissioner = with_contact(CommissionerFactory())
    asked = {"reasons": f"x {typed}", "reconsideration_route": f"y {typed}"}
    letter = make_letter(commissioner, asked=asked, address=f"Testa\n{typed}")
    assert pdf_of(letter).startswith(b"%PDF-")


# ── Once ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_job_makes_one_pdf_however_often_it_runs() -> None:
    letter = letter_in(CommunicationFormat.STANDARD)
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_url) == (JobState.DONE, f"/letters/{letter.reference}/")
    make_pdf(letter=letter)
    assert StoredDocument.objects.count() == 1
    with pytest.raises(Exception, match="Cannot update"):
        Letter.objects.filter(pk=letter.pk).update(pdf=None)


@pytest.mark.django_db(transaction=True)
def test_letter_written_at_once_in_two_tabs_is_written_once() -> None:
    reference.load_all(plan=[])
    commissioner: Commissioner = with_contact(CommissionerFactory())
    team = make_team(commissioner)
    referral, key = decided(commissioner, LetterKind.DECLINED, by=team), uuid.uuid4()
    ready = threading.Barrier(2)
    written: list[Any] = []

    def write(key: uuid.UUID) -> None:
        try:
            ready.wait(timeout=10)
            written.append(write_letter(referral=referral, kind=LetterKind.DECLINED, by=team, key=key).pk)
        except Exception as raised:
            written.append(raised)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(each,)) for each in (key, key)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    connections.close_all()
    assert written == [Letter.objects.get().pk] * 2
    assert Job.objects.count() == 1
