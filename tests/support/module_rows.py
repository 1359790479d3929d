"""Rows that all tests of a module read: made once, and gone after the last. What a test changes is undone after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def rows_of_a_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """One transaction around a module's tests; each test has a savepoint of its own in it.

    For modules whose tests neither commit nor open a second connection.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
