"""From a number of the page of variation to the people behind it."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from phb_register.models import Commissioner
from reporting.presenters.addresses import address_of
from reporting.rules.variation import YEAR, Behind, first_of, last_day
from reporting.selectors.scope import Counted
from reporting.selectors.variation import VariationPage


@dataclass(frozen=True)
class VariationLinks:
    """Addresses of the people behind the numbers of a page; none for those who may not see them."""

    scope: Counted
    may_see_people: bool

    @classmethod
    def of(cls, found: VariationPage) -> "VariationLinks":
        """Those of one page for whoever reads it."""
        return cls(found.scope, may_see_people=found.profile is None)

    def month(self, behind: Behind, month: dt.date) -> str | None:
        """Of the month that begins on a day."""
        return self._list(behind, first=month.isoformat(), last=last_day(month).isoformat())

    def year(self, behind: Behind, last_month: dt.date) -> str | None:
        """Of the twelve months of which the last begins on a day."""
        first = first_of(last_month, YEAR - 1)
        return self._list(behind, first=first.isoformat(), last=last_day(last_month).isoformat())

    def point(self, on: dt.date) -> str | None:
        """Of the line over time, at the end of a day."""
        return self._list(Behind.ON_THE_LINE, last=on.isoformat())

    def body(self, behind: Behind, body: Commissioner) -> str | None:
        """Of one commissioner beside others, as at the date of the page."""
        return self._list(behind, of=body.code)

    def _list(self, behind: Behind, **asked: str) -> str | None:
        if not self.may_see_people:
            return None
        address = address_of("reporting:variation-people", self.scope.commissioner.code, behind.value)
        return f"{address}?{self._query}&{urlencode(asked)}"

    @cached_property
    def _query(self) -> str:
        return urlencode(self.scope.as_query())
