"""Figures as they are kept in a snapshot, and read again. Pure.

Two forms of the same. Rows for readers: each figure with the words that explained it when it was frozen, so that a
later programme cannot give it another meaning. And the whole as it was counted, for programmes.
"""

import dataclasses
import datetime as dt
import hashlib
import json
import types
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from reporting import measures as m
from reporting.figures import Figures, PopulationOn

FORMAT = 1
PERCENT, NUMERATOR, DENOMINATOR = "percent", "numerator", "denominator"

_Kept = TypeVar("_Kept")


@dataclasses.dataclass(frozen=True)
class FrozenFigure:
    """One figure: of which measure and which part of it, its words, and its value; None where it was not known."""

    measure: str
    part: str
    label: str
    value: int | Decimal | None
    unit: str
    definition: str

    @property
    def key(self) -> tuple[str, str]:
        """By which figures of two snapshots are put beside each other."""
        return self.measure, self.part

    @property
    def text(self) -> str:
        """As it stands on a page."""
        return "Not known" if self.value is None else f"{self.value:,}"

    def as_json(self) -> dict[str, Any]:
        """As it is kept: a whole number as it is, any other as text, which nobody rounds."""
        kept = str(self.value) if isinstance(self.value, Decimal) else self.value
        return {**dataclasses.asdict(self), "value": kept}


def frozen_figure(kept: Mapping[str, Any]) -> FrozenFigure:
    """A figure as it was kept."""
    value = kept["value"]
    return FrozenFigure(**{**kept, "value": Decimal(value) if isinstance(value, str) else value})


def rows_of(figures: Figures, names: Mapping[str, str]) -> list[FrozenFigure]:
    """Every figure of the measures of spells, in their order. `names` are those of parts, by their codes."""
    return [row for measure in m.OF_SPELLS for row in _rows(measure, getattr(figures, measure.code), names)]


def _rows(measure: m.Measure, found: Any, names: Mapping[str, str]) -> Iterator[FrozenFigure]:
    if isinstance(found, m.Ratio):
        whole = {NUMERATOR: (found.numerator, measure.numerator), DENOMINATOR: (found.denominator, measure.denominator)}
        yield _row(measure, found.percent, PERCENT)
        for part, (value, words) in whole.items():
            yield _row(measure, value, part, f"{measure.label}: {part}", definition=words)
    elif isinstance(found, Mapping):
        for part, value in found.items():
            yield _row(measure, value, part, f"{measure.label}: {names.get(part, part)}")
    else:
        yield _row(measure, found.people if isinstance(found, PopulationOn) else found)


def _row(measure: m.Measure, value: Any, part: str = "", label: str = "", *, definition: str = "") -> FrozenFigure:
    return FrozenFigure(
        measure=measure.code,
        part=part,
        label=label or measure.label,
        value=value,
        unit=str(measure.unit),
        definition=definition or measure.definition,
    )


@dataclasses.dataclass(frozen=True)
class Moved:
    """A figure of two snapshots: the words of the later one, and both values; None where one has it not."""

    figure: FrozenFigure
    before: int | Decimal | None
    after: int | Decimal | None

    @property
    def difference(self) -> int | Decimal | None:
        """After less before; None where either is not known."""
        return None if self.before is None or self.after is None else self.after - self.before


def side_by_side(before: Iterable[FrozenFigure], after: Iterable[FrozenFigure]) -> list[Moved]:
    """Every figure of either snapshot with both values, in the order of the later one."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    rows = [Moved(row, old[key].value if key in old else None, row.value) for key, row in new.items()]
    return rows + [Moved(row, row.value, None) for key, row in old.items() if key not in new]


def canonical(kept: Mapping[str, Any]) -> bytes:
    """The one byte string of what is frozen, whatever order a database gives its keys in."""
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(kept: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(kept)).hexdigest()


def keep(value: Any) -> Any:
    """Figures as JSON that holds no fraction of a binary number: dates and decimal numbers as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: keep(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): keep(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [keep(each) for each in value]
    if isinstance(value, Enum):
        return keep(value.value)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def read(kind: type[_Kept], kept: Any) -> _Kept:
    """What `keep` kept of a value of this kind. Raises ValueError where it was kept without a field that it needs."""
    found: _Kept = _read(kind, kept)
    return found


def _read(kind: Any, kept: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if kept is None else _read(next(each for each in arguments if each is not type(None)), kept)
    if dataclasses.is_dataclass(kind):
        return _read_fields(kind, kept)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(arguments[1], each) for key, each in kept.items()}
    if origin in (tuple, list, frozenset, set):
        return origin(_read(arguments[0], each) for each in kept)
    if kind is dt.date:
        return dt.date.fromisoformat(kept)
    if isinstance(kind, type) and issubclass(kind, Decimal | Enum):
        return kind(kept)
    return kept


def _read_fields(kind: Any, kept: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    needed = {
        field.name
        for field in dataclasses.fields(kind)
        if field.init and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    if missing := needed - set(kept):
        raise ValueError(f"This snapshot was frozen before {', '.join(sorted(missing))} was counted")
    return kind(**{name: _read(hints[name], kept[name]) for name in names if name in kept})
