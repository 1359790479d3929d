"""Criteria for reading: a version's scope, readings and parts in words, for `eligibility/criteria/_words.html` and
`eligibility/criteria/_readings.html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.rules import Problem
from eligibility.rules.content_checks import content_problems
from eligibility.rules.criteria_words import Words, in_words


@dataclass(frozen=True)
class NamedTree:
    """A criterion under a title: a reading, or a part."""

    name: str
    title: str
    words: Words
    is_chosen: bool = False


@dataclass(frozen=True)
class ReadingsView:
    """All readings of a version, with the scope and the parts they share. ``are_several`` asks for a choice."""

    scope: Words | None
    readings: list[NamedTree]
    note: str
    parts: list[NamedTree]

    @property
    def are_several(self) -> bool:
        """Whether there is more than one reading to choose from."""
        return len(self.readings) > 1


def readings_view(content: Mapping[str, Any], problems: Sequence[Problem] | None = None) -> ReadingsView:
    """A version's ``content``, finished or not, for ``_readings.html`` (as ``view``)."""
    problems = content_problems(content) if problems is None else problems
    titles = part_titles(content)
    scope = content.get("applies_when")
    return ReadingsView(
        scope=in_words(scope, "applies_when", titles, problems) if scope is not None else None,
        readings=_readings(content, titles, problems),
        note=str(content.get("reading_note") or ""),
        parts=[
            NamedTree(name, titles[name], in_words(_criteria(part), f"parts.{name}.criteria", titles, problems))
            for name, part in _parts(content).items()
        ],
    )


def criteria_words(content: Mapping[str, Any]) -> Words:
    """The chosen reading of a version in words, for ``_words.html`` (as ``node``)."""
    readings = readings_view(content).readings
    return next((each for each in readings if each.is_chosen), readings[0]).words


def part_titles(content: Mapping[str, Any]) -> dict[str, str]:
    """The title of each part of a version by its name."""
    return {
        name: str(part.get("title") or name) if isinstance(part, Mapping) else name
        for name, part in _parts(content).items()
    }


def _readings(content: Mapping[str, Any], titles: Mapping[str, str], problems: Sequence[Problem]) -> list[NamedTree]:
    listed = content.get("readings")
    if not isinstance(listed, list) or not listed:
        return [NamedTree("only", "As written", in_words(content.get("criteria"), "criteria", titles, problems), True)]
    chosen = content.get("chosen") or (_named(listed[0], "id") if len(listed) == 1 else None)
    return [
        NamedTree(
            name=_named(reading, "id"),
            title=_named(reading, "title"),
            words=in_words(_criteria(reading), f"readings[{place}].criteria", titles, problems),
            is_chosen=chosen is not None and _named(reading, "id") == chosen,
        )
        for place, reading in enumerate(listed)
    ]


def _parts(content: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = content.get("parts")
    return parts if isinstance(parts, Mapping) else {}


def _criteria(holder: object) -> object:
    return holder.get("criteria") if isinstance(holder, Mapping) else None


def _named(holder: object, key: str) -> str:
    return str(holder.get(key) or "") if isinstance(holder, Mapping) else ""
