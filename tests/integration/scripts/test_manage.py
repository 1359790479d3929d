"""`manage.py` answers whichever Python starts it."""

import shutil
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[3]
# The Python that the environment was made with, which has no Django of its own.
BARE_PYTHON = Path(sys.base_prefix) / "bin" / "python3"


def run(program: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [BARE_PYTHON, "-I", program, "version"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_manage_uses_the_projects_own_python_where_the_starting_one_has_no_django(tmp_path: Path) -> None:
    done = run(ROOT / "manage.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == django.get_version()


def test_manage_says_what_to_do_before_the_set_up(tmp_path: Path) -> None:
    shutil.copy(ROOT / "manage.py", tmp_path)
    done = run(tmp_path / "manage.py", tmp_path)
    assert done.returncode == 1
    assert "make setup" in done.stderr
