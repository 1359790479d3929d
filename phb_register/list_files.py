"""Files of lists: what a room says of a list so that it can be taken as CSV or as a workbook, by the same rows.

A room declares each of its lists once (`list_files.add` in `AppConfig.ready()`). The filters are those of the page,
read from the same address, so a file holds exactly the rows that the page counts.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from phb_register.models import Commissioner, User
from phb_register.presenters import file_head
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import Slot
from phb_register.tables import Column, batched, file_value

ROWS_AT_A_TIME = 2000
NUMBER = re.compile(r"(?P<minus>[-−]?)£?(?P<digits>[0-9][0-9,]*(\.[0-9]+)?)")
#: What pages a list, and so is no filter of it.
PLACES = frozenset({"page", "older_than", "newer_than", "after"})


@dataclass(frozen=True)
class Asked:
    """Who asks for a list's file, by which filters of its address, which words searched for, and when."""

    user: User
    query: QueryDict
    words: str
    at: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day it is asked for, which filters without a date are read on."""
        return self.at.date()


@dataclass(frozen=True)
class ListRows:
    """The rows that the filters leave, and what is said of them in the file's head and, as codes, in the access log.

    `batches` reads the rows in its own way, so many at a time, where the columns ask for something else than the row;
    `total_within` is what they are counted in, where they are not read from the tables as they are now. `as_at` is the
    day that they speak of, where that is not the day they are asked for.
    """

    columns: Sequence[Column[Any]]
    rows: QuerySet[Any] | Sequence[Any]
    in_words: Iterable[tuple[str, str]] = ()
    in_codes: Mapping[str, str] = field(default_factory=dict)
    commissioner: Commissioner | None = None
    batches: Callable[[Any, int], Iterator[Any]] | None = None
    total_within: Callable[[], AbstractContextManager[Any]] = nullcontext
    as_at: dt.date | None = None

    @property
    def total(self) -> int:
        """How many rows the file will have."""
        with self.total_within():
            return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def each(self) -> Iterator[Any]:
        """The rows one by one, read from the database as they are asked for, all as of one moment."""
        # Outside a transaction PostgreSQL would put by the whole answer before it gave the first row.
        with transaction.atomic():
            if self.batches is not None:
                yield from self.batches(self.rows, ROWS_AT_A_TIME)
            elif isinstance(self.rows, QuerySet):
                yield from self.rows.iterator(chunk_size=ROWS_AT_A_TIME)
            else:
                yield from self.rows


def rows_as_shown(
    rows: QuerySet[Any] | Sequence[Any], table: Callable[[list[Any]], dict[str, Any] | None], **said: Any
) -> ListRows:
    """The rows of a list as its page's `table` shows them: for lists of which a file says no more than the page.

    A table without rows gives its headings too. Amounts of a column of numbers become plain numbers.
    """
    headings = (table([]) or {"head": []})["head"]
    columns: list[Column[list[dict[str, Any]]]] = [
        Column(str(cell.get("text") or cell.get("html")), partial(_shown, place), is_number="format" in cell)
        for place, cell in enumerate(headings)
    ]

    def cells(found: Any, size: int) -> Iterator[Any]:
        each = found.iterator(chunk_size=size) if isinstance(found, QuerySet) else iter(found)
        for batch in batched(each, size):
            shown = table(batch)
            yield from shown["rows"] if shown else []

    return ListRows(columns, rows, batches=cells, **said)


def _shown(place: int, row: list[dict[str, Any]]) -> Any:
    cell = row[place]
    text = file_value(cell["html"] if "html" in cell else cell.get("text", "")).strip()
    if "format" in cell and (number := NUMBER.fullmatch(text)):
        return Decimal(f"{'-' if number['minus'] else ''}{number['digits'].replace(',', '')}")
    return text


@dataclass(frozen=True)
class ListFile:
    """A list that can be taken as a file by those who hold all `permissions` for anybody.

    `rows` gives None where the filters cannot be read: the list's own page (`url`) says what is wrong with them.
    """

    code: str
    title: str
    permissions: tuple[Permission, ...]
    rows: Callable[[Asked], ListRows | None] = field(compare=False)
    url: Callable[[Mapping[str, str]], str] = field(compare=False)
    order: int = 100

    def may_be_taken_by(self, user: Any, commissioner: Commissioner | None = None) -> bool:
        """Whether the user may take it, of whatever rows are theirs, or of one commissioner."""
        return all(can(user, permission, commissioner) for permission in self.permissions)

    def head(self, found: ListRows, asked: Asked) -> list[list[str]]:
        """What stands above the rows: what it is, the filters, when and by whom it was made."""
        return file_head(self.title, found.in_words, searched=asked.words, made_at=asked.at, made_by=asked.user)

    def codes(self, found: ListRows, asked: Asked) -> dict[str, str]:
        """The filters for the access log, which holds no words that were searched for."""
        return {**found.in_codes, **({"searched": "yes"} if asked.words else {})}

    def filename(self, found: ListRows, asked: Asked, ending: str) -> str:
        """The name of the file: what of whom, and as at when."""
        of_whom = f"-{found.commissioner.code}" if found.commissioner else ""
        return f"{self.code}{of_whom}-{(found.as_at or asked.today).isoformat()}.{ending}"


list_files: Slot[ListFile] = Slot()


def list_file(code: str) -> ListFile | None:
    """The list of this code."""
    return next((each for each in list_files if each.code == code), None)


def file_links(
    code: str, user: Any, filters: dict[str, str], commissioner: Commissioner | None = None
) -> dict[str, Any] | None:
    """What ``phb_register/_list_files.html`` shows under a list; None for those who may not take its files.

    `commissioner` is whose list it is, where its address names one.
    """
    found = list_file(code)
    if found is None or not found.may_be_taken_by(user, commissioner):
        return None
    of_whom = {"commissioner": commissioner.code} if commissioner else {}
    kept = urlencode({name: value for name, value in (filters | of_whom).items() if value and name not in PLACES})
    ending = f"?{kept}" if kept else ""
    return {
        "csv_url": reverse("phb_register:list-csv", args=[code]) + ending,
        "workbook_url": reverse("phb_register:list-workbook", args=[code]) + ending,
    }
