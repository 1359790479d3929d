"""The system's packages that the Python packages lean on: found, installed with apt where the user may, or
named.
"""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from steps import Stop, run_step, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something the system must have, why, and the Debian packages that bring it."""

    reason: str
    packages: tuple[str, ...]
    is_there: Callable[[], bool]


def _has_library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _has_module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


TO_RUN = (
    Need("makes the Python environment", ("python3-venv",), _has_module("ensurepip")),
    Need("lays out PDF text", ("libpango-1.0-0",), _has_library("pango-1.0")),
    Need("lays out PDF text", ("libpangoft2-1.0-0",), _has_library("pangoft2-1.0")),
    Need("makes PDF fonts small", ("libharfbuzz-subset0",), _has_library("harfbuzz-subset")),
)
TO_TEST = (
    *TO_RUN,
    Need(
        "runs the browser tests",
        ("chromium", "fonts-liberation"),
        lambda: any(shutil.which(name) for name in BROWSERS),
    ),
)


def ensure(needs: Sequence[Need], wanted: Sequence[Need] = ()) -> None:
    """Install what is missing of `needs`, and of `wanted` where the user may. Raises Stop naming what is not
    there.
    """
    missing = [need for need in needs if not need.is_there()]
    also = [need for need in wanted if need not in needs and not need.is_there()]
    apt = _apt()
    if apt and (missing or also):
        packages = [package for need in (*missing, *also) for package in need.packages]
        say(f"Missing system packages: {' '.join(packages)}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run_step("Reading the package lists", [*apt, "update"], env=quiet)
        run_step(
            "Installing system packages",
            [*apt, "install", "-y", "--no-install-recommends", *packages],
            env=quiet,
        )
    still_missing = [need for need in missing if not need.is_there()]
    if still_missing:
        lines = [f"  {' '.join(need.packages)}  ({need.reason})" for need in still_missing]
        names = " ".join(package for need in still_missing for package in need.packages)
        raise Stop(
            "\n".join(
                [
                    "These system packages are missing, and this user may not install them:",
                    *lines,
                    "Ask an administrator to run",
                    f"  apt-get install {names}",
                    "and give the command again.",
                ]
            )
        )


def _apt() -> list[str] | None:
    """How this user calls apt-get without being asked anything, or None if not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo"):
        may = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if may.returncode == 0:
            return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None
