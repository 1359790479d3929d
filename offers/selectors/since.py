"""What became of the edition before: what changed since and why, and how far its plan has got."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.enums import ExplanationKind
from offers.models import Edition, Explanation
from offers.rules.differences import Change, differences, marks
from offers.rules.progress import Progress, progress


@dataclass(frozen=True)
class ExplainedChange:
    """A change with the reason its author gave. `is_explained` while the reason is about the change as it is now."""

    change: Change
    explanation: Explanation | None

    @property
    def is_explained(self) -> bool:
        """Whether a reason stands, or none is asked for."""
        return bool(self.rationale) or not self.change.needs_reason

    @property
    def rationale(self) -> str:
        """What was said of the change as it is now; nothing where it was said of another."""
        given = self.explanation
        return given.words if given and given.fingerprint == self.change.fingerprint else ""


@dataclass(frozen=True)
class NotedProgress:
    """What became of a promise, with what its author says about it."""

    progress: Progress
    explanation: Explanation | None


@dataclass(frozen=True)
class Since:
    """An edition against the one before it (`base`): changes, progress, and what was learnt."""

    base: Edition
    changes: tuple[ExplainedChange, ...]
    progress: tuple[NotedProgress, ...]
    learning: str

    @property
    def unexplained(self) -> tuple[ExplainedChange, ...]:
        """The changes that still want a reason."""
        return tuple(each for each in self.changes if not each.is_explained)


def base_of(edition: Edition) -> Edition | None:
    """The edition that readers had before: the last published one that was not withdrawn."""
    before = Edition.objects.filter(local_offer=edition.local_offer_id, number__lt=edition.number)
    return before.public().order_by("-number").first()


def since_of(edition: Edition, snapshot: Mapping[str, Any]) -> Since | None:
    """An edition, as `snapshot` gathers it, against the one before; None for the first."""
    base = base_of(edition)
    if base is None or base.snapshot is None:
        return None
    given = Explanation.objects.filter(edition=edition) if edition.pk else Explanation.objects.none()
    found = {(each.kind, each.key): each for each in given.select_related("written_by")}
    return Since(
        base=base,
        changes=tuple(
            ExplainedChange(change, found.get((change.kind.value, change.key)))
            for change in differences(base.snapshot, snapshot)
        ),
        progress=tuple(
            NotedProgress(each, found.get((ExplanationKind.PROGRESS.value, each.key)))
            for each in progress(base.snapshot, snapshot, as_at=edition.figures_as_at)
        ),
        learning=edition.learning,
    )


def with_since(snapshot: dict[str, Any], since: Since | None) -> dict[str, Any]:
    """The snapshot with what became of the edition before in it, and each phase and line marked that differs."""
    if since is None:
        return {**snapshot, "since": None, "timeline": _marked(snapshot["timeline"], {}, {})}
    phases, lines = marks(since.base.snapshot or {}, snapshot)
    return {**snapshot, "since": _frozen(since), "timeline": _marked(snapshot["timeline"], phases, lines)}


def _marked(
    timeline: list[dict[str, Any]], phases: Mapping[int, Any], lines: Mapping[Any, Any]
) -> list[dict[str, Any]]:
    return [
        {
            **phase,
            **_mark(phases.get(at)),
            "lines": [{**line, **_mark(lines.get((at, place)))} for place, line in enumerate(phase["lines"])],
        }
        for at, phase in enumerate(timeline)
    ]


def _mark(mark: Any) -> dict[str, str]:
    return {"change": mark.change if mark else "", "was": mark.was if mark else ""}


def _frozen(since: Since) -> dict[str, Any]:
    edition = (since.base.snapshot or {})["edition"]
    return {
        "number": edition["number"],
        "published_on": edition["published_on"],
        "learning": since.learning,
        "changes": [
            {
                "kind": each.change.kind.value,
                "key": each.change.key,
                "title": each.change.title,
                "was": each.change.was,
                "now": each.change.now,
                "rationale": each.rationale,
            }
            for each in since.changes
        ],
        "progress": [
            {
                "phase": each.progress.phase,
                "cohort": each.progress.cohort,
                "promised": each.progress.promised,
                "reached": each.progress.reached,
                "standing": each.progress.standing.value,
                "note": each.explanation.words if each.explanation else "",
            }
            for each in since.progress
        ],
    }
