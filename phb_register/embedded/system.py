"""Locks, processes and sockets."""

import fcntl
import os
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.05


class EmbeddedServerError(RuntimeError):
    """The server could not be started or stopped. The text says why and what to do."""


def lock(path: Path, kind: int, seconds: float) -> int:
    """The open file with a lock of this kind on it, waited for at most so long. Raises
    EmbeddedServerError.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    deadline = time.monotonic() + seconds
    while not has_lock(handle, kind):
        if time.monotonic() >= deadline:
            os.close(handle)
            raise EmbeddedServerError(f"{path} is locked: the embedded server is in use.")
        time.sleep(POLL_SECONDS)
    return handle


def has_lock(handle: int, kind: int) -> bool:
    """Try once to have a lock of this kind on an open file."""
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_running(pid: int, child: "subprocess.Popen[bytes] | None" = None) -> bool:
    """Whether the process is at work; one that has ended and that nobody has waited for is not."""
    if child is not None:
        return child.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True  # a system that does not tell
    return state not in ("Z", "X")


def command_of(pid: int) -> str:
    """The program's name, or what we look for where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return "postgres valkey"


def works_in(folder: Path) -> bool:
    """Whether any process has the folder as its working directory, as each of PostgreSQL's own has."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == folder:
                return True
    return False


def connects(path: Path, request: bytes = b"", reply: bytes = b"") -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            connection.connect(str(path))
            if request:
                connection.sendall(request)
                return connection.recv(64).startswith(reply)
            return True
    except OSError:
        return False
