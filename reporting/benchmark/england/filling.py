"""Filling tables from SQL: very many rows at once, guards asleep, indexes made afterwards. For measuring only."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

Model = type[models.Model]

INDEXES = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype = 'x'
    UNION ALL
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def run(sql: str, params: Mapping[str, Any] | None = None) -> int:
    """Run one statement; the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@contextmanager
def at_once(*filled: Model) -> Iterator[None]:
    """Tables without their guards and plain indexes until the block ends. Inside a transaction, as a superuser."""
    tables = [each._meta.db_table for model in filled for each in (model, event_model(model)) if each is not None]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute(INDEXES, {"tables": tables})
        indexes = cursor.fetchall()
        for take_down, _ in indexes:
            cursor.execute(take_down)
    yield
    with connection.cursor() as cursor:
        for _, put_up in indexes:
            cursor.execute(put_up)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def column_of(field: "models.Field[Any, Any]") -> str:
    """The column of a field that has one."""
    assert field.column is not None  # noqa: S101  these are concrete
    return field.column


def event_model(model: Model) -> Model | None:
    """The row history of a model, where it has one."""
    return getattr(model, "pgh_event_model", None)


def fill(model: Model, columns: Mapping[str, str], source: str, params: Mapping[str, Any]) -> int:
    """Write a row for each of `source`, an SQL `FROM` and what follows. Columns not named get the model's default.

    `columns` are SQL expressions by column. Returns how many rows there are more.
    """
    named = {column_of(field): columns.get(column_of(field)) for field in model._meta.local_concrete_fields}
    if unknown := set(columns) - set(named):
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    chosen: dict[str, str] = {}
    values = dict(params)
    for field in model._meta.local_concrete_fields:
        expression = named[column_of(field)]
        if expression is None:
            if isinstance(field, models.GeneratedField | models.AutoField):
                continue
            expression = _default(field, values)
        chosen[column_of(field)] = expression
    quote = connection.ops.quote_name
    return run(
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, chosen))}) "
        f"SELECT {', '.join(chosen.values())} {source}",
        values,
    )


def _default(field: "models.Field[Any, Any]", values: dict[str, Any]) -> str:
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if field.null and not field.has_default():
        return "NULL"
    name = f"default_{field.column}"
    values[name] = field.get_db_prep_save(field.get_default(), connection)
    return f"%({name})s"


def tell_history(
    model: Model, label: str, at: str, changed: Mapping[str, str], where: str, params: Mapping[str, Any]
) -> None:
    """Write the event that a row's trigger would have left at a moment; `changed` is what was otherwise then.

    `at` and `where` are SQL over the row, called `row`.
    """
    events = event_model(model)
    assert events is not None  # noqa: S101  only models with a history are told of
    own = {"pgh_created_at": at, "pgh_label": f"'{label}'", "pgh_obj_id": f"row.{model._meta.pk.column}"}
    columns = [column_of(field) for field in events._meta.local_concrete_fields]
    tracked = [column for column in columns if not column.startswith("pgh_")]
    chosen = own | {column: changed.get(column, f'row."{column}"') for column in tracked}
    quote = connection.ops.quote_name
    run(
        f"INSERT INTO {quote(events._meta.db_table)} ({', '.join(map(quote, chosen))}) "  # noqa: S608
        f"SELECT {', '.join(chosen.values())} FROM {quote(model._meta.db_table)} AS row WHERE {where}",
        params,
    )


def move_sequences(filled: Iterable[Model]) -> None:
    """Let the next row of each table have the key after the last."""
    for model in filled:
        table, key = model._meta.db_table, model._meta.pk.column
        if isinstance(model._meta.pk, models.AutoField):
            run(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), greatest(max({key}), 1)) FROM {table}")  # noqa: S608
