"""Web server, worker and scheduler together, on the embedded servers where the environment names no others.

Started by run.py in the virtual environment. Ends with Ctrl-C, or when one of the three ends; nothing stays
behind.
"""

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer
from steps import ROOT, VENV_PYTHON, Stop, main_of, run_step, say

SETTINGS = "phb_register.settings.local"
READY_SECONDS = 60.0


def main() -> int:
    host, port = sys.argv[1], int(sys.argv[2])
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["PYTHONUNBUFFERED"] = "1"
    # On one's own machine the worker may run as root, if the person does.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser:UserWarning")
    sys.path.insert(0, str(ROOT))
    from phb_register import embedded  # the path is set just above

    try:
        if not os.environ.get("DATABASE_URL"):
            embedded.database_url()
        if not os.environ.get("REDIS_URL"):
            embedded.hold_broker()
        load_demonstration(embedded.data_folder() / "postgres")
        return serve(host, port)
    except embedded.EmbeddedServerError as error:
        raise Stop(str(error)) from error
    finally:
        if not embedded.wait_until_stopped():
            say("The embedded servers stay: another command uses them.")


def load_demonstration(folder: Path) -> None:
    """Invented people and their budgets, once: what was changed since is kept. `make reset` starts afresh."""
    if not _is_demonstration():
        return
    loaded = folder / "demonstration-loaded"
    is_embedded = not os.environ.get("DATABASE_URL")
    if is_embedded and loaded.exists():
        return
    run_step("Loading the demonstration", [VENV_PYTHON, "manage.py", "load_demo"])
    if is_embedded:
        loaded.touch()


def _is_demonstration() -> bool:
    return os.environ.get("DEMONSTRATION", "true").lower() in ("true", "1", "yes", "y", "on", "ok")


def serve(host: str, port: int) -> int:
    """Run the three until one ends or somebody ends them all. Returns the exit code of the command."""
    name = f"[{host}]" if ":" in host else host
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else name  # noqa: S104 - compared, not bound
    # Each process is given what stands here when it is added.
    os.environ.setdefault("SITE_URL", f"http://{shown}:{port}")
    programs = VENV_PYTHON.parent
    manager = Manager(Printer(sys.stdout))
    for process, command in commands(programs, f"{name}:{port}").items():
        manager.add_process(process, command)
    threading.Thread(target=announce, args=(f"http://{shown}:{port}/", name, port), daemon=True).start()
    manager.loop()
    is_asked_to_stop = manager.returncode in (130, 143)
    say("\nThe site has stopped." if is_asked_to_stop else "\nThe site stopped by itself: see the lines above.")
    return 0 if is_asked_to_stop else 1


def commands(programs: Path, bind: str) -> dict[str, str]:
    """What runs, by name. Lines for a shell, as honcho wants them."""
    celery = f'exec nice -n 5 "{programs / "celery"}" --quiet --app phb_register'
    return {
        "web": (
            f'exec "{programs / "gunicorn"}" phb_register.wsgi --bind {bind} --worker-class gthread '
            f"--workers {os.environ.get('WEB_CONCURRENCY', '1')} --threads 8 --timeout 60 "
            "--graceful-timeout 3 --log-level warning"
        ),
        "worker": f"{celery} worker --concurrency 2 --loglevel WARNING --without-mingle --without-gossip",
        "beat": f"{celery} beat --loglevel WARNING --pidfile=",
    }


def announce(url: str, host: str, port: int) -> None:
    """Print the address and the demonstration's logins as soon as the site answers."""
    deadline = time.monotonic() + READY_SECONDS
    local = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "[::]" else host  # noqa: S104 - compared
    while not _answers(f"http://{local}:{port}/healthz"):
        if time.monotonic() > deadline:
            say(f"The site has not answered on {url} within {READY_SECONDS:.0f} seconds; it may still come.")
            return
        time.sleep(0.1)
    lines = [f"The personal health budget register is at {url}", *_logins(), "Ctrl-C stops it."]
    width = max(map(len, lines))
    say("\n".join(["", "─" * width, *lines, "─" * width, ""]))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _logins() -> list[str]:
    """The demonstration's accounts, a line each; none outside demonstration mode."""
    if not _is_demonstration():
        return []
    from phb_register.demonstration_logins import LOGINS, PASSWORD

    rows = [(login.email, login.role_name, login.area) for login in LOGINS]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [f"Demonstration logins, password for all: {PASSWORD}", *table]


if __name__ == "__main__":
    main_of(main)
