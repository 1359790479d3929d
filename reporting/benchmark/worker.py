"""A worker's one extra task, for measuring: make a long local offer's PDFs and keep nothing of them."""

import json
import os
import re
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from offers.models import Edition
from offers.rules.outputs import documents_of
from offers.rules.reading import read
from offers.services.documents import make_document
from phb_register.celery import app

QUEUE = "bench"
#: As many words fill 20 pages of A4, with the tables between them.
WORDS = 6_000
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAGES = re.compile(rb"/Type /Pages[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type /Pages")


@app.task(name="reporting.benchmark.render_pdf", queue=QUEUE)
def render_published_offer(sign: str) -> None:
    """Make every PDF of the newest published edition, its text repeated until it is long.

    Then write to the file `sign`, as JSON, the memory before in megabytes, and of each PDF its name, pages and seconds.
    """
    before = megabytes(os.getpid(), "VmRSS")
    edition = Edition.objects.current().order_by("-published_at").first()
    if edition is None or edition.snapshot is None:
        raise LookupError("There is no published edition")
    snapshot = lengthened(edition.snapshot)
    reading = read(snapshot)
    made = []
    for output in documents_of(snapshot):
        begun = time.perf_counter()
        content = make_document(output, reading, edition.content_hash).content
        made.append((output.label, pages_of(content), time.perf_counter() - begun))
    whole = Path(f"{sign}.part")
    whole.write_text(json.dumps({"before": before, "documents": made}))
    whole.rename(sign)


def lengthened(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The same edition with each text and its easy read lines repeated, until the texts have `WORDS` words."""
    words = sum(len(each["body"].split()) for each in snapshot["sections"])
    times = max(1, -(-WORDS // max(1, words)))
    sections = [
        {
            **each,
            "body": "\n\n".join([each["body"]] * times),
            "easy_read": list(each.get("easy_read", ())) * times,
        }
        for each in snapshot["sections"]
    ]
    return {**snapshot, "sections": sections}


def pages_of(content: bytes) -> int:
    """How many pages a PDF that we made has: what the root of its page tree says."""
    for match in _STREAM.finditer(content):
        try:
            found = _PAGES.search(zlib.decompress(match[1]))
        except zlib.error:
            continue
        if found:
            return int(found[1] or found[2])
    return 0


def megabytes(pid: int, name: str) -> float:
    """A line of the kernel's account of a process: VmRSS is resident now, VmHWM the most it ever was."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
