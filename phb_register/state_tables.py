"""What every table of steps can say of itself: the jumps a trigger lets through, the buttons, the diagram. Pure."""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from django.db.models import TextChoices


class Step(Protocol):
    """One thing that may be done: from a status (None begins) to another, with the words of its button."""

    @property
    def label(self) -> str: ...

    @property
    def from_status(self) -> TextChoices | None: ...

    @property
    def to_status(self) -> TextChoices: ...


_Step = TypeVar("_Step", bound=Step)


class StateTable(Generic[_Step]):
    """The steps that one kind of record can take, in the order of the buttons."""

    def __init__(self, steps: Iterable[_Step]) -> None:
        self._steps = tuple(steps)

    def allowed_jumps(self) -> list[tuple[str, str]]:
        """Every change of status the table knows, as pairs of stored values."""
        return sorted({(step.from_status.value, step.to_status.value) for step in self._steps if step.from_status})

    def steps_from(self, status: str) -> list[_Step]:
        """What may be done in this status, in the order of the buttons."""
        return [step for step in self._steps if step.from_status is not None and step.from_status == status]

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for the documents."""
        lines = ["stateDiagram-v2"]
        for step in self._steps:
            start = step.from_status.value if step.from_status else "[*]"
            lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
        return "\n".join(lines) + "\n"
