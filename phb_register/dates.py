"""The UK financial year, which starts on 1 April. Pure."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class FinancialYear:
    """A financial year by the calendar year in which it begins: ``FinancialYear(2016)`` is 2016/17."""

    begins: int

    @property
    def start(self) -> dt.date:
        """1 April, the first day."""
        return dt.date(self.begins, 4, 1)

    @property
    def end(self) -> dt.date:
        """31 March, the last day."""
        return dt.date(self.begins + 1, 3, 31)

    @property
    def label(self) -> str:
        """As people write it: ``2016/17``."""
        return f"{self.begins}/{(self.begins + 1) % 100:02d}"

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label


def financial_year(day: dt.date) -> FinancialYear:
    """The financial year in which ``day`` falls."""
    return FinancialYear(day.year if day >= dt.date(day.year, 4, 1) else day.year - 1)
