"""Killing whatever runs a job, at any of its statements."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from phb_register.models import Job, JobState

ROOT = Path(__file__).resolve().parents[2]
#: More statements than any job here has.
MANY = 1000

Kill = Callable[..., bool]


@contextmanager
def job_killer() -> Iterator[Kill]:
    """Runs a job and kills something before a statement of it; says whether it came to that."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed_jobs", str(connection.settings_dict["NAME"])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def kill(what: str, at: int, job: Job, by: str = "") -> bool:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{what} {at} {job.pk} {by}\n")
        process.stdin.flush()
        return process.stdout.readline() == "killed\n"

    with process:
        yield kill


def kill_all_along(
    kill: Kill, job: Job, state: Callable[[], Any], *, what: str = "worker", by: str = "", step: int = 1
) -> list[tuple[bool, Any]]:
    """Kill before each statement of a job in turn, until one runs to its end: (killed?, what was found) of each run."""
    seen = []
    for at in range(1, MANY, step):
        was_killed = kill(what, at, job, by)
        seen.append((was_killed, state()))
        if not was_killed:
            break
        # Beat sends it again, and whoever watches may ask for it again.
        Job.objects.unfinished().filter(pk=job.pk).update(state=JobState.QUEUED, attempts=0)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    return seen
