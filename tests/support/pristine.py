"""The rows that a test database begins with, put back after a test that commits.

Django would empty every table and load the reference data again, which takes a hundred times as long.
"""

import functools
import io

from django.db import connection, transaction
from psycopg2.extensions import cursor as Cursor  # noqa: N812  a class


def remember_rows() -> None:
    """Read the rows now, before any test commits: later is too late."""
    _rows_at_the_start(str(connection.settings_dict["NAME"]))


def put_rows_back() -> None:
    """Every table holds again what it held at the start, whatever was added, changed or removed."""
    kept = _rows_at_the_start(str(connection.settings_dict["NAME"]))
    with transaction.atomic(), connection.connection.cursor() as cursor:
        # No trigger refuses, keeps history or follows a key: rows are taken and put back as they were.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _tables(cursor):
            if table in kept or _has_rows(cursor, table):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  a quoted name from the catalogue
        for table, rows in kept.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(rows))


@functools.cache
def _rows_at_the_start(database: str) -> dict[str, bytes]:
    """By table, its rows as PostgreSQL writes them out; a table without rows is not in it."""
    kept: dict[str, bytes] = {}
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for table in _tables(cursor):
            if _has_rows(cursor, table):
                written = io.BytesIO()
                cursor.copy_expert(f"COPY {table} TO STDOUT", written)
                kept[table] = written.getvalue()
    return kept


def _tables(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _has_rows(cursor: Cursor, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608  as above
    return bool(cursor.fetchone()[0])
