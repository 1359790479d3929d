"""Runs jobs and kills each at a chosen statement: a process of its own, asked over its standard input.

Each line asks for one run: what is killed (`worker`, or the `database` session the worker works in), before which of
its statements, the number of the job and, where something slow in it is to be done once, in earnest, and used in every
run, the module whose `prepare` does that. The answer is `killed`, or `finished` where it had fewer statements.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

import django
import psycopg2
from django.conf import settings

#: Of `phb_register.jobs`, which cannot be imported before the register is set up.
SPACE = 719_001


def main(database: str) -> None:
    """Set the register up once on the test's database, then fork a worker for each line."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from django.db import connection
    from django.urls import get_resolver

    # As a worker that has worked before: where pages are is looked up in nearly every job.
    assert get_resolver().url_patterns
    _say("ready")
    prepared = set()
    for line in sys.stdin:
        what, at, job, *by = line.split()
        for module in by:
            if (module, job) not in prepared:
                import_module(module).prepare(int(job))
                connection.close()
                prepared.add((module, job))
        worker = os.fork()
        if worker == 0:
            _work(what, int(at), int(job))
        _, status = os.waitpid(worker, 0)
        _wait_for_the_lock(connection)
        was_killed = os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 1
        _say("killed" if was_killed else "finished")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _work(what: str, at: int, job: int) -> None:
    from django.db import connection

    from phb_register import jobs

    connection.connect()
    seen = [0]

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        seen[0] += 1
        if seen[0] == at:
            if what == "worker":
                os.kill(os.getpid(), signal.SIGKILL)
            _end_session(connection.connection)
        return execute(sql, params, many, context)

    with suppress(Exception), connection.execute_wrapper(count):
        jobs.run(job)
    os._exit(1 if seen[0] >= at else 0)


def _end_session(session: Any) -> None:
    """As if the server had died under the worker: its session is gone, and what it had not committed."""
    with psycopg2.connect(session.dsn, password=session.info.password) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [session.info.backend_pid])


def _wait_for_the_lock(connection: Any) -> None:
    """PostgreSQL frees a dead worker's locks as soon as it notices that the connection has gone."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE classid = %s AND locktype = 'advisory')", [SPACE]
            )
            busy = cursor.fetchone()[0]
        connection.close()
        if not busy:
            return
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1])
