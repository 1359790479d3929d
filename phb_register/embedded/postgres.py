"""The embedded PostgreSQL."""

import getpass
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .folders import own_folder, postgres_programs, socket_folder_of, system_user
from .server import STOP_SECONDS, Server
from .system import POLL_SECONDS, command_of, connects, is_running, works_in

POSTGRES_USER = "postgres"


class PostgresServer(Server):
    """PostgreSQL on a Unix socket, reached by this machine's user (or root) alone; folder is its data
    folder.
    """

    kind = "postgres"
    stop_signal = signal.SIGINT  # "fast": end the sessions, write a checkpoint, leave

    @property
    def socket_folder(self) -> Path:
        return socket_folder_of(self.folder)

    def url(self, name: str) -> str:
        return f"postgresql://{POSTGRES_USER}:@/{quote(name)}?host={self.socket_folder}"

    def answers(self) -> bool:
        with suppress(OSError, IndexError):
            status = (self.folder / "postmaster.pid").read_text().splitlines()[7]
            return status.strip() == "ready" and connects(self.socket_folder / ".s.PGSQL.5432")
        return False

    def ensure_database(self, name: str) -> None:
        """Make the database where it is missing."""
        import psycopg2
        from psycopg2 import errors, sql

        connection = psycopg2.connect(dbname="postgres", user=POSTGRES_USER, host=str(self.socket_folder))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    # Another process may be making it just now.
                    with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()

    def stray_pid(self) -> int | None:
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None
        return pid if is_running(pid) and "postgres" in command_of(pid) else None

    def prepare(self) -> None:
        """Make the data folder, and fill it where it is new."""
        account = system_user()
        owner = account[0] if account else None
        for folder in {self.folder, self.socket_folder}:
            own_folder(folder, owner)
        if (self.folder / "PG_VERSION").exists():
            self._forget_a_dead_server()
            return
        # Made beside it and moved into place, so that a folder is either whole or not there.
        self.folder.rmdir() if not any(self.folder.iterdir()) else shutil.rmtree(self.folder)
        scratch = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        own_folder(scratch, owner)
        # The same collation everywhere, whatever the machine's language.
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--username={POSTGRES_USER}",
            "--pgdata",
            str(scratch),
        )
        scratch.rename(self.folder)

    def _forget_a_dead_server(self) -> None:
        """Remove the lock files of a server that was killed, once the last of its processes has ended.

        PostgreSQL does so by itself, unless the old number lives on: as a process that nobody has waited for,
        or as another program after a loss of power.
        """
        deadline = time.monotonic() + STOP_SECONDS
        while works_in(self.folder) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if self.stray_pid() is None and not works_in(self.folder):
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "200",
            "timezone": "UTC",
            # No values of rows in the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return subprocess.Popen(
            [postgres_programs() / "postgres", "-D", self.folder, *arguments],
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._as_system_user(),
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [postgres_programs() / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._as_system_user(),
        )

    def _as_system_user(self) -> dict[str, Any]:
        account = system_user()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        if account is None:
            return {"env": environment | {"HOME": str(Path.home()), "USER": getpass.getuser()}}
        return {"env": environment, "user": account[0], "group": account[1], "extra_groups": []}
