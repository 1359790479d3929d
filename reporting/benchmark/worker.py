"""A worker's one extra task, for measuring: make the published local offer's PDF and keep nothing of it."""

import os
from pathlib import Path

from offers.models import Edition
from offers.rules.reading import read
from offers.services.publication import PDF_TEMPLATE
from phb_register.celery import app
from phb_register.pdf import render_pdf

QUEUE = "bench"


@app.task(name="reporting.benchmark.render_pdf", queue=QUEUE)
def render_published_offer(sign: str) -> None:
    """Render the newest published edition, then write to the file `sign` the memory before, in megabytes."""
    before = megabytes(os.getpid(), "VmRSS")
    edition = Edition.objects.current().order_by("-published_at").first()
    if edition is None or edition.snapshot is None:
        raise LookupError("There is no published edition")
    context = {"edition": read(edition.snapshot), "content_hash": edition.content_hash}
    render_pdf(PDF_TEMPLATE, context, title=edition.title)
    Path(sign).write_text(str(before))


def megabytes(pid: int, name: str) -> float:
    """A line of the kernel's account of a process: VmRSS is resident now, VmHWM the most it ever was."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
