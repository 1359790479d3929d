"""What every test stands on: the embedded database, no network, and rows as they were before the test."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.pristine import put_rows_back, remember_rows
from tests.support.template import template_database

# Else every process that a test starts compiles the whole product again, and every run the tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A slow machine is no fault of the code; the time of a page is measured by `make bench`.
settings.register_profile("register", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("register")
# A change must not land or fail by a throw of dice: .ci/run tries the same examples each time, we others new ones.
settings.register_profile("landing", settings.get_profile("register"), derandomize=True)


BROWSER, UNIT = "tests/browser/", "tests/unit/"
# Whose turn it is: all journeys, other files as wholes, what may go to whichever process has time.
JOURNEYS, ONE_BY_ONE = 0, 3
# They touch nothing that another journey counts or waits for.
APART = ("test_criteria_editor.py", "test_rule_sets.py", "test_self_check.py")
LOOKS = ("test_every_page.py", "test_components.py")


class JourneysTogether(LoadScopeScheduling):
    """Hands out file by file, but the browser's journeys, which change one site together, all to one process.

    What `--dist=loadgroup` is for; xdist 3.8 cannot mark a test as of a group under pytest 9.2. Journeys apart, and
    tests that only look at pages, share that site from whichever process has time, one by one.
    """

    def _split_scope(self, nodeid: str) -> str:
        turn = _turn(nodeid)
        return "journeys" if turn == JOURNEYS else nodeid.partition("::")[0] if turn < ONE_BY_ONE else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> JourneysTogether:
    return JourneysTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first, because one process has them all; looks last, when the site stands and fills either's gaps.

    What needs no database comes before what does, which is being made meanwhile.
    """
    items.sort(key=lambda item: _turn(item.nodeid))


def pytest_collection_finish() -> None:
    """What stands by now stands to the end: rubbish is looked for among what the tests make, and less often.

    Else a twelfth of a run goes into looking through the whole product and all its tests again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


def _turn(nodeid: str) -> int:
    if nodeid.startswith(BROWSER):
        file = nodeid.removeprefix(BROWSER).partition("::")[0]
        return ONE_BY_ONE if file in APART else ONE_BY_ONE + 1 if file in LOOKS else JOURNEYS
    return JOURNEYS + 1 if nodeid.startswith(UNIT) else JOURNEYS + 2


@pytest.fixture(scope="session")
def migrated_template(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with all tables and reference data in it, to make copies of."""
    with django_db_blocker.unblock():
        return template_database()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(migrated_template: str, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process has a test database of its own, a copy of the migrated one."""
    connection.settings_dict["TEST"] |= {"TEMPLATE": migrated_template, "MIGRATE": False}


@pytest.fixture(autouse=True, scope="session")
def _clean_up_by_putting_rows_back() -> Iterator[None]:
    """Around a test that commits, where Django would empty every table and load the reference data again."""
    set_up = TransactionTestCase._fixture_setup.__func__

    def set_up_and_remember(cls: type[TransactionTestCase]) -> None:
        remember_rows()
        set_up(cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(set_up_and_remember))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: put_rows_back())
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and drawings of one test are not there for the next."""
    yield
    cache.clear()
