"""What a service of this room raises when it refuses."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way: the field it belongs to ("" for the whole) and the remedy in plain
    words.
    """

    field: str
    message: str


class BudgetRefused(Exception):
    """The rules do not allow the change. `problems` says why, each with its remedy."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class ChangedMeanwhile(BudgetRefused):
    """Somebody else saved this after it was opened; `revision` is the one they made. Nothing typed is lost."""

    def __init__(self, *, edited_by: str, revision: int) -> None:
        said = (
            f"{edited_by or 'Somebody else'} changed this after you opened it, so yours was not saved. Compare it with "
            "what is saved now, then save again to replace that"
        )
        super().__init__([Problem("", said)])
        self.revision = revision
