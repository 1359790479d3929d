"""Killing whatever takes part in a publication, at any point, leaves one edition or none, never half."""

import threading

import pytest
from celery import current_app
from django.db import connection

from offers.models import Edition, EditionTransition
from offers.rules.snapshots import content_hash
from offers.services.publication import request_publication
from phb_register import jobs
from phb_register.models import AccessLogEntry, Job, JobState, StoredDocument, User
from tests.factories.offers import approved_edition, approver_of, published_edition
from tests.support.killing import Kill, job_killer, kill_all_along

#: Of one publication: nothing is in easy read here.
DOCUMENTS = 2

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second() -> Edition:
    """An approved edition, to take the place of one that is published."""
    first = published_edition()
    return approved_edition(local_offer=first.local_offer, number=2)


def state() -> tuple[list[str], int, int, int]:
    """What there is of the two editions: where they stand, their documents, moves and entries of the log."""
    return (
        list(Edition.objects.order_by("number").values_list("status", flat=True)),
        StoredDocument.objects.count(),
        EditionTransition.objects.filter(verb__in=["publish", "supersede"]).count(),
        AccessLogEntry.objects.filter(action__in=["publish-edition", "supersede-edition"]).count(),
    )


def test_killed_at_any_statement_leaves_one_edition_or_none(second: Edition) -> None:
    with job_killer() as kill:
        seen = publication_killed("worker", second, kill)
        # Killed before it was done, killed once it was and only the job did not know, and run to its end.
        assert seen == {(True, False), (True, True), (False, True)}
        third = approved_edition(local_offer=second.local_offer, number=3)
        # Each statement of a publication stands in one transaction: some of them will do.
        assert (False, True) in publication_killed("database", third, kill, step=4)


def publication_killed(what: str, edition: Edition, kill: Kill, step: int = 1) -> set[tuple[bool, bool]]:
    """Kill before each statement of a publication in turn, until one runs to its end: (killed?, done?) of each run."""
    assert edition.approved_by is not None
    job = request_publication(edition=edition, by=edition.approved_by)
    statuses, documents, moves, entries = before = state()
    assert statuses[-2:] == ["published", "approved"]
    after = ([*statuses[:-2], "superseded", "published"], documents + DOCUMENTS, moves + 2, entries + 2)
    found = kill_all_along(kill, job, state, what=what, by="tests.support.killed_publication", step=step)
    assert all(each in (before, after) for _, each in found), "half an edition"
    published = Edition.objects.get(pk=edition.pk)
    assert published.content_hash == content_hash(published.snapshot or {})
    return {(was_killed, each == after) for was_killed, each in found}


def test_publication_asked_for_while_the_broker_is_down_is_done_once_it_is_back(
    second: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert second.approved_by is not None
    before = state()
    with monkeypatch.context() as patch:
        # Nothing listens on port 1 of this machine.
        patch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
        patch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        job = request_publication(edition=second, by=second.approved_by)
    asked = Job.objects.filter(pk=job.pk)
    assert (state(), asked.get().state) == (before, JobState.QUEUED)
    asked.update(sent_at=None)
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", sent.append)
    jobs.resend_lost()
    assert job.pk in sent
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert state()[0] == ["superseded", "published"]
    assert asked.get().state == JobState.DONE


def test_two_people_who_press_publish_at_once_make_one_edition(second: Edition) -> None:
    people: list[User] = [approver_of(second.local_offer) for _ in range(2)]  # type: ignore[misc]
    start = threading.Barrier(2)
    made: list[int] = []

    def press(by: User) -> None:
        try:
            start.wait(timeout=10)
            job = request_publication(edition=second, by=by)
            made.append(job.pk)
            jobs.run(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(made) == 2
    assert len(set(made)) == 1
    # The one that found the other at work left it to that one.
    jobs.run(made[0])
    assert state()[0] == ["superseded", "published"]
    assert EditionTransition.objects.filter(edition=second, verb="publish").count() == 1
