"""The embedded servers: started, joined, left, and come upon after a crash. Real servers in folders of their
own.
"""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from phb_register import embedded
from phb_register.embedded import folders
from phb_register.embedded.postgres import PostgresServer
from phb_register.embedded.valkey import ValkeyServer
from tests.support.folders import server_folder

ROOT = Path(__file__).resolve().parents[3]
USER_OF_THE_SERVER = """
import sys
sys.path.append({path!r})
import embedded
print(embedded.{call}(), flush=True)
sys.stdin.read()
"""


class UserOfServer:
    """A process that holds a server until it is told to end."""

    def __init__(self, folder: Path, call: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER_OF_THE_SERVER.format(path=str(ROOT / "phb_register"), call=call)],
            env={**os.environ, "PHB_DATA_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = ""

    def wait_for_url(self) -> str:
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the server did not start"
        return self.url

    def end(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder / "data"


@pytest.fixture
def use(folder: Path) -> Iterator[Callable[..., UserOfServer]]:
    users: list[UserOfServer] = []

    def start(call: str = "database_url") -> UserOfServer:
        users.append(UserOfServer(folder, call))
        return users[-1]

    yield start
    for user in users:
        if user.process.poll() is None:
            user.end()
    assert stops(lambda: processes_in(folder) == []), processes_in(folder)


def processes_in(folder: Path) -> list[tuple[int, str]]:
    """The guards and servers of this folder, by their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"{folder}/postgres" in command or f"{folder}/valkey" in command:
                found.append((int(entry.name), command))
    return found


def process_of(folder: Path, pattern: str) -> int:
    return next(pid for pid, command in processes_in(folder) if re.search(pattern, command))


def stops(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ask(url: str, statement: str = "SELECT 1") -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_database_is_there_and_sorts_alike_everywhere(use):
    url = use().wait_for_url()

    assert ask(url, "SELECT current_database()") == "phb_register"
    assert ask(url, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_server_stays_while_one_of_two_users_is_left(use, folder):
    first, second = use(), use()
    assert first.wait_for_url() == second.wait_for_url()

    first.end()
    time.sleep(0.5)

    assert ask(second.url) == 1
    assert len([1 for _, command in processes_in(folder) if "bin/postgres" in command]) == 1


def test_nothing_is_left_when_the_last_user_ends(use, folder):
    user = use()
    user.wait_for_url()
    assert processes_in(folder)

    user.end()

    assert stops(lambda: processes_in(folder) == [])


def test_nothing_is_left_when_the_last_user_is_killed(use, folder):
    user = use()
    user.wait_for_url()

    user.kill()

    assert stops(lambda: processes_in(folder) == [])


def test_many_users_at_once_get_one_server(use, folder):
    users = [use() for _ in range(6)]

    assert len({user.wait_for_url() for user in users}) == 1
    assert len([1 for _, command in processes_in(folder) if "bin/postgres" in command]) == 1


def test_server_left_by_a_killed_guard_is_taken_over(use, folder):
    first = use()
    first.wait_for_url()
    os.kill(process_of(folder, "__main__"), signal.SIGKILL)
    first.kill()
    server = process_of(folder, "bin/postgres")

    second = use()

    assert ask(second.wait_for_url()) == 1
    assert process_of(folder, "bin/postgres") == server
    second.end()
    assert stops(lambda: processes_in(folder) == [])


def test_data_outlive_a_crash_of_everything(use, folder):
    first = use()
    url = first.wait_for_url()
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    connection.close()
    os.kill(process_of(folder, "__main__"), signal.SIGKILL)
    os.kill(process_of(folder, "bin/postgres"), signal.SIGKILL)
    first.kill()

    second = use()

    assert ask(second.wait_for_url(), "SELECT answer FROM kept") == 42


def test_server_that_dies_is_started_again_for_its_users(use, folder):
    user = use()
    url = user.wait_for_url()
    time.sleep(2)
    killed = process_of(folder, "bin/postgres")

    os.kill(killed, signal.SIGKILL)

    def answers() -> bool:
        try:
            return ask(url) == 1
        except psycopg2.OperationalError:
            return False

    assert stops(lambda: answers() and process_of(folder, "bin/postgres") != killed)


def test_broker_address_starts_nothing(monkeypatch, folder):
    monkeypatch.setenv("PHB_DATA_DIR", str(folder))

    assert embedded.broker_url() == f"unix://{folder}/valkey/valkey.sock"
    assert processes_in(folder) == []


def test_broker_is_shared_and_leaves_with_its_last_user(use, folder):
    first, second = use("hold_broker"), use("hold_broker")
    assert first.wait_for_url() == second.wait_for_url()
    first.kill()
    time.sleep(0.5)

    assert ValkeyServer(folder / "valkey").answers()
    second.end()
    assert stops(lambda: processes_in(folder) == [])


def test_data_are_not_removed_under_a_user(use, folder, monkeypatch):
    monkeypatch.setenv("PHB_DATA_DIR", str(folder))
    user = use()
    user.wait_for_url()

    with pytest.raises(embedded.EmbeddedServerError, match="in use"):
        embedded.remove_data()

    assert ask(user.url) == 1
    user.end()
    embedded.remove_data()
    assert not (folder / "postgres").exists()


@pytest.mark.parametrize("call", ["database_url", "hold_broker"])
def test_nothing_is_left_when_the_folder_is_deleted_under_the_server(use, folder, call):
    user = use(call)
    user.wait_for_url()

    shutil.rmtree(folder)
    user.end()

    assert stops(lambda: processes_in(folder) == [])


def test_guard_that_is_told_to_end_takes_the_server_with_it(use, folder):
    user = use()
    user.wait_for_url()

    os.kill(process_of(folder, "__main__"), signal.SIGTERM)

    assert stops(lambda: processes_in(folder) == [])


def test_log_and_data_are_closed_to_others(use, folder):
    use().wait_for_url()

    assert stat.S_IMODE((folder / "postgres.log").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


def test_folder_with_a_long_name_and_spaces_gets_a_socket_elsewhere(folder, use, monkeypatch):
    long = folder / ("a folder with a long name " * 5).strip()
    server = PostgresServer(long / "postgres")

    assert len(str(server.socket_folder / ".s.PGSQL.5432")) < 100
    assert " " not in server.url("phb_register")
    user = UserOfServer(long, "database_url")
    assert ask(user.wait_for_url()) == 1
    user.end()
    assert stops(lambda: processes_in(long) == [])


def test_root_without_a_way_to_the_folder_uses_the_systems(tmp_path, monkeypatch, capsys):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(folders, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PHB_DATA_DIR", str(closed / "clone" / ".data"))

    folder = embedded.data_folder()

    assert folder.parent == tmp_path / "system"
    assert str(folder) in capsys.readouterr().err
    assert embedded.data_folder() == folder
    assert capsys.readouterr().err == ""
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_key_is_made_once_and_kept(folder, monkeypatch):
    monkeypatch.setenv("PHB_DATA_DIR", str(folder))

    key = embedded.secret_key()

    assert len(key) >= 50
    assert embedded.secret_key() == key
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
