"""Single cells of files that people send: tidied text, dates, codes, words of a closed list. Pure.

Only the digits 0 to 9 are digits here, and no cell is long enough to be slow.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices

from phb_register.rules import normal_postcode

LONGEST_CELL = 500

_ISO = re.compile(r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.Z+]*)?$")
_DAY_FIRST = re.compile(r"^([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?: [0-9:]+)?$")
_NAMED_MONTH = re.compile(r"^([0-9]{1,2})[ \-]([A-Za-z]{3,9})[ \-,]+([0-9]{4}|[0-9]{2})$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_CODE = re.compile(r"^[A-Za-z0-9_-]{1,40}$")
_PRACTICE = re.compile(r"^[A-Z][0-9]{5}$")
_COUNT = re.compile(r"^[0-9]{1,3}(?:,[0-9]{3})+$|^[0-9]+$")
_CENTURY = 2000
# Years outside these are slips of the pen: nobody lives longer, and no register plans as far.
_FIRST_YEAR, _LAST_YEAR = 1890, 2100


class CellWrong(ValueError):
    """A cell that cannot be read, with the remedy as its text."""


def tidy(cell: str) -> str:
    """A cell without control characters and needless spaces."""
    # Nearly all are so: of what can be printed, the space alone is one.
    if len(cell) <= LONGEST_CELL and cell.isprintable() and "  " not in cell:
        return cell.strip(" ")
    return " ".join(_CONTROL.sub(" ", cell[:LONGEST_CELL]).split())


@lru_cache(maxsize=50_000)
def read_date(cell: str) -> dt.date:
    """The date of a cell: 2026-05-31, 31/5/2026, 31-05-26 or 31 May 2026, the day before the month."""
    text = tidy(cell).lstrip("'")
    if not text:
        raise CellWrong("Enter the date")
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _NAMED_MONTH.match(text)) and found[2][:3].lower() in _MONTHS:
        day, month, year = int(found[1]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[3])
    else:
        raise CellWrong("Write the date as day, month and year, like 31/05/2026, or like 2026-05-31")
    year += _CENTURY if year < 100 else 0
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellWrong("There is no such day. Write the day before the month, like 31/05/2026") from None


@lru_cache(maxsize=50_000)
def read_day(text: str) -> dt.date:
    """A date: 2017-02-07, 7/2/2017 or 7 February 2017, the day before the month."""
    day = read_date(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellWrong("Check the year of this date")
    return day


def read_code(text: str) -> str:
    """A code of a commissioner or a cohort; whether there is such a one is asked of the register."""
    if not _CODE.match(text):
        raise CellWrong("Enter a code of letters, numbers and hyphens")
    return text


def read_postcode(text: str) -> str:
    """A postcode with its space."""
    postcode = normal_postcode(text)
    if postcode is None:
        raise CellWrong("Enter a full postcode, like LE1 6YH")
    return postcode


def read_practice(text: str) -> str:
    """The code of a GP practice."""
    if not _PRACTICE.match(text.upper()):
        raise CellWrong("Enter the code of the GP practice: a letter and five digits, like C82001")
    return text.upper()


def read_count(text: str) -> int:
    """A whole number of people, nought or more; commas may stand between thousands."""
    if not _COUNT.match(text):
        raise CellWrong("Enter a whole number of 0 or more")
    count = int(text.replace(",", "")[:12])
    if count > _MOST_PEOPLE:
        raise CellWrong("There are not so many people. Check that this column holds numbers of people")
    return count


#: More than live in England.
_MOST_PEOPLE = 99_999_999


def one_of(choices: type[TextChoices], also: Mapping[str, TextChoices] | None = None) -> Callable[[str], Any]:
    """A reader of a closed list: a value as the register stores it, its words, or a name that is used `also`."""
    known: dict[str, Any] = {}
    for choice in choices:
        known[word(choice.value)] = choice
        known.setdefault(word(choice.label), choice)
    known |= {word(name): choice for name, choice in (also or {}).items()}
    listed = ", ".join(choice.value for choice in choices)

    def read(text: str) -> Any:
        found = known.get(word(text))
        if found is None:
            raise CellWrong(f"Enter one of these: {listed}")
        return found

    return read


def word(text: str) -> str:
    """A word of a closed list as it is looked up: small letters and digits, with one line between its parts."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
