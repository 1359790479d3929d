"""The first showing of England's figures: a job where the register is large, and a page that waits for it."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from phb_register import clock, jobs
from phb_register.models import Commissioner, Job, JobState
from phb_register.roles import Role
from reporting.models import FigureRelease
from reporting.selectors import releases as selectors
from reporting.selectors.scope import counted
from reporting.services.first_showings import JOB_KIND, TRY_AGAIN_AFTER, FirstShowing, job_to_wait_for
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 1, 31)
WAITING = "Figures are being put together"


@pytest.fixture
def england():
    found: Commissioner = Commissioner.objects.get(code="ENG")
    return found


@pytest.fixture
def icb():
    found = CommissionerFactory(name="Testing ICB")
    for _ in range(9):
        make_spell(found)
    return found


@pytest.fixture
def large(monkeypatch, icb):
    """A register that counts as a large one."""
    monkeypatch.setattr(selectors, "LARGE", 9)


@pytest.fixture
def analyst(client, england):
    user = UserFactory(role=Role.ANALYST, role__commissioner=england)
    client.force_login(user)
    return user


def page(client, path="", code="ENG", **headers):
    return client.get(f"/dashboard/{code}/{path}", {"as_at": DAY.isoformat()}, headers=headers)


ASKED_AGAIN = {"HX-Request": "true", "HX-Target": "being-fixed"}


def text(response):
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


@pytest.mark.usefixtures("large", "analyst")
@pytest.mark.parametrize(
    ("path", "then"),
    [
        ("", "Testing ICB"),
        ("pace/", "Pace"),
        ("variation/", "Testing ICB"),
        ("pathway/", "Pathway and quality"),
    ],
)
def test_page_waits_for_the_job_and_goes_on(client, path, then):
    first = page(client, path)
    assert (first.status_code, first["Refresh"], WAITING in text(first)) == (200, "5", True)
    job = Job.objects.get(kind=JOB_KIND)
    assert (job.state, FigureRelease.objects.exists()) == (JobState.QUEUED, False)
    part = page(client, path, **ASKED_AGAIN)
    assert 'id="being-fixed"' in text(part)
    assert WAITING not in text(part)
    jobs.run(job.pk)
    assert page(client, path, **ASKED_AGAIN)["HX-Refresh"] == "true"
    shown = page(client, path)
    assert shown.status_code == 200
    assert "Refresh" not in shown
    found = text(shown)
    assert then in found
    assert WAITING not in found
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("large", "analyst")
@pytest.mark.parametrize(("code", "path"), [("figures", ""), ("variation", "variation/")])
def test_file_leads_to_the_page_that_waits(client, england, code, path):
    asked = {"commissioner": england.code, "as_at": DAY.isoformat()}
    waits = client.get(f"/lists/{code}.csv", asked)
    assert f"/dashboard/{england.code}/{path}?" in waits["Location"]
    assert WAITING in text(client.get(waits["Location"]))
    jobs.run(Job.objects.get(kind=JOB_KIND).pk)
    assert client.get(f"/lists/{code}.csv", asked).streaming


@pytest.mark.usefixtures("large", "analyst")
def test_another_reader_waits_for_the_same_job(client, england):
    page(client)
    client.force_login(UserFactory(role=Role.ANALYST, role__commissioner=england))
    assert WAITING in text(page(client))
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("icb", "analyst")
def test_small_register_is_counted_at_once(client):
    assert WAITING not in text(page(client))
    assert not Job.objects.exists()


@pytest.mark.usefixtures("large")
def test_nobody_else_waits(icb, england):
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb)
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=england)
    for user, commissioner in ((board, icb), (team, england)):
        for each in FirstShowing:
            assert job_to_wait_for(user, counted(commissioner, DAY), each) is None


@pytest.mark.usefixtures("large")
def test_date_without_anybody_does_not_wait_for_ever(analyst, england):
    scope = counted(england, dt.date(2014, 3, 31))
    job = job_to_wait_for(analyst, scope, FirstShowing.VARIATION)
    jobs.run(job.pk)
    assert job_to_wait_for(analyst, scope, FirstShowing.VARIATION) is None


@pytest.mark.usefixtures("large", "analyst")
def test_job_that_failed_says_so_and_is_tried_again_later(client, monkeypatch):
    page(client)
    Job.objects.update(state=JobState.FAILED, finished_at=clock.now(), error="Stopped 5 times.")
    failed = page(client)
    assert "Refresh" not in failed
    assert "Stopped 5 times." in text(failed)
    Job.objects.update(finished_at=clock.now() - TRY_AGAIN_AFTER)
    assert page(client)["Refresh"] == "5"
    assert Job.objects.get().state == JobState.QUEUED


def test_statements_do_not_grow_with_the_commissioners(large, analyst, england):
    found = []
    for more in (0, 5):
        before = transaction.savepoint()
        for _ in range(more):
            make_spell(CommissionerFactory())
        job = job_to_wait_for(analyst, counted(england, DAY), FirstShowing.FIGURES)
        with CaptureQueriesContext(connection) as captured:
            jobs.run(job.pk)
        found.append(len(captured))
        transaction.savepoint_rollback(before)
    assert found == [56, 56]
