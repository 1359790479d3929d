"""What a support plan says, section by section, and what changed between two versions of it. Pure.

A line is known by its key, which stays the same from version to version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """One line of a section: its key, what it is called, and what is said of it."""

    key: str
    title: str
    rows: Rows


@dataclass(frozen=True)
class ContentSection:
    """One section: what is said of it as a whole, and its lines."""

    code: str
    title: str
    rows: Rows = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Change:
    """One thing that differs: what it is, what it was and what it is now; empty where it was not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class SectionChanges:
    """Everything that differs in one section."""

    title: str
    changes: tuple[Change, ...]


def changes_between(before: Sequence[ContentSection], after: Sequence[ContentSection]) -> list[SectionChanges]:
    """What differs from one version to a later one, in the order of the sections; those alike are left out."""
    earlier = {section.code: section for section in before}
    found = []
    for section in after:
        was = earlier.get(section.code, ContentSection(section.code, section.title))
        changes = (*_row_changes("", was.rows, section.rows), *_entry_changes(was.entries, section.entries))
        if changes:
            found.append(SectionChanges(section.title, changes))
    return found


def _row_changes(title: str, before: Rows, after: Rows) -> list[Change]:
    old, new = dict(before), dict(after)
    return [
        Change(f"{title}: {label.lower()}" if title else label, old.get(label, ""), new.get(label, ""))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, "") != new.get(label, "")
    ]


def _entry_changes(before: Sequence[Entry], after: Sequence[Entry]) -> list[Change]:
    old, new = {entry.key: entry for entry in before}, {entry.key: entry for entry in after}
    changes: list[Change] = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            gone, added = was, now
            changes.append(Change((added or gone or _NONE).title, _said(gone), _said(added)))
        else:
            changes += _row_changes(now.title, was.rows, now.rows)
    return changes


_NONE = Entry("", "", ())


def _said(entry: Entry | None) -> str:
    return "" if entry is None else "; ".join(f"{label}: {value}" for label, value in entry.rows if value)
