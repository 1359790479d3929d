"""Quarters of the financial year, for which returns are made. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from phb_register.dates import ONE_DAY, FinancialYear, financial_year

MONTHS = 3
IN_A_YEAR = 4
_CODE = re.compile(r"(\d{4})-(\d{2})-q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter by the calendar year in which its financial year begins and its number, 1 to 4."""

    begins: int
    number: int

    @property
    def year(self) -> FinancialYear:
        """The financial year it is of."""
        return FinancialYear(self.begins)

    @property
    def start(self) -> dt.date:
        """Its first day."""
        month = 4 + MONTHS * (self.number - 1)
        return dt.date(self.begins, month, 1) if month <= 12 else dt.date(self.begins + 1, month - 12, 1)

    @property
    def end(self) -> dt.date:
        """Its last day."""
        return self.next.start - ONE_DAY

    @property
    def next(self) -> Self:
        """The quarter after it."""
        return self._at(self.begins * IN_A_YEAR + self.number)

    @property
    def before(self) -> Self:
        """The quarter before it."""
        return self._at(self.begins * IN_A_YEAR + self.number - 2)

    @property
    def code(self) -> str:
        """As it stands in an address: ``2026-27-q2``."""
        return f"{self.begins}-{(self.begins + 1) % 100:02d}-q{self.number}"

    def __str__(self) -> str:
        return f"Quarter {self.number} of {self.year}"

    def _at(self, place: int) -> Self:
        """The quarter at a place of the count in which quarter 1 of 2000/01 has 8,000."""
        return type(self)(place // IN_A_YEAR, place % IN_A_YEAR + 1)


def quarter_of(day: dt.date) -> Quarter:
    """The quarter in which a day falls."""
    year = financial_year(day)
    return Quarter(year.begins, (day.month - 4) % 12 // MONTHS + 1)


def ends_a_quarter(day: dt.date) -> bool:
    """Whether it is the last day of a quarter."""
    return quarter_of(day).end == day


def quarter_with_code(code: str) -> Quarter | None:
    """The quarter of an address, or None where there is none of that name."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    quarter = Quarter(int(found[1]), int(found[3]))
    return quarter if quarter.code == code and quarter.begins >= 2000 else None
