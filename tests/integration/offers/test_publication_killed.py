"""Killing whatever takes part in a publication, at any point, leaves one edition or none, never half."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection

from offers.models import Edition, EditionTransition
from offers.rules.snapshots import content_hash
from offers.services.publication import request_publication
from phb_register import jobs
from phb_register.models import AccessLogEntry, Job, JobState, StoredDocument, User
from tests.factories.offers import approved_edition, approver_of, published_edition

ROOT = Path(__file__).resolve().parents[3]
#: Of one publication: nothing is in easy read here.
DOCUMENTS = 2
#: More statements than a publication has.
MANY = 200

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


@pytest.fixture
def killer(second: Edition) -> Iterator[Callable[..., bool]]:
    """Runs a job and kills something before a statement of it; says whether it came to that."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed_publication", str(connection.settings_dict["NAME"])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def kill(what: str, at: int, job: Job) -> bool:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{what} {at} {job.pk}\n")
        process.stdin.flush()
        return process.stdout.readline() == "killed\n"

    with process:
        yield kill


def test_killed_at_any_statement_leaves_one_edition_or_none(second: Edition, killer: Callable[..., bool]) -> None:
    seen = kill_all_along("worker", second, killer)
    # Killed before it was done, killed once it was and only the job did not know, and run to its end.
    assert seen == {(True, False), (True, True), (False, True)}
    third = approved_edition(local_offer=second.local_offer, number=3)
    # Each statement of a publication stands in one transaction: some of them will do.
    assert (False, True) in kill_all_along("database", third, killer, step=4)


def kill_all_along(what: str, edition: Edition, killer: Callable[..., bool], step: int = 1) -> set[tuple[bool, bool]]:
    """Kill before each statement of a publication in turn, until one runs to its end: (killed?, done?) of each run."""
    assert edition.approved_by is not None
    job = request_publication(edition=edition, by=edition.approved_by)
    statuses, documents, moves, entries = before = state()
    assert statuses[-2:] == ["published", "approved"]
    after = ([*statuses[:-2], "superseded", "published"], documents + DOCUMENTS, moves + 2, entries + 2)
    seen = set()
    for at in range(1, MANY, step):
        was_killed = killer(what, at, job)
        found = state()
        assert found in (before, after), f"half an edition after {what} was killed before statement {at}"
        seen.add((was_killed, found == after))
        if not was_killed:
            break
        # Beat sends it again, and whoever watches may ask for it again.
        Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, attempts=0)
    published = Edition.objects.get(pk=edition.pk)
    assert published.content_hash == content_hash(published.snapshot or {})
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    return seen


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
