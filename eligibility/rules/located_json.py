"""JSON whose objects remember their lines, so that a fault in a file can be pointed at."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import re
from typing import Any

# A character that the database cannot keep, or that is only half of one; a pair of halves makes a whole one.
_NO_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f])", re.IGNORECASE
)


class NotJson(ValueError):
    """The text is not JSON; `line` is where it stops being so, and the message says what to do."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


class LocatedObject(dict[str, Any]):
    """A JSON object with the line it starts on and the lines of its own names."""

    line: int = 1
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of a name, or of the object where it has no such name."""
        return self.lines.get(key, self.line)


def parse(text: str) -> Any:
    """The value of a JSON text, its objects as `LocatedObject`. A name given twice in one object is refused.

    Raises NotJson with the line and the remedy.
    """
    odd = _NO_CHARACTER.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise NotJson("This holds a character that cannot be kept. Remove it.", line)
    try:
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"This is not JSON: {error.msg.lower()}. Mend it and try again.", error.lineno) from error
    except RecursionError as error:
        raise NotJson("This is nested too deeply. Give cases in the documented form.", 1) from error


class _Decoder(json.JSONDecoder):
    """The standard library's decoder, its pure Python scanner told to note where objects start."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.parse_object = self.located_object
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def located_object(self, text_and_end: tuple[str, int], *arguments: Any) -> tuple[LocatedObject, int]:
        """One object, read by the standard library with our note of where it and its names stand."""
        text, start = text_and_end
        scan_once = arguments[1]
        places: list[int] = []

        def noted(inner: str, place: int) -> tuple[Any, int]:
            places.append(place)
            value: tuple[Any, int] = scan_once(inner, place)
            return value

        pairs, end = json.decoder.JSONObject(  # type: ignore[attr-defined]
            text_and_end, arguments[0], noted, None, lambda found: found, *arguments[4:]
        )
        located = LocatedObject(pairs)
        located.line = self.line_at(start - 1)
        located.lines = {}
        for (name, _value), place in zip(pairs, places, strict=True):
            line = self.line_at(_end_of_name(text, place))
            if name in located.lines:
                first = located.lines[name]
                raise NotJson(f'"{name}" is given twice in one object, first on line {first}. Keep one.', line)
            located.lines[name] = line
        return located, end

    def line_at(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1


def _end_of_name(text: str, value_at: int) -> int:
    """Where the name of a value ends: the quote before the colon before the value."""
    return text.rindex('"', 0, text.rindex(":", 0, value_at))
