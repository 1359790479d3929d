"""Databases kept between runs, of which each run's are copies: a minute becomes milliseconds.

One is migrated and has the reference data, another has the demonstration in it too.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from phb_register import clock

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("phb_register", "offers", "eligibility", "budgets", "reporting")
MIGRATED = "phb_template_"
DEMONSTRATION = "phb_demonstration_"
# Any numbers: they keep two test processes from making the same at once.
LOCKS = {MIGRATED: 719_002, DEMONSTRATION: 719_003}


def template_database() -> str:
    """The name of a database with all tables and reference data, made if it is missing or out of date.

    Test databases still receive `post_migrate`, so reference data are brought up to date in each copy.
    """
    inputs = [ROOT / "requirements.txt", *ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/reference*.py")]
    inputs += [path for path in ROOT.glob("*/reference*/**/*") if path.suffix in (".py", ".csv", ".json")]
    return _kept(MIGRATED, _digest(inputs), _migrate)


def demonstration_database(load: Callable[[str], None]) -> str:
    """The name of a database with the demonstration of today; where it is missing, `load` makes the one it is told to.

    Anything of the product may have a part in it, so any change of it makes another.
    """
    folders = [*(ROOT / room for room in ROOMS), ROOT / "templates", ROOT / "static" / "src"]
    inputs = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    inputs += [ROOT / "requirements.txt", ROOT / "tests" / "support" / "site.py"]
    return _kept(DEMONSTRATION, _digest(inputs, str(clock.today())), load)


def _kept(prefix: str, digest: str, make: Callable[[str], None]) -> str:
    name = f"{prefix}{digest}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCKS[prefix]])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        existing = {row[0] for row in cursor.fetchall()}
        if name not in existing:
            building = f"{name}_new"
            for outdated in existing | {building}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}" WITH (FORCE)')
            make(building)
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCKS[prefix]])
    return name


def _migrate(name: str) -> None:
    own = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _digest(inputs: Iterable[Path], *facts: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    for fact in facts:
        digest.update(fact.encode())
    return digest.hexdigest()[:12]
