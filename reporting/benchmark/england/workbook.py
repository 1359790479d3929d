"""What a workbook of very many rows costs, made as its job makes it, in a process of its own."""

import time
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from phb_register import clock, jobs
from phb_register.models import ListWorkbook, User
from phb_register.services.list_workbooks import ask_for_workbook
from reporting.benchmark.worker import megabytes


@dataclass(frozen=True)
class WorkbookCost:
    """Rows and bytes of a workbook, seconds of its job, and megabytes of the process before and at its peak."""

    rows: int
    size: int
    seconds: float
    before: float
    peak: float


def workbook_cost(user: User, query: str) -> WorkbookCost:
    """Ask for the register as a workbook, and run its job here and now."""
    pid = int(Path("/proc/self").resolve().name)
    before = megabytes(pid, "VmRSS")
    job = ask_for_workbook(
        by=user, list_code="register", query=query, words="", filename="register.xlsx", at=clock.now()
    )
    begun = time.perf_counter()
    jobs.run(job.pk)
    seconds = time.perf_counter() - begun
    job.refresh_from_db()
    made = ListWorkbook.objects.get(pk=job.parameters["workbook"])
    if made.made_at is None or made.rows is None:
        raise CommandError(f"The workbook was not made: {job.error}")
    return WorkbookCost(made.rows, len(bytes(made.content or b"")), seconds, before, megabytes(pid, "VmHWM"))
