"""The outputs of an edition at their addresses: the same figures in all of them, for everybody."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pypdf
import pytest
from django.test import Client

from offers.models import EasyReadLine, Edition
from offers.services.editions import withdraw
from tests.factories.offers import LocalOfferFactory, OfferLineFactory, published_edition

pytestmark = pytest.mark.django_db

ROOT = "/local-offers/testshire/"
FILES = {
    "local-offer.pdf": "application/pdf",
    "easy-read.pdf": "application/pdf",
    "large-print.pdf": "application/pdf",
    "local-offer.txt": "text/plain; charset=utf-8",
    "timeline.csv": "text/csv; charset=utf-8",
    "figures.csv": "text/csv; charset=utf-8",
    "local-offer.json": "application/json",
}
OPEN_DATA = {"timeline.csv", "figures.csv", "local-offer.json"}


def published() -> Edition:
    offer = LocalOfferFactory(slug="testshire", title="Budgets in Testshire")
    offer.sections.filter(kind="introduction").update(
        body="We have {{ figure.phbs_in_place }} budgets, of which {{ figure.children_in_place }} are for children.\n\n"
        "| Who | How many |\n|---|---|\n| People | {{ figure.population }} |\n\n1. Ask by 31 March\n2. Wait 28 days"
    )
    EasyReadLine.objects.create(
        section=offer.sections.get(kind="introduction"), position=1, picture="money", words="A budget is money."
    )
    OfferLineFactory(
        phase__local_offer=offer,
        phase__name="2016/17",
        phase__starts_on=dt.date(2016, 4, 1),
        cohort__name="Adults of Testshire",
        note="At most 50 people",
        source="Paragraph 17",
    )
    return published_edition(local_offer=offer, title="Budgets in Testshire")


def content(client: Client, address: str, status: int = 200) -> bytes:
    response = client.get(f"{ROOT}{address}")
    assert response.status_code == status, address
    return response.content


def pdf_words(content: bytes) -> str:
    pages = (each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", " ", " ".join(pages))


class Tables(HTMLParser):
    """The tables of a page, by their caption, as rows of words; and all words of its main part."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.words = ""
        self._caption: str | None = None
        self._cell: list[str] | None = None
        self._rows: list[list[str]] = []
        self._in_main = False
        # The name of its column that a cell has on a phone, hidden from a screen reader.
        self._in_label = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "main":
            self._in_main = True
        elif tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td", "caption"):
            self._cell = []
        elif tag == "span":
            self._in_label = dict(attrs).get("aria-hidden") == "true"

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        elif tag == "span":
            self._in_label = False
        elif tag in ("th", "td", "caption") and self._cell is not None:
            words = re.sub(r"\s+", " ", " ".join(self._cell)).strip()
            if tag == "caption":
                self._caption = words
            else:
                self._rows[-1].append(words)
            self._cell = None
        elif tag == "table":
            self.tables[self._caption or ""] = self._rows

    def handle_data(self, data: str) -> None:
        if self._in_main:
            self.words += f" {data}"
        if self._cell is not None and not self._in_label:
            self._cell.append(data)


def test_every_figure_is_the_same_in_page_pdf_csv_json_and_text(client: Client, edition: Edition) -> None:
    page = Tables(content(client, "").decode())
    _, *rows = page.tables["Each figure, what it means, and the day it was counted on"]
    of_page = {label: (text, definition) for label, text, as_at, definition in rows}
    assert {each[2] for each in rows} == {"7 February 2017"}
    assert {label: text for label, (text, _) in of_page.items()} == {
        "Phbs in place": "122",
        "Children in place": "5",
        "Population": "1,011,000",
    }
    of_json = json.loads(content(client, "local-offer.json"))["figures"]
    assert {each["label"]: (each["text"], each["definition"]) for each in of_json} == of_page
    table = list(csv.DictReader(io.StringIO(content(client, "figures.csv").decode("utf-8-sig"))))
    assert {each["Figure"]: (each["As printed"], each["What it means"]) for each in table} == of_page
    assert [each["Number"] for each in table] == [each["number"] for each in of_json] == ["122", "5", "1011000"]
    text = content(client, "local-offer.txt").decode()
    pdf, large = (pdf_words(content(client, f"{name}.pdf")) for name in ("local-offer", "large-print"))
    for label, (value, definition) in of_page.items():
        assert f"- {label}: {value}, as at 7 February 2017. {definition}" in text
        assert f"{label} {value} 7 February 2017 {definition}" in pdf
        assert f"{label}: {value} As at 7 February 2017. {definition}" in large


def numbers_in(words: str) -> set[str]:
    """Every number of two figures or more, with its commas and decimals."""
    return set(re.findall(r"\d[\d,.]*\d", words))


def without_hash(words: str, content_hash: str) -> str:
    """Words without the hash that stands on every sheet, wherever its line was broken, and without its beginning."""
    for said in (content_hash, content_hash[:12]):
        words = re.sub(r"[\s-]*".join(said), "", words)
    return words


def test_every_number_of_the_edition_is_in_page_pdf_and_text(client: Client, edition: Edition) -> None:
    text = content(client, "local-offer.txt").decode().replace(edition.content_hash, "")
    numbers = numbers_in(text)
    assert {"122", "1,011,000", "31", "28", "2016", "50", "17", "07"} & numbers >= {
        "122",
        "1,011,000",
        "31",
        "28",
        "50",
    }
    page = Tables(content(client, "").decode())
    assert numbers <= numbers_in(page.words)
    for name in ("local-offer.pdf", "large-print.pdf"):
        said = re.sub(r"Page \d+ of \d+", "", without_hash(pdf_words(content(client, name)), edition.content_hash))
        assert numbers <= numbers_in(said), name
        # And nothing is in it that is not in the text, but the numbers of its pages in the list of contents.
        assert numbers_in(re.sub(r"(\. ?){5,}\d+", "", said)) <= numbers, name


def test_every_line_of_the_timeline_is_the_same_everywhere(client: Client, edition: Edition) -> None:
    page = Tables(content(client, "").decode())
    (row,) = csv.DictReader(io.StringIO(content(client, "timeline.csv").decode("utf-8-sig")))
    assert (row["Year or phase"], row["Who it is for"], row["Status"], row["From"], row["Note"], row["Source"]) == (
        "2016/17",
        "Adults of Testshire",
        "Live",
        "2016-04-01",
        "At most 50 people",
        "Paragraph 17",
    )
    (line,) = json.loads(content(client, "local-offer.json"))["timeline"][0]["lines"]
    assert (line["cohort_name"], line["status_label"], line["starts_on"], line["note"], line["source"]) == (
        row["Who it is for"],
        row["Status"],
        row["From"],
        row["Note"],
        row["Source"],
    )
    state = "Live, from 1 April 2016"
    assert f"- {row['Who it is for']}: {state}. {row['Note']}." in content(client, "local-offer.txt").decode()
    assert f"{row['Who it is for']} {state} {row['Note']}." in pdf_words(content(client, "local-offer.pdf"))
    for words in ("Adults of Testshire", "1 April 2016", "At most 50 people", "Paragraph 17"):
        assert words in page.words


def test_outputs_are_for_everybody_and_may_be_cached(client: Client, edition: Edition) -> None:
    page = content(client, "").decode()
    for file, media_type in FILES.items():
        address = f"{ROOT}editions/1/{file}"
        response = client.get(address)
        assert response["Content-Type"] == media_type
        ending = {"local-offer": "", "easy-read": "-easy-read", "large-print": "-large-print"}.get(
            file.split(".")[0], f"-{file.split('.')[0]}"
        )
        assert f'filename="testshire-edition-1{ending}.{file.split(".")[1]}"' in response["Content-Disposition"]
        assert int(response["Content-Length"]) == len(response.content)
        assert response["Cache-Control"] == "public, max-age=60"
        assert not response.cookies
        assert (response.get("Access-Control-Allow-Origin") == "*") == (file in OPEN_DATA)
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(f"{ROOT}{file}").content == response.content
        assert client.post(address).status_code == 405
        assert f'href="{address}"' in page


def test_json_file_has_the_fingerprint_that_is_printed(client: Client, edition: Edition) -> None:
    digest = hashlib.sha256(content(client, "local-offer.json")).hexdigest()
    assert digest == edition.content_hash
    assert digest in content(client, "").decode()


def test_easy_read_is_a_page_too(client: Client, edition: Edition) -> None:
    page = content(client, "easy-read/").decode()
    assert Tables(page).words == Tables(content(client, "editions/1/easy-read/").decode()).words
    for words in ("A budget is money.", 'alt="A bank note"', "You can ask for a budget now", "Adults of Testshire"):
        assert words in page
    assert f"{ROOT}editions/1/easy-read/" in content(client, "").decode()


def test_edition_without_easy_read_has_no_such_output(client: Client) -> None:
    published_edition(local_offer=LocalOfferFactory(slug="plainshire"))
    for address in ("easy-read.pdf", "easy-read/", "editions/1/easy-read.pdf"):
        assert client.get(f"/local-offers/plainshire/{address}").status_code == 404
    assert "asy read" not in client.get("/local-offers/plainshire/").content.decode()


def test_outputs_of_a_withdrawn_edition_are_gone(client: Client, edition: Edition) -> None:
    assert edition.approved_by is not None
    withdraw(edition=edition, by=edition.approved_by, reason="A mistake")
    for file in [*FILES, "easy-read/"]:
        content(client, file, 404)
        content(client, f"editions/1/{file}", 404)


def test_feed_has_every_public_edition_the_newest_first(client: Client, edition: Edition) -> None:
    published_edition(local_offer=edition.local_offer, number=2, title=edition.title)
    response = client.get("/local-offers/feed.json")
    assert response["Content-Type"] == "application/feed+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [each["title"] for each in feed["items"]] == [
        "Budgets in Testshire, edition 2",
        "Budgets in Testshire, edition 1",
    ]
    assert [each["tags"] for each in feed["items"]] == [["Published"], ["Superseded"]]
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert dt.datetime.fromisoformat(item["date_published"]).tzinfo
        for each in [{"url": item["url"], "mime_type": "text/html"}, *item["attachments"]]:
            found = client.get(each["url"])
            assert found.status_code == 200
            assert found["Content-Type"].startswith(each["mime_type"])
            if "size_in_bytes" in each:
                assert each["size_in_bytes"] == len(found.content)
    assert client.get("/local-offers/").content.count(b"/local-offers/feed.json") == 1


def test_feed_is_read_in_one_query_a_page(client: Client, edition: Edition, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        client.get("/local-offers/feed.json")
