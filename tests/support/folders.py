"""Folders for embedded servers of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can reach, and with a path short enough for a socket.

    pytest's own temporary folders are neither.
    """
    folder = Path(tempfile.mkdtemp(prefix="phb-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
