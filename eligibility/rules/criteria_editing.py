"""Editing criteria as people do: one change at one place of a version's content at a time. Pure.

Every function takes the content and gives a new one, finished or not; the one given is left as it was. A place is
written as problems write it (`readings[0].criteria.all[1]`). What cannot be done at a place raises EditRefused with a
plain sentence.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from eligibility.rules.content_checks import parts_used
from eligibility.rules.content_paths import Steps, steps_of
from eligibility.rules.criteria_reading import LONGEST_NAME, PART_NAME
from eligibility.rules.criteria_words import NodeKind, kind_of

Content = dict[str, Any]

_ROOT = r"(?:criteria|applies_when|readings\[\d+\]\.criteria|parts\.[^.\[\]]+\.criteria|warnings\[\d+\]\.when)"
_PLACE = re.compile(rf"(?P<root>{_ROOT})(?P<rest>(?:\.not|\.(?:all|any)\[\d+\])*)", re.ASCII)
# Roots that say "always" when they hold nothing, and so are left out rather than left empty.
_OPTIONAL_ROOT = re.compile(r"applies_when|warnings\[\d+\]\.when", re.ASCII)


class EditRefused(ValueError):
    """This cannot be done at this place. `str()` says why, and what to do."""


def normal(content: Mapping[str, Any]) -> Content:
    """The content with its criteria as a list of readings, which is the one form that pages edit."""
    found = copy.deepcopy(dict(content))
    if not isinstance(found.get("readings"), list) or not found["readings"]:
        found["readings"] = [{"id": "only", "title": "As written", "criteria": found.get("criteria") or {}}]
        found["chosen"] = "only"
    found.pop("criteria", None)
    return found


def places(content: Mapping[str, Any]) -> Iterator[str]:
    """Every place of every tree, each before those inside it."""
    waiting = list(_roots(content))[::-1]
    while waiting:
        place = waiting.pop()
        yield place
        node = node_at(content, place)
        if isinstance(node, Mapping):
            kind = kind_of(node)
            if kind.is_group:
                waiting.extend(f"{place}.{kind.value}[{index}]" for index in range(len(node[kind.value]) - 1, -1, -1))
            elif kind is NodeKind.NOT:
                waiting.append(f"{place}.not")


def node_at(content: Mapping[str, Any], place: str) -> Any:
    """What stands at a place; None for a tree that is left out. Raises EditRefused where there is no such place."""
    steps = _steps(place)
    here: Any = content
    for number, step in enumerate(steps):
        is_there = step in here if isinstance(here, Mapping) else isinstance(here, list) and step in range(len(here))
        if is_there:
            here = here[step]
        elif isinstance(here, Mapping) and step in ("criteria", "applies_when", "when") and number == len(steps) - 1:
            return None
        else:
            raise EditRefused("What you wanted to change is not there any more. Look at the criteria as they are now.")
    return here


def parent_of(place: str) -> str | None:
    """The place around a place; None for the top of a tree."""
    match = _PLACE.fullmatch(place)
    if match is None or not match["rest"]:
        return None
    return place[: place.rindex(".")]


def add(content: Mapping[str, Any], place: str, new: Mapping[str, Any]) -> Content:
    """Put something into the group at a place, at its end; or at the place itself where nothing stands yet."""
    node = node_at(content, place)
    kind = kind_of(node)
    if kind is NodeKind.EMPTY:
        return _put(content, place, dict(new))
    if kind is NodeKind.NOT and kind_of(node["not"]) is NodeKind.EMPTY:
        return _put(content, f"{place}.not", dict(new))
    if not kind.is_group:
        raise EditRefused("Only a group takes another condition. Put this into a group first.")
    return _put(content, place, {kind.value: [*node[kind.value], dict(new)]})


def change(content: Mapping[str, Any], place: str, new: Mapping[str, Any]) -> Content:
    """Put something in the place of what stands there."""
    node_at(content, place)
    return _put(content, place, dict(new))


def remove(content: Mapping[str, Any], place: str) -> Content:
    """Take away what stands at a place. Of a list the rest moves up; elsewhere an empty place is left to fill."""
    node_at(content, place)
    steps = _steps(place)
    if isinstance(steps[-1], int):
        found = copy.deepcopy(dict(content))
        del _at(found, steps[:-1])[steps[-1]]
        return found
    if _OPTIONAL_ROOT.fullmatch(place):
        return _put(content, place, None)
    return _put(content, place, {})


def move(content: Mapping[str, Any], place: str, by: int) -> Content:
    """Move up (-1) or down (1) in its list; at either end it stays where it is."""
    node_at(content, place)
    *above, index = _steps(place)
    if not isinstance(index, int):
        raise EditRefused("This does not stand in a list, so it cannot be moved.")
    found = copy.deepcopy(dict(content))
    listed = _at(found, tuple(above))
    to = min(max(index + by, 0), len(listed) - 1)
    listed.insert(to, listed.pop(index))
    return found


def wrap(content: Mapping[str, Any], place: str, kind: NodeKind) -> Content:
    """Put what stands at a place into a group of its own (`all`, `any`), or turn it round (`not`)."""
    node = node_at(content, place)
    inner = {} if node is None else node
    return _put(content, place, {"not": inner} if kind is NodeKind.NOT else {kind.value: [inner]})


def unwrap(content: Mapping[str, Any], place: str) -> Content:
    """Take away a group or a `not` and leave what is inside; several only where there is a list to take them."""
    node = node_at(content, place)
    kind = kind_of(node)
    if kind is NodeKind.NOT:
        return _put(content, place, node["not"])
    if not kind.is_group:
        raise EditRefused("This is no group, so there is nothing to take away around it.")
    inner = node[kind.value]
    if len(inner) == 1:
        return _put(content, place, inner[0])
    *above, index = _steps(place)
    if isinstance(index, int):
        found = copy.deepcopy(dict(content))
        _at(found, tuple(above))[index : index + 1] = copy.deepcopy(inner)
        return found
    if not inner:
        return remove(content, place)
    raise EditRefused("Several conditions have to stand in a group here. Remove all but one, or turn the group.")


def turn(content: Mapping[str, Any], place: str) -> Content:
    """Make "all of these" of "any of these", and the other way round."""
    node = node_at(content, place)
    kind = kind_of(node)
    if not kind.is_group:
        raise EditRefused("This is no group, so it cannot be turned.")
    other = NodeKind.ANY if kind is NodeKind.ALL else NodeKind.ALL
    return _put(content, place, {other.value: node[kind.value]})


def extract(content: Mapping[str, Any], place: str, *, name: str, title: str, everywhere: bool = False) -> Content:
    """Make a part of what stands at a place, and name the part there; `everywhere` also where the same stands."""
    node = node_at(content, place)
    kind = kind_of(node)
    if kind in (NodeKind.EMPTY, NodeKind.ODD, NodeKind.PART):
        raise EditRefused("Only a condition or a group can become a part.")
    if name in _parts(content):
        raise EditRefused("This version has a part of this name already. Give it another name.")
    if not PART_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise EditRefused(f"Name the part in small letters, digits and hyphens, at most {LONGEST_NAME}.")
    found = _put(content, place, {"part": name})
    if everywhere:
        for other in same_places(found, node):
            found = _put(found, other, {"part": name})
    return {**found, "parts": {**_parts(found), name: {"title": title, "criteria": copy.deepcopy(node)}}}


def same_places(content: Mapping[str, Any], node: Any) -> list[str]:
    """The places where exactly this stands, none of them inside another."""
    found: list[str] = []
    for place in places(content):
        if node_at(content, place) == node and not any(place.startswith(f"{other}.") for other in found):
            found.append(place)
    return found


def use_part(content: Mapping[str, Any], place: str, name: str) -> Content:
    """Name a part in the place of what stands there."""
    if name not in _parts(content):
        raise EditRefused("This version has no such part any more.")
    return change(content, place, {"part": name})


def write_out(content: Mapping[str, Any], place: str) -> Content:
    """Put what a part stands for in the place of its name."""
    node = node_at(content, place)
    part = _parts(content).get(node["part"]) if kind_of(node) is NodeKind.PART else None
    if not isinstance(part, Mapping):
        raise EditRefused("No part is named here.")
    return _put(content, place, copy.deepcopy(part.get("criteria") or {}))


def remove_part(content: Mapping[str, Any], name: str) -> Content:
    """Remove a part that nothing uses."""
    if name not in _parts(content):
        raise EditRefused("This version has no such part any more.")
    if name in parts_used(content):
        raise EditRefused("This part is still used. Write it out where it is used, or remove those places, first.")
    found = copy.deepcopy(dict(content))
    del found["parts"][name]
    if not found["parts"]:
        del found["parts"]
    return found


def title_part(content: Mapping[str, Any], name: str, title: str) -> Content:
    """Give a part another title; its name, which the criteria hold, stays."""
    if name not in _parts(content):
        raise EditRefused("This version has no such part any more.")
    found = copy.deepcopy(dict(content))
    found["parts"][name]["title"] = title
    return found


def parts_for(content: Mapping[str, Any], place: str) -> list[str]:
    """The names of the parts that may be named at a place: inside a part, those that do not lead back to it."""
    steps = steps_of(place)
    parts = _parts(content)
    if steps[:1] != ("parts",):
        return list(parts)
    return [name for name in parts if steps[1] not in _reached(parts, name)]


def _reached(parts: Mapping[str, Any], name: str) -> set[str]:
    """A part and all that it uses, directly or not."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here in parts and here not in reached:
            reached.add(here)
            waiting.extend(parts_used(parts[here]))
    return reached


def name_for(title: str, taken: Mapping[str, Any]) -> str:
    """A part's name made of its title, and of a number where it is taken."""
    base = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[: LONGEST_NAME - 4].strip("-") or "part"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def _roots(content: Mapping[str, Any]) -> Iterator[str]:
    if content.get("applies_when") is not None:
        yield "applies_when"
    if "criteria" in content:
        yield "criteria"
    for key, inner in (("readings", "criteria"), ("warnings", "when")):
        listed = content.get(key)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, Mapping) and (inner == "criteria" or item.get(inner) is not None):
                yield f"{key}[{index}].{inner}"
    for name, part in _parts(content).items():
        if isinstance(part, Mapping) and _PLACE.fullmatch(f"parts.{name}.criteria"):
            yield f"parts.{name}.criteria"


def _parts(content: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = content.get("parts")
    return parts if isinstance(parts, Mapping) else {}


def _steps(place: str) -> Steps:
    if not _PLACE.fullmatch(place):
        raise EditRefused("What you wanted to change is not there any more. Look at the criteria as they are now.")
    return steps_of(place)


def _at(content: Any, steps: Steps) -> Any:
    for step in steps:
        content = content[step]
    return content


def _put(content: Mapping[str, Any], place: str, value: Any) -> Content:
    found = copy.deepcopy(dict(content))
    *above, last = _steps(place)
    _at(found, tuple(above))[last] = copy.deepcopy(value)
    return found
