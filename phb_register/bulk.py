"""Reading and writing very many rows at once.

What is written goes past the ORM, not past the database: constraints and triggers see every row.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NEEDS_ESCAPES = re.compile(r"[\\\t\n\r]").search


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """The keys of so many rows to be written: nobody else gets them, and they are lost if the rows are not written."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def among(column: str, values: Iterable[Any], of: "models.Field[Any, Any] | None" = None) -> models.Func:
    """The condition that a column has one of many values, given in one piece: a parameter each takes far longer.

    They are keys, or what the field `of` says.
    """
    return models.Func(
        models.F(column),
        models.Value(list(values), output_field=ArrayField(of or models.BigIntegerField())),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )


def copy_in(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows with PostgreSQL's COPY. `columns` are columns of the table; one left out gets the database's default.

    A value is None, text, a number, a truth, a date, a moment or a UUID. Raises `IntegrityError` as an insert does.
    """
    text = io.StringIO()
    # By the very type of each value: a file of 200,000 rows has twenty million.
    write = _WRITTEN
    for row in rows:
        text.write("\t".join([write[type(value)](value) for value in row]))
        text.write("\n")
    text.seek(0)
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", text)


def one_at_a_time(what: str) -> None:
    """Wait for every other transaction that does the same, and have the next wait for the end of this one.

    What it reads after that is what those before it wrote.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def note_context() -> None:
    """Have the row history of this transaction say in what context it is written.

    pghistory puts the context before statements, and COPY is none that it sees; one before it is enough.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def analyse(*written: type[models.Model]) -> None:
    """Let the planner know of the rows written so far: plans made for an empty table would read all of a full one.

    Where the database's user does not own the tables, it does nothing.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(quote(model._meta.db_table) for model in written)}")


def settle() -> None:
    """Have the checks that wait for the end of the transaction done now. Raises `IntegrityError` where one fails."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _text(value: str) -> str:
    return value.translate(_ESCAPES) if _NEEDS_ESCAPES(value) else value


class _Written(dict[type[Any], Callable[[Any], str]]):
    """How COPY reads the values of a type; of a type that is not here, as those of the one it is derived from."""

    def __missing__(self, kind: type[Any]) -> Callable[[Any], str]:
        for known in (str, bool, int, Decimal, UUID, dt.datetime, dt.date):
            if issubclass(kind, known):
                return self.setdefault(kind, self[known])
        raise TypeError(f"A {kind.__name__} cannot be copied into a table")


_WRITTEN = _Written(
    {
        type(None): lambda value: "\\N",
        str: _text,
        bool: lambda value: "t" if value else "f",
        int: str,
        Decimal: str,
        UUID: str,
        dt.date: dt.date.isoformat,
        # All rows of an import are of one moment.
        dt.datetime: lru_cache(maxsize=8)(dt.datetime.isoformat),
    }
)
