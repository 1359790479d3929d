"""A worker's one extra task, for measuring: make the published local offer's PDFs and keep nothing of them."""

import os
from pathlib import Path

from offers.models import Edition
from offers.services.documents import make_documents
from phb_register.celery import app

QUEUE = "bench"


@app.task(name="reporting.benchmark.render_pdf", queue=QUEUE)
def render_published_offer(sign: str) -> None:
    """Render the newest published edition, then write to the file `sign` the memory before, in megabytes."""
    before = megabytes(os.getpid(), "VmRSS")
    edition = Edition.objects.current().order_by("-published_at").first()
    if edition is None or edition.snapshot is None:
        raise LookupError("There is no published edition")
    make_documents(edition.snapshot, edition.content_hash)
    Path(sign).write_text(str(before))


def megabytes(pid: int, name: str) -> float:
    """A line of the kernel's account of a process: VmRSS is resident now, VmHWM the most it ever was."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
