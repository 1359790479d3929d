"""The browser's tests: Debian's Chromium against a site of its own with the demonstration in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from tests.support.folders import server_folder
from tests.support.sharing import SharedSite, share
from tests.support.site import Site
from tests.support.template import demonstration_database

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_OPTIONS = [
    "--no-sandbox",  # Chromium's own sandbox does not start as root, and the pages are ours
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # A process for every page, and one for a picture card that is not there, cost a fifth of all.
    "--in-process-gpu",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    # Nothing but this machine.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}

# The browser's event loop runs in this process, and Django would refuse every query of the tests that come
# after.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@contextmanager
def _running_site(migrated_template: str, blocker: DjangoDbBlocker) -> Iterator[Site]:
    name = os.environ.get("TEST_DATABASE_NAME", "test_phb_register")

    def load(database: str) -> None:
        with server_folder() as folder:
            loading = Site(database, folder)
            loading.make_database(migrated_template)
            loading.load_demonstration()

    with blocker.unblock():
        loaded = demonstration_database(load)
    with server_folder() as folder:
        site = Site(f"{name}_browser", folder)
        try:
            site.make_database(loaded)
            site.start_worker()
            site.start_web()
            yield site
        finally:
            site.stop()


@pytest.fixture(scope="session")
def shared_site(migrated_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedSite]:
    """The whole site, with the demonstration loaded, for all processes of the run."""
    with share(lambda: _running_site(migrated_template, django_db_blocker)) as shared:
        yield shared


@pytest.fixture(scope="session")
def site(shared_site: SharedSite) -> Site:
    """The site for a journey that also acts on its parts."""
    assert shared_site.own, "Another process of this run started the site. Run the journeys with --numprocesses=0"
    return shared_site.own


@pytest.fixture(scope="session")
def base_url(shared_site: SharedSite) -> str:
    """Where the pages are: `page.goto("/people/")` is enough."""
    return shared_site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium rather than a downloaded one."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program, "No Chromium on this machine: apt-get install chromium"
    return {**browser_type_launch_args, "executable_path": program, "args": BROWSER_OPTIONS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A British reader at a desk."""
    return {
        **browser_context_args,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }


@pytest.fixture
def phone_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page on a phone."""
    yield from _page(browser, {**browser_context_args, "viewport": PHONE, "has_touch": True})


@pytest.fixture
def page_without_scripts(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    yield from _page(browser, {**browser_context_args, "java_script_enabled": False})


@pytest.fixture
def another_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A second person's browser, with its own sign-in."""
    yield from _page(browser, browser_context_args)


def _page(browser: Browser, arguments: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**arguments)
    try:
        yield context.new_page()
    finally:
        context.close()
