"""Editing the readings of a version's wording: add one like another, name it, remove it. Pure.

Every function takes content in its normal form (`criteria_editing.normal`) and gives a new one.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from eligibility.rules.criteria_editing import Content, EditRefused

MOST_READINGS = 12


def reading_with(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The reading of this id. Raises EditRefused where there is none."""
    found: Mapping[str, Any] = content["readings"][_place_of(content, name)]
    return found


def add_reading(content: Mapping[str, Any], *, like: str, title: str) -> Content:
    """Add a reading that starts as a copy of another; the first two are called R1 and R2."""
    found = copy.deepcopy(dict(content))
    readings = found["readings"]
    place = _place_of(found, like)
    if len(readings) >= MOST_READINGS:
        raise EditRefused(f"A version holds at most {MOST_READINGS} readings. Remove one first.")
    if readings[0].get("id") == "only":
        readings[0]["id"] = "R1"
        found["chosen"] = "R1"
    names = {reading.get("id") for reading in readings if isinstance(reading, Mapping)}
    number = len(readings) + 1
    while f"R{number}" in names:
        number += 1
    criteria = copy.deepcopy(readings[place].get("criteria") or {})
    readings.append({"id": f"R{number}", "title": title, "criteria": criteria})
    return found


def title_reading(content: Mapping[str, Any], name: str, title: str) -> Content:
    """Give a reading another title."""
    found = copy.deepcopy(dict(content))
    found["readings"][_place_of(found, name)]["title"] = title
    return found


def remove_reading(content: Mapping[str, Any], name: str) -> Content:
    """Remove a reading; never the last. If it was the chosen one, another has to be chosen."""
    found = copy.deepcopy(dict(content))
    if len(found["readings"]) == 1:
        raise EditRefused("A version needs at least one reading.")
    del found["readings"][_place_of(found, name)]
    if len(found["readings"]) == 1:
        found["chosen"] = found["readings"][0].get("id")
    elif found.get("chosen") == name:
        found["chosen"] = ""
    return found


def _place_of(content: Mapping[str, Any], name: str) -> int:
    for place, reading in enumerate(content["readings"]):
        if isinstance(reading, Mapping) and reading.get("id") == name:
            return place
    raise EditRefused("This version has no such reading any more.")
