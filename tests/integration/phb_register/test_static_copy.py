"""The static copy of the public site: whole, current, and read where the database does not answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from offers.models import LocalOffer
from offers.services import editions
from phb_register import jobs, slots, static_copy
from phb_register.models import Job, JobState
from phb_register.slots import PublicPages
from phb_register.static_copy import CURRENT, INDEX, SITE, CopyFailed, ask_for_copy, write_copy
from tests.factories.offers import published_edition

PLACE = {"SERVER_NAME": "localhost", "SERVER_PORT": "8000"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PUBLIC_COPY_FOLDER = tmp_path / "copy"
    settings.SITE_URL = "http://localhost:8000"
    return settings.PUBLIC_COPY_FOLDER


def index(folder: Path) -> dict[str, Any]:
    return json.loads((folder / CURRENT / INDEX).read_text())["pages"]


def copies(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def waiting() -> list[Job]:
    return list(Job.objects.filter(kind=static_copy.JOB_KIND, state=JobState.QUEUED).order_by("pk"))


@pytest.mark.django_db
def test_every_public_page_is_copied_as_it_is_read(client: Client, folder: Path) -> None:
    edition = published_edition()
    slug = edition.local_offer.slug
    written, pages = write_copy(folder), index(folder)
    assert written == len(pages)
    offer = f"/local-offers/{slug}/"
    outputs = ("local-offer.pdf", "local-offer.txt", "timeline.csv", "figures.csv", "local-offer.json")
    expected = {"/local-offers/", "/accessibility/", "/privacy/", offer, f"{offer}editions/", f"{offer}how-to-ask/"}
    expected |= {f"{offer}{kind}{file}" for kind in ("", "editions/1/") for file in (*outputs, "")}
    assert expected <= set(pages)
    for path, page in pages.items():
        live = client.get(path, **PLACE)
        assert (page["status"], page["headers"]["Content-Type"]) == (live.status_code, live["Content-Type"])
        assert (folder / CURRENT / SITE / page["file"]).read_bytes() == live.content, path
        assert page["headers"]["Content-Security-Policy"] == live["Content-Security-Policy"]
        assert "Set-Cookie" not in page["headers"]


@pytest.mark.django_db
def test_copy_has_the_styles_its_pages_use_and_is_readable_by_any_web_server(folder: Path) -> None:
    write_copy(folder)
    site = folder / CURRENT / SITE
    assert "Local offers" in (site / "local-offers" / "index.html").read_text()
    assert (site / "static" / "app.css").stat().st_size > 1000
    assert list((site / "static" / "nhsuk").rglob("*.svg")), "what the styles use"
    assert json.loads((site / "open-referral" / "services" / "index.json").read_text())


@pytest.mark.django_db
def test_copy_follows_publication_and_withdrawal(folder: Path) -> None:
    edition = published_edition()
    for job in waiting():
        jobs.run(job.pk)
    page = f"/local-offers/{edition.local_offer.slug}/"
    assert f"{page}local-offer.pdf" in index(folder)
    assert edition.approved_by is not None
    editions.withdraw(edition=edition, by=edition.approved_by, reason="A figure was wrong")
    (job,) = waiting()
    jobs.run(job.pk)
    assert f"{page}local-offer.pdf" not in index(folder)
    assert "A figure was wrong" not in (folder / CURRENT / SITE / index(folder)[page]["file"]).read_text()
    assert "withdrawn" in (folder / CURRENT / SITE / index(folder)[f"{page}editions/1/"]["file"]).read_text()


@pytest.mark.django_db
def test_many_asked_for_at_once_are_one_copy(folder: Path) -> None:
    for _ in range(3):
        ask_for_copy()
    for job in waiting():
        jobs.run(job.pk)
    assert not waiting()
    assert len(copies(folder)) == 1


@pytest.mark.django_db
def test_changes_one_after_the_other_ask_for_one_copy_at_the_end() -> None:
    with static_copy.one_copy_at_the_end():
        assert [ask_for_copy(), ask_for_copy()] == [None, None]
        assert not waiting()
    assert len(waiting()) == 1
    with static_copy.one_copy_at_the_end():
        pass
    assert len(waiting()) == 1
    assert ask_for_copy()


@pytest.mark.django_db
def test_copy_that_fails_leaves_the_one_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_copy(folder)
    before = index(folder)
    broken = slots.Slot[PublicPages]()
    broken.add(PublicPages("broken", lambda: ["/local-offers/", "/people/"]))
    monkeypatch.setattr(slots, "public_pages", broken)
    with pytest.raises(CopyFailed, match="/people/ answered 302"):
        write_copy(folder)
    with pytest.raises(CommandError, match="The public site was not copied: /people/"):
        call_command("copy_public_site", str(folder))
    assert index(folder) == before
    assert len(copies(folder)) == 1


@pytest.mark.django_db
def test_copy_before_is_kept_for_who_reads_it_and_what_a_crash_left_goes(folder: Path) -> None:
    (folder / "20260101T000000-halfmade" / SITE).mkdir(parents=True)
    write_copy(folder)
    (first,) = copies(folder)
    write_copy(folder)
    assert len(copies(folder)) == 2
    assert first in copies(folder)
    write_copy(folder)
    assert first not in copies(folder)


@pytest.fixture
def copied(db: None, folder: Path) -> str:
    """The path of an offer that was copied."""
    edition = published_edition()
    write_copy(folder)
    return f"/local-offers/{edition.local_offer.slug}/"


@pytest.fixture
def outage(copied: str, tmp_path: Path) -> Iterator[Client]:
    """A reader while the database is away: the connection leads to a server that is not there."""
    kept = connections["default"]
    connections["default"] = away = kept.copy()
    away.settings_dict["HOST"] = str(tmp_path)
    yield Client(raise_request_exception=False)
    connections["default"] = kept


def read(client: Client, path: str, **more: Any) -> HttpResponse:
    return client.get(path, **PLACE, **more)


def test_public_pages_are_read_without_the_database(outage: Client, copied: str, folder: Path) -> None:
    for path, page in index(folder).items():
        answer = read(outage, path)
        assert answer.status_code == page["status"], path
        assert answer.content == (folder / CURRENT / SITE / page["file"]).read_bytes()
        assert not answer.cookies
        assert answer["Content-Security-Policy"]
    assert read(outage, f"{copied}local-offer.pdf")["Content-Type"] == "application/pdf"
    assert outage.head(copied, **PLACE).status_code == 200
    # Whoever is signed in reads it too, though nobody can tell who it is.
    outage.cookies["sessionid"] = "a-session-that-cannot-be-looked-up"
    assert read(outage, copied).status_code == 200


def test_other_pages_say_that_the_register_cannot_be_reached(outage: Client, copied: str) -> None:
    outage.cookies["sessionid"] = "a-session-that-cannot-be-looked-up"
    answers = [read(outage, path) for path in ("/", "/people/", f"{copied}?page=2", "/local-offers/unknown/")]
    answers.append(outage.post(f"{copied}can-i-have-one/", {}, **PLACE))
    for answer in answers:
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
        assert "<h1>The register cannot be reached</h1>" in answer.content.decode()
        assert 'href="/local-offers/"' in answer.content.decode()


def test_other_faults_are_not_taken_for_an_outage(client: Client, monkeypatch: pytest.MonkeyPatch, copied: str) -> None:
    def fail() -> list[LocalOffer]:
        raise ValueError("Our own fault")

    monkeypatch.setattr("offers.selectors.pages.public_offers", fail)
    client.raise_request_exception = False
    answer = client.get("/local-offers/", **PLACE)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()


@pytest.mark.django_db
def test_home_page_leads_the_public_to_the_local_offers(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/local-offers/")
    assert not answer.cookies
