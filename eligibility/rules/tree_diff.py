"""What differs between two trees of criteria: branches matched by what they say, not by where they stand. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from eligibility.rules.criteria_words import HEADINGS, NodeKind, in_words, kind_of

Titles = Sequence[Mapping[str, str]]
"""The titles of the parts by name, in the old version and in the new."""
Pairs = list[tuple[int, int]]


class Change(StrEnum):
    """What happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its place in the new version (in the old one where it is removed), and words before and after.

    `where` says in words what it is about. Where before and after read alike, only the form of the data differs.
    """

    path: str
    kind: Change
    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference, with the branch that came or went, so that one that only moved can be told."""

    difference: Difference
    branch: str = ""


def compare_trees(old: Any, new: Any, path: str, where: str, titles: Titles) -> list[Difference]:
    """The differences between two trees, finished or not."""
    found = list(_compare(old, new, path, where, titles))
    gone, come = _by_branch(found, Change.REMOVED), _by_branch(found, Change.ADDED)
    moved: dict[int, Difference] = {}
    dropped: set[int] = set()
    for branch, places in gone.items():
        for before, after in zip(places, come.get(branch, ()), strict=False):
            left, came = found[before].difference, found[after].difference
            places_in_words = f"{left.where} → {came.where}"
            moved[after] = Difference(came.path, Change.MOVED, places_in_words, left.before, came.after)
            dropped.add(before)
    return [moved.get(place, each.difference) for place, each in enumerate(found) if place not in dropped]


def matched(
    old: Sequence[Any], new: Sequence[Any], likeness: Callable[[Any, Any], float]
) -> tuple[Pairs, list[int], list[int]]:
    """Which items of two lists are the same, and what is left of either: equal ones first, then the most alike.

    Symmetric: a tie is broken by how far apart the two stand and then by where, which never depends on the side.
    """
    pairs: Pairs = []
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(new):
        waiting[canonical(item)].append(place)
    left: list[int] = []
    for place, item in enumerate(old):
        same = waiting[canonical(item)]
        if same:
            pairs.append((place, same.pop(0)))
        else:
            left.append(place)
    right = sorted(place for places in waiting.values() for place in places)
    alike = [(likeness(old[before], new[after]), before, after) for before in left for after in right]
    alike.sort(key=lambda each: (-each[0], abs(each[1] - each[2]), each[1] + each[2]))
    for score, before, after in alike:
        if score > 0 and before in left and after in right:
            pairs.append((before, after))
            left.remove(before)
            right.remove(after)
    return sorted(pairs), left, right


def reordered(
    pairs: Pairs,
    old: Sequence[Any],
    new: Sequence[Any],
    path: str,
    where: str,
    words: tuple[Callable[[Any], str], Callable[[Any], str]],
) -> Iterator[Difference]:
    """One difference where what is in both lists stands in another order."""
    by_old = sorted(pairs)
    if any(one[1] > other[1] for one, other in pairwise(by_old)):
        before = "; ".join(words[0](old[place]) for place, _new in by_old)
        after = "; ".join(words[1](new[place]) for place in sorted(place for _old, place in pairs))
        yield Difference(path, Change.MOVED, f"{where}, order", before, after)


def _compare(old: Any, new: Any, path: str, where: str, titles: Titles) -> Iterator[_Found]:
    if canonical(old) == canonical(new):
        return
    kinds = (kind_of(old), kind_of(new))
    if kinds == (NodeKind.NOT, NodeKind.NOT):
        yield from _compare(old["not"], new["not"], f"{path}.not", _inside(where, NodeKind.NOT), titles)
    elif NodeKind.EMPTY in kinds:
        yield _one(old, new, path, where, titles)
    elif kinds[0].is_group or kinds[1].is_group:
        yield from _compare_groups(old, new, path, where, titles)
    else:
        yield _one(old, new, path, where, titles)


def _compare_groups(old: Any, new: Any, path: str, where: str, titles: Titles) -> Iterator[_Found]:
    """At least one of the two is a group. One that only came to hold the other is no change of the other."""
    kinds = (kind_of(old), kind_of(new))
    olds = list(old[kinds[0].value]) if kinds[0].is_group else []
    news = list(new[kinds[1].value]) if kinds[1].is_group else []
    heading = kinds[1] if kinds[1].is_group else kinds[0]
    if kinds[0] is kinds[1]:
        yield from _compare_children(olds, news, path, heading, where, titles)
    elif old in news:
        children = list(_compare_children([old], news, path, heading, where, titles))
        yield from children or [_one(old, new, path, where, titles)]
    elif new in olds:
        children = list(_compare_children(olds, [new], path, heading, where, titles))
        yield from children or [_one(old, new, path, where, titles)]
    elif kinds[0].is_group and kinds[1].is_group:
        turned = Difference(path, Change.CHANGED, where, *(HEADINGS[kind] for kind in kinds))
        yield _Found(turned)
        yield from _compare_children(olds, news, path, heading, where, titles)
    else:
        yield _one(old, new, path, where, titles)


def _compare_children(
    olds: list[Any], news: list[Any], path: str, heading: NodeKind, where: str, titles: Titles
) -> Iterator[_Found]:
    inside, at = _inside(where, heading), f"{path}.{heading.value}"
    pairs, gone, come = matched(olds, news, _likeness)
    for before, after in pairs:
        yield from _compare(olds[before], news[after], f"{at}[{after}]", inside, titles)
    for place in gone:
        yield _one(olds[place], None, f"{at}[{place}]", inside, titles)
    for place in come:
        yield _one(None, news[place], f"{at}[{place}]", inside, titles)
    words = (lambda node: _words(node, titles[0]), lambda node: _words(node, titles[1]))
    for moved in reordered(pairs, olds, news, at, inside, words):
        yield _Found(moved)


def _one(old: Any, new: Any, path: str, where: str, titles: Titles) -> _Found:
    """A branch that came, went, or became another one. An empty place counts as nothing."""
    before = "" if old is None else _words(old, titles[0])
    after = "" if new is None else _words(new, titles[1])
    if old is None or (kind_of(old) is NodeKind.EMPTY and kind_of(new) is not NodeKind.EMPTY):
        return _Found(Difference(path, Change.ADDED, where, "", after), canonical(new))
    if new is None or (kind_of(new) is NodeKind.EMPTY and kind_of(old) is not NodeKind.EMPTY):
        return _Found(Difference(path, Change.REMOVED, where, before, ""), canonical(old))
    return _Found(Difference(path, Change.CHANGED, where, before, after))


def _likeness(one: Any, other: Any) -> float:
    """How likely one branch became the other; 0 where they have nothing in common."""
    kinds = (kind_of(one), kind_of(other))
    if kinds[0].is_group and kinds[1].is_group:
        facts, leaves = (_shared(_leaves(one, key), _leaves(other, key)) for key in ("fact", ""))
        alike = facts + leaves
        return alike + 0.1 if alike and kinds[0] is kinds[1] else alike
    if kinds[0] is not kinds[1]:
        return 0
    if kinds[0] is NodeKind.NOT:
        return _likeness(one["not"], other["not"])
    if kinds[0] is NodeKind.CONDITION:
        return 2.0 + (set(one) == set(other)) if one["fact"] == other["fact"] else 0.0
    return 0


def _leaves(node: Any, key: str) -> set[str]:
    """What the leaves below a node say: their facts, or with no key everything."""
    kind = kind_of(node)
    if kind.is_group:
        return {leaf for child in node[kind.value] for leaf in _leaves(child, key)}
    if kind is NodeKind.NOT:
        return _leaves(node["not"], key)
    if kind is NodeKind.CONDITION:
        return {canonical(node[key] if key else node)}
    return {canonical(node)}


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0


def _by_branch(found: Sequence[_Found], kind: Change) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        if each.branch and each.difference.kind is kind:
            places[each.branch].append(place)
    return places


def _inside(where: str, kind: NodeKind) -> str:
    return f"{where} › {HEADINGS[kind].lower()}"


def _words(node: Any, titles: Mapping[str, str]) -> str:
    return in_words(node, titles=titles).sentence()


def canonical(value: Any) -> str:
    """The data as text that is the same exactly where the data is: 1 is not true, and the order of names is nothing."""
    return json.dumps(value, sort_keys=True)
