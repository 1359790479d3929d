"""What a support organisation does, and what a record of one needs. Pure."""

from collections.abc import Collection

from budgets.enums import SupportKind
from budgets.exceptions import Problem


def check_organisation(*, name: str, kinds: Collection[str], is_public: bool, description: str) -> list[Problem]:
    """A name, at least one kind, and words for the public where the public may read of it."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", "Enter the name of the organisation"))
    if not kinds or not set(kinds) <= set(SupportKind.values):
        problems.append(Problem("kinds", "Select what the organisation does"))
    if is_public and not description.strip():
        problems.append(
            Problem("description", "Enter what the organisation does in plain words, because the public may read it")
        )
    return problems


def kinds_in_order(kinds: Collection[str]) -> list[str]:
    """Each kind once, in the order of the list."""
    return [kind for kind in SupportKind.values if kind in kinds]
