"""One site for all processes of a test run: the first that needs it starts it, and stops it when nobody uses it."""

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.site import Site


@dataclass(frozen=True)
class SharedSite:
    """Where the site is; `own` where this process started it."""

    url: str
    own: Site | None = None


@contextmanager
def share(start: Callable[[], AbstractContextManager[Site]]) -> Iterator[SharedSite]:
    """The run's site. `start` is called in one process only, which waits at the end for the others."""
    # Processes of one run have the same name for it; without them, a run is one process.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    card = Path(tempfile.gettempdir()) / f"phb-site-{run}.json"
    with _opened(card.with_suffix(".start")) as starting, _opened(card.with_suffix(".use")) as using:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if card.exists():
            fcntl.flock(using, fcntl.LOCK_SH)
            fcntl.flock(starting, fcntl.LOCK_UN)
            yield SharedSite(json.loads(card.read_text(encoding="utf-8"))["url"])
            return
        with start() as site:
            card.write_text(json.dumps({"url": site.url}), encoding="utf-8")
            fcntl.flock(starting, fcntl.LOCK_UN)
            try:
                yield SharedSite(site.url, site)
            finally:
                fcntl.flock(starting, fcntl.LOCK_EX)
                card.unlink()
                fcntl.flock(using, fcntl.LOCK_EX)
    for suffix in (".start", ".use"):
        card.with_suffix(suffix).unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("ab") as file:
        yield file
