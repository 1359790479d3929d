"""`make setup`: from a fresh clone to a place where every command of manage.py works.

Safe to give again: what is done and unchanged is left out. `--for test` insists on what only the tests need.
"""

import os
import shutil
import sys
from pathlib import Path

import system_packages
from steps import ROOT, VENV, VENV_PYTHON, Stamp, Stop, embedded_servers, files, main_of, run_step, say

OLDEST_PYTHON = (3, 11)
ROOMS = ("phb_register", "offers", "eligibility", "budgets", "reporting")
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "constraints.txt")
STYLES_BUILT = ROOT / "static" / "build"


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Stop(
            f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. "
            "Name another one: make setup PYTHON=/path/to/python3.11"
        )
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise Stop(f"{program} is missing: install Node.js 18 or later (on Debian: nodejs npm).")
    refuse_links()
    is_for_test = "test" in sys.argv
    system_packages.ensure(
        system_packages.TO_TEST if is_for_test else system_packages.TO_RUN, wanted=system_packages.TO_TEST
    )
    make_environment()
    build_styles()
    migrate()


def refuse_links() -> None:
    """Raises Stop where packages are borrowed from another folder: they would be cleared for all who use them."""
    for folder in (VENV, ROOT / "node_modules"):
        if folder.is_symlink():
            raise Stop(
                f"{folder} is a link to {folder.readlink()}, and setting up here would throw away what is there. "
                f"Remove the link, and set up again with packages of this folder's own: rm {folder}"
            )


def make_environment() -> None:
    """The virtual environment with the pinned packages."""
    # An environment knows its own path and its Python: after a move or an upgrade it is made anew.
    made = Stamp(VENV / "made-for", [], sys.version, str(VENV))
    if not made.is_current():
        run_step("Making the Python environment", [sys.executable, "-m", "venv", "--clear", VENV])
        made.set()
    installed = Stamp(VENV / "made-from", REQUIREMENTS)
    if not installed.is_current():
        install = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        run_step(
            "Installing Python packages",
            [*install, "-r", ROOT / "requirements.txt", "-r", ROOT / "requirements-dev.txt"],
            hint="Is the package index reachable from this machine?",
        )
        installed.set()


def build_styles() -> None:
    """The NHS styles, scripts and fonts, from npm."""
    packages = ROOT / "node_modules"
    lock = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    installed = Stamp(packages / "made-from", lock, str(packages))
    if not installed.is_current():
        run_step(
            "Installing the NHS design system",
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel", "warn"],
            hint="Is the npm registry reachable from this machine?",
        )
        installed.set()
    sources = [*lock, *files(ROOT / "static" / "src")]
    built = Stamp(packages / "styles-built-from", sources)
    if not (built.is_current() and STYLES_BUILT.is_dir()):
        run_step("Building the styles", ["npm", "run", "build"])
        built.set()


def migrate() -> None:
    """The database's tables, and the reference data that come with them."""
    if os.environ.get("DATABASE_URL"):
        # What was done to a server elsewhere, only the server knows.
        _migrate()
        return
    sources = [path for room in ROOMS for path in files(ROOT / room, ".py", ".json", ".csv", ".yaml", ".md")]
    stamp = Stamp(database_folder() / "migrated-from", [*sources, *REQUIREMENTS])
    if not stamp.is_current():
        _migrate()
        stamp.set()


def _migrate() -> None:
    run_step(
        "Preparing the database",
        [VENV_PYTHON, ROOT / "manage.py", "migrate", "--no-input", "--verbosity", "1"],
    )


def database_folder() -> Path:
    """The folder of the embedded database: its stamps lie in it, so that they go when it goes."""
    return embedded_servers().data_folder() / "postgres"


if __name__ == "__main__":
    main_of(main)
    say("Ready.")
