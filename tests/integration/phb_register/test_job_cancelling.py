"""Cancelling jobs: one that waits never starts, one that runs stops at its next step."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from phb_register import jobs
from phb_register.exceptions import Refused
from phb_register.models import Job, JobState
from tests.factories.phb_register import UserFactory

KIND = "steps-for-a-test"
STEPS = 4


@pytest.fixture
def steps():
    """What the job does: it notes each step, and lets something happen after the second."""
    done, between = [], []

    def work(run):
        for step in range(STEPS):
            done.append(step)
            if step == 1 and between:
                between.pop()()
            run.progress(step + 1, STEPS)

    jobs.job_kind(KIND, title="Steps for a test", is_cancellable=True, about=lambda job: f"/asked/{job.key}/")(work)
    yield done, between
    del jobs._kinds[KIND]


def ask(user=None):
    return jobs.enqueue(kind=KIND, key="once", parameters={}, requested_by=user)


def state(job):
    job.refresh_from_db()
    return job.state


@pytest.mark.django_db
def test_waiting_job_that_is_cancelled_never_starts(steps):
    job = ask()
    jobs.cancel(job=job)
    assert state(job) == JobState.CANCELLED
    jobs.run(job.pk)
    assert (state(job), steps[0]) == (JobState.CANCELLED, [])
    assert job.finished_at
    assert jobs.resend_lost() == 0


@pytest.mark.django_db
def test_running_job_stops_at_its_next_step(steps):
    job = ask()
    steps[1].append(lambda: jobs.cancel(job=job))
    jobs.run(job.pk)
    assert (state(job), steps[0]) == (JobState.CANCELLED, [0, 1])
    assert (job.done, job.total) == (2, STEPS)


@pytest.mark.django_db
def test_job_that_stopped_by_a_fault_and_was_cancelled_is_not_tried_again(steps):
    job = ask()

    def fault():
        jobs.cancel(job=job)
        raise ZeroDivisionError

    steps[1].append(fault)
    jobs.run(job.pk)
    assert state(job) == JobState.QUEUED
    jobs.run(job.pk)
    assert (state(job), steps[0]) == (JobState.CANCELLED, [0, 1])


@pytest.mark.django_db
def test_asked_for_again_it_runs(steps):
    job = ask()
    jobs.cancel(job=job)
    assert ask().pk == job.pk
    jobs.run(job.pk)
    assert (state(job), steps[0]) == (JobState.DONE, [0, 1, 2, 3])
    with pytest.raises(Refused, match="done already"):
        jobs.cancel(job=job)


@pytest.mark.django_db
def test_kind_that_cannot_be_cancelled_says_so(steps):
    jobs.job_kind(KIND, title="Steps for a test")(lambda run: None)
    with pytest.raises(Refused, match="cannot be cancelled"):
        jobs.cancel(job=ask())


@pytest.mark.django_db(transaction=True)
def test_job_cancelled_while_a_worker_takes_it_never_starts(steps):
    """The cancelling holds the row first; the worker that read it as waiting finds it cancelled."""
    job = ask()

    def take():
        jobs.run(job.pk)
        connection.close()

    worker = threading.Thread(target=take)
    with jobs.transaction.atomic():
        jobs.cancel(job=job)
        worker.start()
        worker.join(0.3)
        assert worker.is_alive()
    worker.join(10)
    assert (state(job), steps[0]) == (JobState.CANCELLED, [])


@pytest.mark.django_db
def test_page_of_a_job_has_the_button_for_who_asked(client, steps):
    user = UserFactory()
    job = ask(user)
    address = reverse("phb_register:cancel-job", args=[job.reference])
    client.force_login(UserFactory())
    assert client.post(address).status_code == 404
    client.force_login(user)
    page = reverse("phb_register:job", args=[job.reference])
    assert address in client.get(page).content.decode()
    assert client.get(address).status_code == 405
    assert client.post(address).url == page
    text = client.get(page).content.decode()
    assert "Cancelled" in text
    assert "left nothing half done" in text
    assert 'href="/asked/once/"' in text
    assert address not in text
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    assert "nothing left to cancel" in client.post(address, follow=True).content.decode()
