"""Places in a version's content, written as problems write them: `readings[1].criteria.all[0]`."""

from __future__ import annotations

import re
from typing import Any

from eligibility.rules.located_json import LocatedObject

Step = str | int
Steps = tuple[Step, ...]

_STEP = re.compile(r"(?P<name>[^.\[\]]+)|\[(?P<index>[0-9]{1,6})\]|\.", re.ASCII)


def steps_of(path: str) -> Steps:
    """The steps of a written path. Whatever is no step is passed over, so nothing is ever raised."""
    found: list[Step] = []
    for match in _STEP.finditer(path):
        if match["name"] is not None:
            found.append(match["name"])
        elif match["index"] is not None:
            found.append(int(match["index"]))
    return tuple(found)


def line_of(data: Any, path: str) -> int:
    """The line on which a place of a located JSON value stands, or the nearest around it that is known."""
    line = data.line if isinstance(data, LocatedObject) else 1
    for step in steps_of(path):
        if isinstance(data, LocatedObject) and isinstance(step, str):
            line, data = data.line_of(step), data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            line = data.line if isinstance(data, LocatedObject) else line
        else:
            break
    return line
