"""JSON whose objects remember their lines, so that a fault in a file can be pointed at."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import math
import re
from bisect import bisect_right
from typing import Any

# A character that the database cannot keep, or that is only half of one; a pair of halves makes a whole one.
_NO_CHARACTER = re.compile(
    r"(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f])", re.IGNORECASE
)

# A text in quotes, or a number (with the names that Python, and no standard, takes for one).
_TEXT_OR_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity|[0-9][0-9.eE+-]*)')
_LONGEST_NUMBER = 100


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
        raise NotJson("This is nested too deeply. Write it in the documented form.", 1) from error


class _Decoder(json.JSONDecoder):
    """The standard library's decoder, its pure Python scanner told to note where objects start."""

    def __init__(self, text: str) -> None:
        super().__init__(parse_int=self.whole_number, parse_float=self.number, parse_constant=self.no_number)
        self.text = text
        self.line_ends = [end.start() for end in re.finditer("\n", text)]
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
        return bisect_right(self.line_ends, place - 1) + 1

    def whole_number(self, digits: str) -> int:
        """A whole number, unless it is longer than any that is meant."""
        return int(digits) if len(digits) <= _LONGEST_NUMBER else self.no_number(digits)

    def number(self, digits: str) -> float:
        """A number with a fraction or an exponent, unless it is larger than any that can be kept."""
        value = float(digits)
        return value if math.isfinite(value) else self.no_number(digits)

    def no_number(self, written: str) -> Any:
        """Refuse what the standard library would take for a number, and the database cannot keep."""
        found = next(each for each in _TEXT_OR_NUMBER.finditer(self.text) if each[0].startswith(written))
        shown = written if len(written) <= _LONGEST_NUMBER else f"{written[:10]}…"
        raise NotJson(f"{shown} is no number that can be kept. Give another.", self.line_at(found.start()))


def _end_of_name(text: str, value_at: int) -> int:
    """Where the name of a value ends: the quote before the colon before the value."""
    return text.rindex('"', 0, text.rindex(":", 0, value_at))
