"""Check a PDF: which edition it is, that it was changed, or that it is none; and nothing of it is kept."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offers.models import Edition
from offers.rules.checking import LARGEST_FILE
from offers.services.editions import withdraw
from tests.factories.offers import LocalOfferFactory, published_edition

pytestmark = pytest.mark.django_db

ADDRESS = "/check-a-pdf/"


def published() -> Edition:
    offer = LocalOfferFactory(slug="testshire", title="Budgets in Testshire")
    offer.sections.filter(kind="introduction").update(body="Some text.")
    return published_edition(local_offer=offer, title="Budgets in Testshire")


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def token(client: Client) -> str:
    return token_of(client)


def token_of(client: Client) -> str:
    page = client.get(ADDRESS)
    assert page.status_code == 200
    assert not page.cookies
    return re.findall(r'name="token" value="([^"]+)"', page.content.decode())[0]


def checked(client: Client, content: bytes, status: int = 200, name: str = "x.pdf", token: str | None = None) -> str:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    sent = client.post(ADDRESS, {"file": file, "token": token_of(client) if token is None else token})
    assert sent.status_code == status
    assert not sent.cookies
    words = re.sub(r"<[^>]+>", " ", sent.content.decode())
    return re.sub(r"\s+", " ", words)


def content_of(edition: Edition, field: str = "pdf") -> bytes:
    return bytes(getattr(edition, field).content)


@pytest.mark.parametrize(("field", "version"), [("pdf", "The whole local offer"), ("large_print_pdf", "Large print")])
def test_published_file_is_named(client: Client, edition: Edition, field: str, version: str) -> None:
    said = checked(client, content_of(edition, field))
    assert "This is edition 1 of Budgets in Testshire" in said
    for words in ("As it was published", version, "Yes, it is the newest edition"):
        assert words in said


def test_file_of_an_edition_that_no_longer_holds_says_so(client: Client, edition: Edition) -> None:
    second = published_edition(local_offer=edition.local_offer, number=2, title="Budgets in Testshire")
    assert "No, edition 2 took its place" in checked(client, content_of(edition))
    assert second.approved_by is not None
    withdraw(edition=second, by=second.approved_by, reason="A mistake")
    assert "No, it was withdrawn" in checked(client, content_of(second))


def test_file_with_something_after_its_end_is_told(client: Client, edition: Edition) -> None:
    said = checked(client, content_of(edition) + b"\n1 0 obj << /Type /Annot >> endobj\n%%EOF")
    assert "Something was added to edition 1 of Budgets in Testshire" in said
    assert "Do not rely on it" in said


@pytest.mark.parametrize("place", [0.1, 0.5, 0.99])
def test_file_with_one_byte_changed_is_altered(client: Client, edition: Edition, place: float) -> None:
    content = bytearray(content_of(edition))
    at = int(len(content) * place)
    # Not within the mark itself.
    assert edition.content_hash.encode() not in bytes(content[at : at + 64])
    content[at] ^= 1
    assert "This is not edition 1 of Budgets in Testshire" in checked(client, bytes(content))


def test_mark_is_found_however_a_programme_writes_it(client: Client, edition: Edition) -> None:
    digest = edition.content_hash.encode()
    for mark in (
        b"<" + digest.hex().encode() + b">",
        b"<" + digest.hex().upper().encode() + b">",
        b"(" + digest + b")",
    ):
        assert "This is not edition 1" in checked(client, b"%PDF-1.7\n/ID [" + mark + b"]\n%%EOF")


def test_file_from_elsewhere_is_none_of_ours(client: Client, edition: Edition) -> None:
    assert "not a local offer published here" in checked(client, b"%PDF-1.4 anything")
    assert "not a local offer published here" in checked(client, b"%PDF-1.4 " + b"f" * 64)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is not a PDF"),
        (b"PK\x03\x04", "This file is not a PDF"),
        (b"%PDF-" + b"0" * LARGEST_FILE, "smaller"),
    ],
)
def test_file_that_cannot_be_checked_is_refused(client: Client, content: bytes, message: str) -> None:
    assert message in checked(client, content, 422)


def test_form_without_a_file_or_with_an_old_token_is_shown_again(client: Client, edition: Edition) -> None:
    answer = client.post(ADDRESS, {"token": token_of(client)})
    assert answer.status_code == 422
    assert "Select the PDF to check" in answer.content.decode()
    assert "open for a long time" in checked(client, content_of(edition), 422, token="made up")


def test_nothing_of_the_file_is_kept(client: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(client)

    def written(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("A temporary file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", written)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", written)
    statements: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        checked(client, b"%PDF-1.4 " + b"secret " * 500_000, token=token)
    assert statements
    assert all(each.startswith("SELECT") for each in statements)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"%PDF-1.7\n"]),
    content=st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"a" * 64, b"61" * 64, b"/ID [<", b"(", b"\x00\xff", b"stream", b"%%EOF", b"<script>"]),
        ),
        max_size=8,
    ).map(b"".join),
    name=st.text(min_size=1, max_size=20),
)
def test_any_file_is_answered(client: Client, token: str, start: bytes, content: bytes, name: str) -> None:
    file = SimpleUploadedFile("x.pdf", start + content)
    file.name = name
    answer = client.post(ADDRESS, {"file": file, "token": token})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "body",
    [b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n', b"\x00" * 100],
    ids=["empty", "bare", "cut", "zeros"],
)
def test_body_that_is_no_form_is_refused(client: Client, body: bytes) -> None:
    answer = client.post(ADDRESS, body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 422)


def test_many_files_at_once_take_no_more_memory_than_one(client: Client, edition: Edition) -> None:
    """A request may carry a hundred files; all but the one that is asked for are let pass."""
    others = {f"file{number}": SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(1000)) for number in range(5)}
    twice = [SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(1000)), SimpleUploadedFile("y.pdf", b"%PDF-1.7")]
    sent = client.post(ADDRESS, {"token": token_of(client), "file": twice, **others})
    assert sent.status_code == 200
    assert [(name, file.size) for name, file in sent.wsgi_request.FILES.items()] == [("file", 1005)]
    assert len(sent.wsgi_request.FILES.getlist("file")) == 1
