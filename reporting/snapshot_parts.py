"""What a snapshot freezes beside the figures of spells: each source of further figures is added in `ready()`."""

from collections.abc import Callable, Iterable

from reporting.frozen import FrozenFigure
from reporting.selectors.scope import Counted

Source = Callable[[Counted], Iterable[FrozenFigure]]

_sources: list[Source] = []


def add(source: Source) -> None:
    """Freeze the figures of `source` too, after those of the sources added before. Adding one twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def further_figures(scope: Counted) -> list[FrozenFigure]:
    """The figures of every source, for a commissioner as at a date."""
    return [row for source in _sources for row in source(scope)]
