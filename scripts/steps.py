"""Steps of the set-up: each says what it does and how long it took, and is left out while its inputs stand
unchanged.

Runs on a bare Python 3.11, before anything is installed.
"""

import hashlib
import importlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LAST_LINES = 40


class Stop(Exception):
    """The command cannot go on. The text says why, and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run_step(
    title: str,
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str] | None = None,
    hint: str = "",
) -> None:
    """Run a command, showing that it goes on; its output only if it fails.

    Raises Stop with the end of the output and the hint.
    """
    started_at = time.monotonic()
    is_terminal = sys.stdout.isatty()
    print(f"· {title} …", end="" if is_terminal else "\n", flush=True)
    process = subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    output = bytearray()
    shown_at = started_at
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                if selector.select(timeout=0.5):
                    chunk = process.stdout.read()
                    if chunk == b"":
                        break
                    output += chunk or b""
                now = time.monotonic()
                if now - shown_at >= (1 if is_terminal else 5):
                    shown_at = now
                    _show_progress(title, now - started_at, output, is_terminal)
        code = process.wait()
    except BaseException:
        process.send_signal(signal.SIGTERM)
        process.wait()
        raise
    finally:
        process.stdout.close()
    seconds = time.monotonic() - started_at
    if code != 0:
        if is_terminal:
            print()
        ending = output.decode(errors="replace").splitlines()[-LAST_LINES:]
        raise Stop("\n".join([*ending, "", f"{title}: failed.", *([hint] if hint else [])]))
    clear = "\r\033[K" if is_terminal else ""
    print(f"{clear}✓ {title} ({seconds:.0f} s)", flush=True)


def _show_progress(title: str, seconds: float, output: bytearray, is_terminal: bool) -> None:
    lines = output[-4000:].decode(errors="replace").strip().splitlines()
    last = lines[-1].strip()[:60] if lines else ""
    if is_terminal:
        print(f"\r\033[K· {title} … {seconds:.0f} s  {last}", end="", flush=True)
    else:
        print(f"  … {seconds:.0f} s  {last}", flush=True)


class Stamp:
    """Remembers in a file from which inputs something was made, so that it is made again only when they
    change.
    """

    def __init__(self, path: Path, inputs: Iterable[Path], *facts: str) -> None:
        self.path = path
        digest = hashlib.sha256()
        for fact in facts:
            digest.update(fact.encode() + b"\0")
        for file in sorted(inputs):
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
            digest.update(file.read_bytes() + b"\0")
        self.value = digest.hexdigest()

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.value

    def set(self) -> None:
        self.path.write_text(self.value)


def files(folder: Path, *suffixes: str) -> list[Path]:
    """The files below the folder whose names end so; all of them where no ending is given."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (not suffixes or path.suffix in suffixes)
    ]


def embedded_servers() -> Any:
    """The package of the embedded servers by itself: the one around it needs Django and Celery."""
    # Last, so that no name there hides one of the standard library.
    sys.path.append(str(ROOT / "phb_register"))
    try:
        return importlib.import_module("embedded")
    finally:
        sys.path.pop()


def main_of(function: Callable[[], int | None]) -> None:
    """Run a script's main function: a Stop is said plainly, Ctrl-C and a request to end are not a fault."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        sys.exit(function())
    except Stop as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr, flush=True)
        sys.exit(130)
