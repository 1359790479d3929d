"""Lists that may be longer than anybody pages through: they are counted up to a bound, and read up to it.

Counting every row of a list reads every row, which grows with the register and tells nobody what to do next. Where a
list is found by searching, the bound is lower: whoever finds a thousand people searches for more of the name.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

#: Lists are counted exactly up to here.
MOST_COUNTED = 10_000
#: What a search finds is counted exactly up to here.
MOST_FOUND = 1_000


def count_up_to(rows: QuerySet[Any], most: int) -> int:
    """How many rows there are; `most` + 1 where there are more than `most`, whose number nobody counts."""
    return rows.order_by()[: most + 1].count()


def counted_words(count: int, most: int) -> str:
    """What `count_up_to` found, in words."""
    return f"more than {most:,}" if count > most else f"{count:,}"


class BoundedPaginator(Paginator):
    """Pages up to so many rows. What lies after them is found by searching, so no page costs more than another."""

    def __init__(self, rows: QuerySet[Any], length: int, most: int = MOST_COUNTED) -> None:
        super().__init__(rows, length)
        self.most = most

    @cached_property
    def _found(self) -> int:
        return count_up_to(self.object_list, self.most)  # type: ignore[arg-type]

    @property
    def count(self) -> int:
        """The rows that can be paged through."""
        return min(self._found, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than can be paged through."""
        return self._found > self.most

    @property
    def counted(self) -> str:
        """How many there are, in words."""
        return counted_words(self._found, self.most)
