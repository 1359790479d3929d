"""The pictures in the documents, taken by the journeys that show them."""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"

# Take them anew: SCREENSHOTS=1 .venv/bin/pytest tests/browser
IS_TAKING = bool(os.environ.get("SCREENSHOTS"))


def take(page: Page, name: str, *, is_whole: bool = False) -> None:
    """Take the picture ``name`` when asked to; otherwise see that the documents have it."""
    path = FOLDER / f"{name}.png"
    if IS_TAKING:
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=path, full_page=is_whole, animations="disabled")
    assert path.exists(), f"{path.name} is missing: run the browser's tests with SCREENSHOTS=1"
