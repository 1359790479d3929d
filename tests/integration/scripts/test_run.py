"""`make run`, as a user gives it: a port that is taken, a wrong port, and a whole start and stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.folders import server_folder

ROOT = Path(__file__).resolve().parents[3]
RUN = [sys.executable, str(ROOT / "scripts" / "run.py")]
START_SECONDS = 90


def run(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        RUN, env={**os.environ, **environment}, capture_output=True, text=True, timeout=30, check=False
    )


def test_run_says_plainly_that_the_port_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = run(PORT=str(port), PHB_DATA_DIR=str(tmp_path / "data"))

    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "80 80"])
def test_run_refuses_what_is_no_port(port):
    done = run(PORT=port)

    assert done.returncode == 1
    assert f"PORT is {port}: write a number" in done.stderr


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder / "data"


def processes_of(folder: Path) -> list[str]:
    """The command lines of processes that were started with this data folder, or that serve it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in text:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def test_run_serves_the_site_and_leaves_nothing_behind(folder, tmp_path):
    """Twice: from nothing, ended with Ctrl-C; then with what is there, ended as a service is.

    The second time its database is taken away in between: the public goes on reading.
    """
    first = start_and_end(folder, tmp_path / "first", ending=signal.SIGINT)
    assert "Preparing the database" in first
    assert processes_of(folder) == []

    second = start_and_end(folder, tmp_path / "second", ending=signal.SIGTERM, meanwhile=read_without_the_database)
    assert "Preparing the database" not in second
    assert processes_of(folder) == []


def read_without_the_database(site: str, environment: dict[str, str]) -> None:
    """Copy the public site, stop PostgreSQL, and read what can be read."""
    offer = f"{site}/local-offers/leicester-leicestershire-and-rutland/"
    paths = (f"{site}/local-offers/", offer, f"{site}/privacy/")
    live = [read(path) for path in paths]
    command = [sys.executable, str(ROOT / "manage.py"), "copy_public_site"]
    copied = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "pages are in" in copied.stdout
    os.kill(guard_of(Path(environment["PHB_DATA_DIR"]) / "postgres"), signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while status(f"{site}/readyz") == 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [status(path) for path in paths] == [200, 200, 200]
    assert [read(path) for path in paths] == live
    assert status(f"{offer}can-i-have-one/") == 503
    assert status(f"{site}/people/", Cookie="sessionid=anything") == 503
    assert status(f"{site}/healthz") == 200


def guard_of(server: Path) -> int:
    """The process that looks after an embedded server, and ends it when it is told to end."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and "__main__.py" in (command := command_of(entry)) and str(server) in command:
            return int(entry.name)
    raise AssertionError(f"Nobody looks after {server}")


def command_of(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def start_and_end(
    folder: Path, log: Path, *, ending: signal.Signals, meanwhile: Callable[[str, dict[str, str]], None] | None = None
) -> str:
    """Start the site, use it, end it; what it printed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO_"))}
    environment |= {"PORT": str(port), "PHB_DATA_DIR": str(folder), "DEMONSTRATION": "false"}
    with log.open("w") as output:
        site = subprocess.Popen(RUN, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            deadline = time.monotonic() + START_SECONDS
            while f"is at http://localhost:{port}/" not in log.read_text():
                assert site.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            assert status(f"http://127.0.0.1:{port}/readyz") == 200
            assert status(f"http://127.0.0.1:{port}/accounts/login/") == 200
            commands = " ".join(processes_of(folder))
            assert all(name in commands for name in ("gunicorn", "worker", "beat"))
            if meanwhile:
                meanwhile(f"http://127.0.0.1:{port}", environment)
        finally:
            site.send_signal(ending)
            code = site.wait(timeout=40)
    assert code == 0, log.read_text()
    assert "The site has stopped." in log.read_text()
    return log.read_text()


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as response:
        return bytes(response.read())
