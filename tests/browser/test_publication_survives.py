"""A publication whose worker is killed in the middle ends with exactly one edition."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Page

from tests.browser.helpers import sign_in
from tests.browser.steps import approve_edition, ask_for_publication, published_editions, submit_new_edition
from tests.support.site import Site

AUTHOR = "team@somerset.example.nhs.uk"
APPROVER = "approver@somerset.example.nhs.uk"
DOCUMENTS = "phb_register_storeddocument"
#: Of an edition: as it is, in easy read, in large print.
DOCUMENTS_OF_AN_EDITION = 3
COUNT_DOCUMENTS = "SELECT count(*) FROM phb_register_storeddocument"


@contextmanager
def database(site: Site) -> Iterator[Any]:
    connection = psycopg2.connect(site.environment["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.rollback()
        connection.close()


def value(cursor: Any, query: str, *parameters: Any) -> Any:
    cursor.execute(query, parameters)
    return cursor.fetchone()[0]


def wait_for(site: Site, query: str, expected: Any, *parameters: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with database(site) as cursor:
            if value(cursor, query, *parameters) == expected:
                return
        time.sleep(0.1)
    pytest.fail(f"Never {expected}: {query}")


def test_killed_publication_is_finished_once(site: Site, page: Page, another_page: Page) -> None:
    # Given an approved edition, and documents that nobody can write, so that its publication stops half-way
    slug = "somerset"
    before = published_editions(page, slug)
    sign_in(page, AUTHOR)
    edition = submit_new_edition(page, slug)
    sign_in(another_page, APPROVER)
    approve_edition(another_page, edition)
    with database(site) as holder:
        holder.execute(f"LOCK TABLE {DOCUMENTS} IN SHARE MODE")
        ask_for_publication(another_page, edition)
        wait_for(site, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", 1, DOCUMENTS)

        # When the worker is killed
        site.kill_worker()

    # Then nothing is half done
    with database(site) as cursor:
        assert value(cursor, "SELECT count(*) FROM offers_edition WHERE status = 'approved'") == 1
    assert published_editions(page, slug) == before

    # And when a worker is back and the job is sent again, twice even, there is one edition more, with its documents
    with database(site) as cursor:
        documents = value(cursor, COUNT_DOCUMENTS)
    site.start_worker()
    resend = "from phb_register import jobs; from phb_register.models import Job; "
    resend += "[jobs.send(pk) for pk in Job.objects.unfinished().values_list('pk', flat=True) for _ in range(2)]"
    site.manage("shell", "-c", resend)
    wait_for(site, "SELECT count(*) FROM phb_register_job WHERE state IN ('queued', 'running')", 0)
    assert published_editions(page, slug) == before + 1
    with database(site) as cursor:
        assert value(cursor, COUNT_DOCUMENTS) == documents + DOCUMENTS_OF_AN_EDITION
        assert value(cursor, "SELECT count(*) FROM phb_register_job WHERE state = 'failed'") == 0
