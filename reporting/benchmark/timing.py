"""Timing of a page and of its SQL, in turns, so that a busy machine slows both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Timing:
    """Medians in milliseconds of whole requests and of their SQL, and the first request before any cache is warm."""

    name: str
    first: float
    page: float
    sql: float
    queries: int

    @property
    def ratio(self) -> float:
        """How many times its SQL a page costs."""
        return self.page / self.sql if self.sql else float("inf")


def compare(name: str, *, page: Callable[[], Any], sql: Callable[[], Any], repeats: int, queries: int) -> Timing:
    """Run `page` and `sql` in turns, after one unmeasured round, and return their medians."""
    first = _timed(page)
    _timed(sql)
    pages, statements = [], []
    for _ in range(repeats):
        pages.append(_timed(page))
        statements.append(_timed(sql))
    return Timing(name, first, statistics.median(pages), statistics.median(statements), queries)


def _timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def rows_of(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement and fetch all it gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []
