#!/usr/bin/env python
"""Django's commands, for this site."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

OWN_PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"


def main() -> None:
    use_own_python()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phb_register.settings.local")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def use_own_python() -> None:
    """Start again in the environment that `make setup` made, where this Python has no Django."""
    if find_spec("django") is not None:
        return
    if not OWN_PYTHON.exists() or Path(sys.executable) == OWN_PYTHON:
        sys.exit("Django is not installed. Run `make setup` first.")
    os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])  # noqa: S606 - this very program, by the project's own Python


if __name__ == "__main__":
    main()
