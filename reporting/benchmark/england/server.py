"""The site on its real web server: files of many rows, and many readers at once, beside a bare view."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from django.core.management.base import CommandError

from phb_register.models import User
from reporting.benchmark.memory import PATIENCE_SECONDS, PROGRAMS, children, running, session, wait
from reporting.benchmark.worker import megabytes

THREADS, AT_ONCE, SECONDS = 8, 16, 15.0
#: What a download may take, in seconds; the page that asks for more says so.
LONGEST_DOWNLOAD = 120.0
BARE = "reporting.benchmark.england.bare:application"


@dataclass(frozen=True)
class Download:
    """A file that was fetched: rows, seconds to the first byte and to the last, and memory of the web process."""

    rows: int
    first_byte: float
    seconds: float
    before: float
    peak: float


@dataclass(frozen=True)
class Throughput:
    """How many requests were answered a second, by so many readers at once, and how long the slow ones waited."""

    name: str
    requests: int
    a_second: float
    median: float
    p95: float
    failed: int


@contextmanager
def web_server(application: str = "phb_register.wsgi", workers: int = 1) -> Iterator[tuple[int, int]]:
    """So many gunicorn workers with threads, as `make run` has one: their port and the first that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(PROGRAMS / "gunicorn"), application, "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
        "--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "300", "--log-level", "warning",
    ]  # fmt: skip
    with running(command) as process:
        wait(lambda: _connects(port) and len(children(process.pid)) >= workers, "The web process did not answer")
        yield port, children(process.pid)[0]


def download(user: User, address: str) -> Download:
    """Fetch a CSV as a browser does, on a process of its own."""
    with web_server() as (port, worker), session(user) as cookie:
        _fetch(port, "/register/", cookie)
        before = megabytes(worker, "VmHWM")
        connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_DOWNLOAD)
        begun = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie})
        response = connection.getresponse()
        if response.status != 200:
            raise CommandError(f"{address} answered {response.status}")
        first = response.read(1)
        first_byte = time.perf_counter() - begun
        lines = first.count(b"\n")
        while part := response.read(1 << 16):
            lines += part.count(b"\n")
        seconds = time.perf_counter() - begun
        connection.close()
        return Download(lines, first_byte, seconds, before, megabytes(worker, "VmHWM"))


def throughput(name: str, user: User, addresses: tuple[str, ...], application: str, workers: int = 1) -> Throughput:
    """So many readers at once for some seconds, each asking for one address after another."""
    with web_server(application, workers) as (port, _), session(user) as cookie:
        for address in addresses:
            _fetch(port, address, cookie)
        taken: list[float] = []
        failed = [0]
        until = time.perf_counter() + SECONDS

        def read(offset: int) -> None:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            number = offset
            while time.perf_counter() < until:
                begun = time.perf_counter()
                connection.request("GET", addresses[number % len(addresses)], headers={"Cookie": cookie})
                response = connection.getresponse()
                response.read()
                taken.append(time.perf_counter() - begun)
                failed[0] += response.status != 200
                number += 1
            connection.close()

        readers = [threading.Thread(target=read, args=(each,)) for each in range(AT_ONCE)]
        begun = time.perf_counter()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        lasted = time.perf_counter() - begun
    ordered = sorted(1000 * each for each in taken)
    return Throughput(
        name=name,
        requests=len(taken),
        a_second=len(taken) / lasted,
        median=statistics.median(ordered),
        p95=ordered[int(len(ordered) * 0.95)],
        failed=failed[0],
    )


def _fetch(port: int, address: str, cookie: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", address, headers={"Cookie": cookie})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        raise CommandError(f"{address} answered {response.status}")


def _connects(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
