"""Publication: frozen, hashed, rendered, once."""

import datetime as dt
import threading
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection

from offers import figures
from offers.exceptions import NotDeliverable, TransitionRefused
from offers.models import Edition, EditionTransition, LocalOffer, OfferLine
from offers.rules.snapshots import content_hash
from offers.selectors.content import preview_snapshot
from offers.services.publication import publish, request_publication
from offers.services.sections import save_section
from phb_register import jobs
from phb_register.models import JobState, StoredDocument, User
from phb_register.pdf import RemoteContentRefused, render_pdf
from tests.factories.offers import (
    EditionFactory,
    LocalOfferFactory,
    OfferLineFactory,
    PhaseFactory,
    approved_edition,
    approver_of,
    published_edition,
)
from tests.factories.phb_register import UserFactory

ROOT = Path(__file__).resolve().parents[3]
#: The PDF and the one in large print; without easy read text there is no third.
DOCUMENTS = 2
TEXT = "We have {{ figure.phbs_in_place }} budgets for {{ figure.population }} people."


def written_offer(body: str = TEXT) -> LocalOffer:
    """An offer with a text, and a timeline of two phases."""
    offer = LocalOfferFactory()
    offer.sections.filter(kind="introduction").update(body=body)
    first = PhaseFactory(local_offer=offer, name="2015/16", starts_on=dt.date(2015, 4, 1), position=1)
    OfferLineFactory(phase=first, cohort__name="Adults of the first year", note="Everybody", source="Paragraph 17")
    PhaseFactory(local_offer=offer, name="2016/17", timing="one year later", position=2)
    return offer


@pytest.mark.django_db
def test_publish_freezes_text_timeline_and_figures() -> None:
    edition = published_edition(local_offer=written_offer())
    snapshot = edition.snapshot
    assert snapshot is not None
    assert snapshot["sections"][0]["body"] == TEXT
    assert [phase["name"] for phase in snapshot["timeline"]] == ["2015/16", "2016/17"]
    assert snapshot["timeline"][1]["continues"] == ["Adults of the first year"]
    assert snapshot["figures"][0] == {
        "code": "phbs_in_place",
        "label": "Phbs in place",
        "text": "122",
        "number": "122",
        "definition": f"What phbs_in_place means for {edition.local_offer.commissioner.code}",
        "as_at": "2017-02-07",
    }
    assert [each["code"] for each in snapshot["figures"]] == ["phbs_in_place", "population"]


@pytest.mark.django_db
def test_publish_hash_is_that_of_what_the_database_gives_back() -> None:
    edition = Edition.objects.get(pk=published_edition(local_offer=written_offer()).pk)
    assert edition.snapshot is not None
    assert edition.content_hash == content_hash(edition.snapshot)


@pytest.mark.django_db
def test_publish_stays_as_it_was_when_data_change_later(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = written_offer()
    edition = published_edition(local_offer=offer)
    before = edition.snapshot
    offer.sections.filter(kind="introduction").update(body="Another text")
    OfferLine.objects.filter(phase__local_offer=offer).update(note="Another note")
    monkeypatch.setattr(figures, "_providers", {})
    assert Edition.objects.get(pk=edition.pk).snapshot == before


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2017, 3, 31, 23, 30, tzinfo=dt.UTC), tick=False)
def test_publish_on_the_english_date() -> None:
    """Half past eleven in UTC is past midnight in English summer time."""
    edition = published_edition()
    assert edition.snapshot is not None
    assert edition.snapshot["edition"]["published_on"] == "2017-04-01"


@pytest.mark.django_db
def test_publish_twice_changes_nothing() -> None:
    edition = published_edition()
    again = publish(edition=edition, by=edition.author)
    assert (again.content_hash, again.published_at) == (edition.content_hash, edition.published_at)
    assert StoredDocument.objects.count() == DOCUMENTS
    assert EditionTransition.objects.filter(edition=edition, verb="publish").count() == 1


@pytest.mark.django_db
def test_publish_supersedes_the_edition_before() -> None:
    first = published_edition()
    second = published_edition(local_offer=first.local_offer, number=2)
    statuses = dict(Edition.objects.values_list("number", "status"))
    assert statuses == {1: "superseded", 2: "published"}
    move = EditionTransition.objects.get(edition=first, verb="supersede")
    assert (move.by, move.reason) == (second.published_by, "Edition 2 was published")


@pytest.mark.django_db
def test_publish_refuses_a_figure_that_is_no_longer_provided() -> None:
    edition = approved_edition(local_offer=written_offer("{{ figure.phbs_in_place }} {{ figure.population }}"))
    figures.unregister("population")
    assert edition.approved_by is not None
    with pytest.raises(NotDeliverable, match="population"):
        publish(edition=edition, by=edition.approved_by)
    assert Edition.objects.get().status == "approved"
    assert not StoredDocument.objects.exists()


@pytest.mark.django_db
def test_publish_needs_approval_and_permission() -> None:
    draft = EditionFactory()
    with pytest.raises(TransitionRefused, match="approved"):
        publish(edition=draft, by=draft.author)
    with pytest.raises(PermissionDenied):
        publish(edition=approved_edition(), by=UserFactory())


@pytest.mark.django_db
def test_request_publication_twice_makes_one_job() -> None:
    edition = approved_edition()
    other = approver_of(edition.local_offer)
    assert edition.approved_by is not None
    first = request_publication(edition=edition, by=edition.approved_by)
    assert request_publication(edition=edition, by=other) == first  # type: ignore[arg-type]
    jobs.run(first.pk)
    jobs.run(first.pk)
    first.refresh_from_db()
    assert (first.state, first.done, first.total) == (JobState.DONE, 1, 1)
    assert first.result_url == f"/local-offers/{edition.local_offer.slug}/editions/1/"
    assert Edition.objects.get().status == "published"
    assert StoredDocument.objects.count() == DOCUMENTS


@pytest.mark.django_db
def test_request_publication_after_a_failure_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = approved_edition(local_offer=written_offer("{{ figure.population }}"))
    assert edition.approved_by is not None
    job = request_publication(edition=edition, by=edition.approved_by)
    with monkeypatch.context() as patch:
        patch.setattr(figures, "_providers", {})
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "population" in job.error
    assert Edition.objects.get().status == "approved"
    assert request_publication(edition=edition, by=edition.approved_by) == job
    jobs.run(job.pk)
    assert Edition.objects.get().status == "published"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_once() -> None:
    edition = approved_edition(local_offer=written_offer("No figures here"))
    assert edition.approved_by is not None
    start = threading.Barrier(2)

    def work(by: User) -> None:
        try:
            start.wait(timeout=10)
            publish(edition=edition, by=by)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(by,)) for by in (edition.approved_by, edition.author)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert Edition.objects.get().status == "published"
    assert StoredDocument.objects.count() == DOCUMENTS
    assert EditionTransition.objects.filter(verb="publish").count() == 1


# ── The PDF ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        '<img src="https://example.org/x.png" alt="">',
        '<img src="file:///etc/passwd" alt="">',
        '<img src="../../../etc/passwd" alt="">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<img src="data:image/png;base64,AAAA" alt="">',
        "<style>@import url(https://example.org/x.css)</style>",
    ],
)
def test_pdf_fetches_nothing_but_our_static_files(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "phb_register.pdf.writer.render_to_string",
        lambda template, context: f'<html lang="en-GB"><title>x</title>{content}<p>y</p></html>',
    )
    with pytest.raises(RemoteContentRefused):
        render_pdf("x.html", {}, title="x")


@pytest.mark.django_db
def test_preview_says_what_would_be_published() -> None:
    offer = written_offer("{{ figure.population }} {{ figure.unknown }}")
    snapshot, missing = preview_snapshot(offer, today=dt.date(2026, 11, 22))
    assert snapshot["edition"] == {
        "number": 1,
        "title": offer.title,
        "figures_as_at": "2026-10-31",
        "approved_on": None,
        "published_on": None,
    }
    assert missing == ["unknown"]
    EditionFactory(local_offer=offer, title="On its way")
    assert preview_snapshot(offer, today=dt.date(2026, 11, 22))[0]["edition"]["figures_as_at"] == "2017-02-07"


@pytest.mark.django_db
def test_a_saved_section_is_what_is_published() -> None:
    offer = LocalOfferFactory()
    edition = EditionFactory(local_offer=offer)
    section = offer.sections.get(kind="funding")
    save_section(section=section, heading="Money", body="No new money", expected_version=1, by=edition.author)
    snapshot, _ = preview_snapshot(offer, today=dt.date(2017, 2, 7))
    assert {"kind": "funding", "heading": "Money", "body": "No new money", "easy_read": []} in snapshot["sections"]
