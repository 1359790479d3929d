"""A whole site of its own for the tests: database, broker, web server and worker, as `make run` has them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

from phb_register import embedded
from phb_register.embedded.postgres import PostgresServer
from phb_register.embedded.valkey import ValkeyServer

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
READY_SECONDS = 60.0
DO_ALL_JOBS = """
from phb_register import jobs
from phb_register.models import Job
while waiting := list(Job.objects.unfinished().values_list("pk", flat=True)):
    for pk in waiting:
        jobs.run(pk)
"""


class Site:
    """Started part by part; `stop` ends what is still running and drops the database.

    The database lives on the embedded server that all tests share; the broker is the site's own, so that a
    test may stop it.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.server = PostgresServer(embedded.data_folder() / "postgres")
        self.broker = ValkeyServer(folder / "valkey")
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.beat: subprocess.Popen[bytes] | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "DJANGO_SETTINGS_MODULE": "phb_register.settings.local",
            "DATABASE_URL": self.server.url(name),
            "REDIS_URL": self.broker.url(),
            "PHB_DATA_DIR": str(folder),
            "DEMONSTRATION": "true",
            "LOG_LEVEL": "WARNING",
        }

    def make_database(self, template: str) -> None:
        """A database of its own, a copy of the template."""
        self.drop_database()
        with _administration(self.server) as cursor:
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            cursor.execute(copy.format(sql.Identifier(self.name), sql.Identifier(template)))

    def drop_database(self) -> None:
        """Drop the database, whoever is connected."""
        self.server.hold()
        with _administration(self.server) as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py on this site and return what it prints. Fails with its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout[-8000:]}"
        return done.stdout

    def load_demonstration(self) -> None:
        """Load it without a worker, and do after it what it left to one."""
        self.broker.hold()
        try:
            self.manage("load_demo")
            self.manage("shell", "-c", DO_ALL_JOBS)
        finally:
            self.broker.let_go()

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        # fmt: off
        self.web = self._start(
            "gunicorn", "phb_register.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "2", "--log-level", "warning",
        )
        # fmt: on
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"{self.url}/healthz"):
            assert self.web.poll() is None, f"The web server ended:\n{self.log('gunicorn')}"
            assert time.monotonic() < deadline, f"The web server does not answer:\n{self.log('gunicorn')}"
            time.sleep(0.1)

    def start_worker(self) -> None:
        """Start the broker where it is not running, and a worker."""
        self.broker.hold()
        # fmt: off
        self.worker = self._start(
            "celery", "--app", "phb_register", "worker", "--concurrency", "1", "--loglevel", "WARNING",
            "--without-mingle", "--without-gossip",
        )
        # fmt: on

    def start_beat(self) -> None:
        """Start the scheduler, which sends lost jobs again."""
        self.beat = self._start("celery", "--app", "phb_register", "beat", "--loglevel", "WARNING", "--pidfile=")

    def kill_worker(self) -> None:
        """End the worker and its children as a crash would."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.worker = None

    def stop(self) -> None:
        """End everything, and drop the database."""
        for process in (self.beat, self.worker, self.web):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (self.beat, self.worker, self.web):
            if process is not None:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.broker.let_go()
        self.drop_database()

    def log(self, program: str) -> str:
        """The end of what a program wrote."""
        return (self.folder / f"{program}.log").read_text(errors="replace")[-8000:]

    def _start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{program}.log").open("ab") as log:
            return subprocess.Popen(
                [PROGRAMS / program, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


class _administration:  # noqa: N801 - used as a with statement's words
    """A cursor outside any transaction, on the server's own database."""

    def __init__(self, server: PostgresServer) -> None:
        self.connection = psycopg2.connect(server.url("postgres"))
        self.connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self.connection.cursor()

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
