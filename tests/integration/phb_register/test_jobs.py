import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from phb_register import clock, jobs
from phb_register.models import Job, JobState
from tests.factories.phb_register import UserFactory

KIND = "count-for-a-test"


class Work:
    """What the test's job does: counts its runs, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.failures: list[Exception] = []
        self.wait: threading.Event | None = None
        self.started = threading.Event()

    def __call__(self, run: jobs.JobRun) -> None:
        self.runs += 1
        self.started.set()
        if self.wait:
            self.wait.wait(10)
        run.progress(1, 2)
        if self.failures:
            raise self.failures.pop(0)
        run.progress(2, 2)
        run.result("/somewhere/")


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    jobs.job_kind(KIND, title="Count for a test")(work)
    yield work
    del jobs._kinds[KIND]


def ask(key: str = "once") -> Job:
    return jobs.enqueue(kind=KIND, key=key, parameters={"a": 1}, requested_by=None)


@pytest.mark.django_db
def test_asking_twice_makes_one_job(work: Work) -> None:
    assert ask().pk == ask().pk
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_job_runs_once_and_says_where_its_result_is(work: Work) -> None:
    job = ask()
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.state, job.done, job.total, job.result_url) == (1, "done", 2, 2, "/somewhere/")


@pytest.mark.django_db
def test_job_that_stops_waits_to_be_tried_again_and_is_given_up_in_the_end(work: Work) -> None:
    job = ask()
    work.failures = [OSError("no disk") for _ in range(jobs.MAX_ATTEMPTS)]
    for attempt in range(1, jobs.MAX_ATTEMPTS):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.QUEUED, attempt)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "no disk" not in job.error, "what went wrong inside is for the log, not for the page"
    assert ask().state == JobState.QUEUED, "asking again tries again"


@pytest.mark.django_db
def test_job_that_cannot_be_done_is_not_tried_again(work: Work) -> None:
    job = ask()
    work.failures = [jobs.JobFailed("Approve the edition first")]
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.state, job.error) == (1, JobState.FAILED, "Approve the edition first")


@pytest.mark.django_db(transaction=True)
def test_job_asked_for_is_sent_on_commit_and_survives_a_dead_broker(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens on port 1 of this machine.
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    with transaction.atomic():
        job = ask()
        assert Job.objects.get(pk=job.pk).sent_at is None
    job.refresh_from_db()
    assert job.sent_at is not None
    assert job.state == JobState.QUEUED


@pytest.mark.django_db
def test_lost_job_is_sent_again_after_a_while_only(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", sent.append)
    job = ask()
    Job.objects.filter(pk=job.pk).update(sent_at=clock.now())
    assert jobs.resend_lost() == 0
    Job.objects.filter(pk=job.pk).update(sent_at=clock.now() - jobs.RESEND_AFTER - dt.timedelta(seconds=1))
    assert jobs.resend_lost() == 1
    assert sent == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_job_in_two_workers_at_once_runs_in_one_and_is_not_resent(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", sent.append)
    job = ask()
    work.wait = threading.Event()

    def run() -> None:
        jobs.run(job.pk)
        connection.close()

    first = threading.Thread(target=run)
    first.start()
    assert work.started.wait(10)
    second = threading.Thread(target=run)
    second.start()
    second.join(10)
    Job.objects.filter(pk=job.pk).update(sent_at=clock.now() - dt.timedelta(hours=1))
    assert jobs.resend_lost() == 0
    work.wait.set()
    first.join(10)
    job.refresh_from_db()
    assert (work.runs, job.state) == (1, JobState.DONE)


@pytest.mark.django_db(transaction=True)
def test_job_whose_worker_died_is_run_from_the_start_by_the_next(work: Work) -> None:
    job = ask()
    # As a killed worker leaves it: running, and its lock gone with its connection.
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.state, job.attempts) == (1, JobState.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_job_whose_worker_dies_each_time_is_given_up(work: Work) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=jobs.MAX_ATTEMPTS)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.state, job.error) == (0, JobState.FAILED, "Stopped 5 times, and did not say why")


@pytest.mark.django_db
def test_finished_job_cannot_run_backwards_even_by_sql(work: Work) -> None:
    job = ask()
    jobs.run(job.pk)
    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, finished_at=None)


@pytest.mark.django_db
def test_job_page_is_shown_to_who_asked_and_to_nobody_else(work: Work, client: Client) -> None:
    owner = UserFactory()
    job = jobs.enqueue(kind=KIND, key="mine", parameters={}, requested_by=owner)
    address = reverse("phb_register:job", args=[job.reference])
    client.force_login(owner)
    waiting = client.get(address)
    assert "Waiting to start" in waiting.text
    assert waiting["Refresh"] == "5"
    jobs.run(job.pk)
    done = client.get(address)
    assert "See the result" in done.text
    assert "Refresh" not in done
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
