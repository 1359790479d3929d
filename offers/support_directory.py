"""The directory of support organisations that everybody may read, for the feed of open data.

This room only declares the slot: a room further on (budgets) keeps the organisations and fills it in
`AppConfig.ready()`.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SupportKind:
    """A kind of support: `code` as it is kept, `label` as people read it."""

    code: str
    label: str


@dataclass(frozen=True)
class SupportEntry:
    """One organisation, with only what is meant for the public. What is not known is empty.

    `commissioner_code` and `commissioner_name` are of the commissioner or partnership whose people it helps.
    """

    reference: uuid.UUID
    name: str
    description: str
    kinds: tuple[str, ...]
    website: str
    email: str
    phone: str
    commissioner_code: str
    commissioner_name: str
    changed_at: dt.datetime


@dataclass(frozen=True)
class SupportSearch:
    """What is looked for; what is empty does not narrow it. `kind` is a code, `changed_since` inclusive."""

    words: str = ""
    kind: str = ""
    reference: uuid.UUID | None = None
    changed_since: dt.datetime | None = None


class SupportDirectory(Protocol):
    """What the room that keeps the organisations provides."""

    def kinds(self) -> Sequence[SupportKind]:
        """Every kind of support, in order."""

    def count(self, search: SupportSearch, *, on: dt.date) -> int:
        """How many public organisations match and are open at the end of a day."""

    def entries(self, search: SupportSearch, *, on: dt.date, start: int, stop: int) -> Sequence[SupportEntry]:
        """Those of them from place `start` to before `stop`, in an order that stays."""


class _Nobody:
    """The directory before a room has filled the slot."""

    def kinds(self) -> Sequence[SupportKind]:
        return ()

    def count(self, search: SupportSearch, *, on: dt.date) -> int:
        return 0

    def entries(self, search: SupportSearch, *, on: dt.date, start: int, stop: int) -> Sequence[SupportEntry]:
        return ()


_directory: SupportDirectory = _Nobody()


def fill(directory: SupportDirectory) -> None:
    """Put a directory in the slot."""
    global _directory
    _directory = directory


def directory() -> SupportDirectory:
    """The directory that fills the slot; an empty one where nobody does."""
    return _directory
