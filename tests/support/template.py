"""A migrated database kept between runs, of which each test database is a copy: seconds become milliseconds."""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "phb_template_"
# Any number: it keeps two test processes from making the template at once.
LOCK = 719_002


def template_database() -> str:
    """The name of a database with all tables and reference data, made if it is missing or out of date.

    Test databases still receive `post_migrate`, so reference data are brought up to date in each copy.
    """
    name = f"{PREFIX}{_inputs()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        existing = {row[0] for row in cursor.fetchall()}
        if name not in existing:
            building = f"{name}_new"
            for outdated in existing | {building}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{building}"')
            _migrate(building)
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _migrate(name: str) -> None:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _inputs() -> str:
    digest = hashlib.sha256()
    inputs = [ROOT / "requirements.txt", *ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/reference*.py")]
    inputs += [path for path in ROOT.glob("*/reference*/**/*") if path.suffix in (".py", ".csv", ".json")]
    for path in sorted(inputs):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
