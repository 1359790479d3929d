"""The rooms, from left to right, and the files that belong to each."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("phb_register", "offers", "eligibility", "budgets", "reporting")
RANKS = {room: rank for rank, room in enumerate(ROOMS)}
TEMPLATES = ROOT / "templates"


def python_files(*rooms: str) -> list[Path]:
    """The Python files of these rooms, or of all; migrations, which are written by a command, left out."""
    return [
        path
        for room in rooms or ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def template_files() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def room_of(path: Path) -> str:
    """The room a file belongs to. A template that lies in no room's folder is the site's own."""
    parts = path.relative_to(TEMPLATES if path.is_relative_to(TEMPLATES) else ROOT).parts
    return parts[0] if parts[0] in RANKS else ROOMS[0]


def may_use(own: str, other: str) -> bool:
    """Whether a room may know of the other: itself, and what stands to its left."""
    return RANKS[other] <= RANKS[own]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
