"""The database of a synthetic England: beside the register's own, never the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg2 import sql

from phb_register import embedded

NAME_BEGINS = "phb_synthetic_england"


def is_in_use() -> bool:
    """Whether this process works on a synthetic England."""
    return str(connection.settings_dict["NAME"]).startswith(NAME_BEGINS)


@contextmanager
def database(what: str) -> Iterator[str]:
    """The address of a new, empty database on the register's own server, until the block ends."""
    name = f"{NAME_BEGINS}_{what}"
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
    held = psycopg2.connect(_address("postgres"))
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
    """The address of a database on the register's own server."""
    own = os.environ.get("DATABASE_URL") or embedded.database_url()
    return urlsplit(own)._replace(path=f"/{name}").geturl()
