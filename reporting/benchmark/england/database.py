"""The database of a synthetic England: beside the register's own, never the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg2 import sql

NAME_BEGINS = "phb_synthetic_england"


def name_of(people: int) -> str:
    """The name of the database for a size."""
    return f"{NAME_BEGINS}_{people}"


def is_in_use() -> bool:
    """Whether this process works on a synthetic England."""
    return str(connection.settings_dict["NAME"]).startswith(NAME_BEGINS)


@contextmanager
def database(people: int) -> Iterator[str]:
    """The address of a new, empty database on the register's own server, until the block ends."""
    name = name_of(people)
    _drop(name)
    with _server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield _address(name)
    finally:
        _drop(name)


def manage(address: str, *arguments: str) -> None:
    """Run a command of `manage.py` on the database at an address. Raises `CommandError` where it fails."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    environment = {**os.environ, "DATABASE_URL": address}
    if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603 - our own program
        raise CommandError(f"`manage.py {' '.join(arguments)}` failed on the synthetic England")


def _drop(name: str) -> None:
    with _server() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _server() -> Iterator["psycopg2.extensions.cursor"]:
    given = connection.settings_dict
    parts = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    held = psycopg2.connect(
        dbname="postgres", **{ours: given[theirs] for ours, theirs in parts.items() if given[theirs]}
    )
    try:
        held.autocommit = True
        with held.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
            if row is None or not row[0]:
                raise CommandError("A synthetic England needs a database role that is a superuser.")
            yield cursor
    finally:
        held.close()


def _address(name: str) -> str:
    given = connection.settings_dict
    who = quote(str(given["USER"]), safe="")
    if given["PASSWORD"]:
        who += f":{quote(str(given['PASSWORD']), safe='')}"
    host, port = str(given["HOST"] or ""), given["PORT"]
    if host.startswith("/"):
        return f"postgresql://{who}@/{name}?host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{who}@{host}{f':{port}' if port else ''}/{name}"
