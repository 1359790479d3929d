"""A server shared by whoever holds it, and the guard that runs it meanwhile."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from .system import POLL_SECONDS, EmbeddedServerError, has_lock, is_running, lock

START_SECONDS = 30.0
STOP_SECONDS = 20.0
# A server that ends by itself this often within START_SECONDS is given up.
MAX_STARTS = 3


class Server(ABC):
    """One server in one folder, shared by whoever holds it."""

    kind: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    # Open lock files by path: one hold serves the whole process, and the children it forks.
    _holds: ClassVar[dict[Path, int]] = {}
    # Guards that this process started. They outlive it, so nothing waits for them.
    _guards: ClassVar["list[subprocess.Popen[bytes]]"] = []

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.holders_path = folder.with_name(f"{folder.name}.holders")
        self.guard_path = folder.with_name(f"{folder.name}.guard")
        self.log_path = folder.with_name(f"{folder.name}.log")

    @abstractmethod
    def prepare(self) -> None:
        """Make the folder ready for a start."""

    @abstractmethod
    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server, without waiting until it answers."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server takes connections."""

    @abstractmethod
    def stray_pid(self) -> int | None:
        """The process of a server in this folder that is not our child, if there is one."""

    def hold(self) -> None:
        """Start or join the server; it runs at least until this process ends or lets go."""
        if self.holders_path in self._holds and self.answers():
            return
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if self.holders_path not in self._holds:
            self._holds[self.holders_path] = lock(self.holders_path, fcntl.LOCK_SH, STOP_SECONDS)
        deadline = time.monotonic() + START_SECONDS
        guard: subprocess.Popen[bytes] | None = None
        while not self.answers():
            if not self.is_guarded() and (guard is None or guard.poll() is not None):
                if guard is not None and guard.returncode:
                    raise EmbeddedServerError(self._explain())
                guard = self._start_guard()
            if time.monotonic() > deadline:
                raise EmbeddedServerError(self._explain())
            time.sleep(POLL_SECONDS)
        # It may be a server whose guard was killed: somebody must look after it again.
        if guard is None and not self.is_guarded():
            self._start_guard()

    def let_go(self) -> None:
        """Give up this process's hold, if it has one."""
        handle = self._holds.pop(self.holders_path, None)
        if handle is not None:
            os.close(handle)

    def is_guarded(self) -> bool:
        """Whether a guard is at work."""
        if not self.guard_path.exists():
            return False
        try:
            os.close(lock(self.guard_path, fcntl.LOCK_SH, 0))
        except EmbeddedServerError:
            return True
        return False

    @contextmanager
    def unused(self) -> Iterator[None]:
        """The server stopped, and nobody able to start it, meanwhile. Raises EmbeddedServerError if it is in
        use.
        """
        if not self.folder.parent.exists():
            yield
            return
        handle = lock(self.holders_path, fcntl.LOCK_EX, 2.0)
        while self.is_guarded():
            # The guard needs the same lock to see that nobody is left.
            os.close(handle)
            time.sleep(2 * POLL_SECONDS)
            handle = lock(self.holders_path, fcntl.LOCK_EX, 2.0)
        try:
            self._stop(None)
            yield
        finally:
            os.close(handle)

    def guard(self) -> None:
        """Run the server until nobody holds it. This is the guard's whole life, in a process of its own."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
        try:
            # Not at once, because whoever looks for a guard touches the lock for a moment.
            guard_lock = lock(self.guard_path, fcntl.LOCK_EX, 1.0)
        except EmbeddedServerError:
            return  # another guard was quicker
        # Opened once: the guard minds its own users even if the folder is deleted under them.
        holders = os.open(self.holders_path, os.O_CREAT | os.O_RDWR, 0o600)
        process: subprocess.Popen[bytes] | None = None
        starts: list[float] = []
        try:
            while not has_lock(holders, fcntl.LOCK_EX):
                if self._has_ended(process):
                    process = self._start_again(starts)
                time.sleep(2 * POLL_SECONDS)
        finally:
            self._stop(process)
            # In this order: whoever waits for the holders' lock must not find a guard that is about to leave.
            os.close(guard_lock)
            os.close(holders)

    def _has_ended(self, process: "subprocess.Popen[bytes] | None") -> bool:
        """Whether the server is not there: ours has ended, or there is none that another guard left behind."""
        return process.poll() is not None if process else self.stray_pid() is None

    def _start_again(self, starts: list[float]) -> "subprocess.Popen[bytes]":
        """Start the server, and note when in `starts`; give up one that keeps ending."""
        now = time.monotonic()
        if len(starts) >= MAX_STARTS and now - starts[-MAX_STARTS] < START_SECONDS:
            sys.exit(f"{self.kind} ended {MAX_STARTS} times")
        starts.append(now)
        self.prepare()
        return self.start()

    def _start_guard(self) -> "subprocess.Popen[bytes]":
        # For this user alone: a failed statement is logged with its values.
        log = os.open(self.log_path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            guard = subprocess.Popen(
                [sys.executable, "-I", Path(__file__).with_name("__main__.py"), self.kind, self.folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C is for the site; the guard leaves when the site has.
                start_new_session=True,
            )
        finally:
            os.close(log)
        self._guards.append(guard)
        return guard

    def _stop(self, process: "subprocess.Popen[bytes] | None") -> None:
        pid = process.pid if process else self.stray_pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, self.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        while is_running(pid, process):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                deadline += STOP_SECONDS
            time.sleep(POLL_SECONDS / 2)

    def _explain(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()[-12:] if self.log_path.exists() else []
        return "\n".join([f"The embedded {self.kind} did not start. The end of its log, {self.log_path}:", *lines])
