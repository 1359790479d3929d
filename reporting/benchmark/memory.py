"""How much memory a web process and a worker take at their peak, measured on processes of their own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import CommandError

from phb_register.models import User
from reporting.benchmark.worker import QUEUE, megabytes, render_published_offer

PROGRAMS = Path(sys.executable).parent
PATIENCE_SECONDS = 60.0
REQUESTS = 20


@dataclass(frozen=True)
class Weight:
    """Resident memory of a process in megabytes: before the work that is measured, and at its peak."""

    name: str
    before: float
    peak: float


@dataclass(frozen=True)
class Document:
    """A PDF that was made."""

    name: str
    pages: int
    seconds: float


def web_process(user: User, addresses: tuple[str, ...]) -> Weight:
    """One gunicorn worker that answers each of `addresses` several times, signed in as `user`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(PROGRAMS / "gunicorn"), "phb_register.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1",
        "--worker-class", "gthread", "--threads", "8", "--log-level", "warning",
    ]  # fmt: skip
    with running(command) as process, session(user) as cookie:
        site = f"http://127.0.0.1:{port}"
        wait(lambda: _answers(f"{site}/healthz"), "The web process did not answer")
        worker = children(process.pid)[0]
        at_start = megabytes(worker, "VmRSS")
        for address in addresses * REQUESTS:
            request = urllib.request.Request(f"{site}{address}", headers={"Cookie": cookie})  # noqa: S310 - our own
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - our own
                response.read()
        return Weight("Web process (gunicorn worker, register and dashboard)", at_start, megabytes(worker, "VmHWM"))


def worker_process() -> tuple[Weight, list[Document]]:
    """A Celery worker that makes the PDFs of a local offer of twenty pages, and what each took."""
    command = [
        str(PROGRAMS / "celery"), "--quiet", "--app", "phb_register", "worker", "--queues", QUEUE,
        "--include", "reporting.benchmark.worker", "--pool", "solo", "--loglevel", "ERROR",
        "--without-mingle", "--without-gossip",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, running(command) as process:
        sign = Path(folder, "made")
        render_published_offer.apply_async(args=[str(sign)], expires=PATIENCE_SECONDS)
        wait(sign.exists, "The worker did not make the PDFs. Is a local offer published?")
        made = json.loads(sign.read_text())
        weight = Weight("Worker process (Celery, making the PDFs)", made["before"], megabytes(process.pid, "VmHWM"))
        return weight, [Document(*each) for each in made["documents"]]


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours until the block ends. What it wrote is shown only where the block fails."""
    environment = {**os.environ, "LOG_LEVEL": "ERROR"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command, env=environment, cwd=settings.BASE_DIR, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield process
        except BaseException:
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace"))
            raise
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def session(user: User) -> Iterator[str]:
    """A session of its own for the measured requests, which leaves no sign-in in the log and is deleted after."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    try:
        yield f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    finally:
        session.delete()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait(until: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until():
        if time.monotonic() > deadline:
            raise CommandError(failure)
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
