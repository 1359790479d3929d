"""The numbers of the page of variation as they are released to readers who may not see people. Pure.

A month, and twelve months, are each released as at their last day: so a number has one name on whatever page it
stands, and is held against those of members, of partnerships and of England. Months are released only where none tells
of so few that it must be hidden: a chart with holes tells nothing, and each star would have to be guarded for ever.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from phb_register.dates import ONE_DAY
from phb_register.disclosure import Controlled, Profile, Sum
from reporting.ledger import Counts
from reporting.rules.variation import MOST_YEARS, SPANS, YEAR, Month, Series, YearUpTo, first_of, last_day, span

#: How far back the charts of such readers go.
SHOWN_MONTHS = SPANS[0]
MONTH_PART, YEAR_PART, MEMBER_PART = "month", "twelve months", "member"
IN_PLACE = "phbs_in_place"
CHC_AT_HOME = "chc_uptake_including_fast_track/numerator"
ELSEWHERE = "not_chc_in_community"

#: What each chart is drawn from.
KEYS: Mapping[Series, tuple[str, ...]] = {
    Series.STARTED: ("started_in_month",),
    Series.CHANGE: ("started_in_month", "ended_in_month"),
    Series.RECEIVED: ("received_in_month",),
    Series.DAYS: ("decided_in_month", "days_to_decide_in_month"),
}
YEAR_KEYS: Mapping[str, str] = {
    "in_place": IN_PLACE,
    "started": "started_in_12_months",
    "ended": "ended_in_12_months",
    "received": "received_in_12_months",
}


def series_to_release(months: Sequence[Month], profile: Profile) -> list[Series]:
    """Those of whose months none must be hidden."""
    charted = span(months, SHOWN_MONTHS)
    return [
        series
        for series in Series
        if charted
        and not any(profile.is_small(count) for month in charted for count in _counts(month, series).values())
    ]


def month_counts(month: Month, before: int, series: Sequence[Series]) -> Counts:
    """The numbers of one month; `before` were in place before it."""
    values: dict[str, int] = {}
    for each in series:
        values |= _counts(month, each)
    sums, unseen = [], set()
    if Series.CHANGE in series:
        previous = f"{IN_PLACE}@{month.begins_on - ONE_DAY}"
        values |= {IN_PLACE: month.in_place, previous: before}
        unseen.add(previous)
        sums.append(Sum(IN_PLACE, (previous, "started_in_month"), ("ended_in_month",)))
    shown = [key for key in values if key not in unseen]
    return Counts(values, sums, unseen, headlines=[IN_PLACE], adds_up=shown)


def year_counts(year: YearUpTo, before: int, series: Sequence[Series]) -> Counts:
    """The numbers of twelve months; `before` were in place before them. `series` are those whose months are shown."""
    values = {key: getattr(year, name) for name, key in YEAR_KEYS.items()}
    previous = f"{IN_PLACE}@{first_of(year.last_month, YEAR - 1) - ONE_DAY}"
    sums = [Sum(IN_PLACE, (previous, YEAR_KEYS["started"]), (YEAR_KEYS["ended"],))]
    ends = [last_day(first_of(year.last_month, back)) for back in range(YEAR)]
    for each, name in ((Series.STARTED, "started"), (Series.CHANGE, "ended"), (Series.RECEIVED, "received")):
        if each in series:
            sums.append(Sum(YEAR_KEYS[name], tuple(f"{name}_in_month@{end}" for end in ends)))
    return Counts(values | {previous: before}, sums, {previous}, headlines=list(values), adds_up=list(values))


def member_counts(in_place: int, chc_at_home: int) -> Counts:
    """What a commissioner has in place, beside others."""
    return Counts(
        {IN_PLACE: in_place, CHC_AT_HOME: chc_at_home, ELSEWHERE: in_place - chc_at_home},
        [Sum(IN_PLACE, (CHC_AT_HOME, ELSEWHERE))],
        {ELSEWHERE},
        headlines=[IN_PLACE],
        adds_up=[IN_PLACE, CHC_AT_HOME],
    )


def month_ends(as_at: dt.date) -> list[dt.date]:
    """The last days of the months that a chart as at a month's last day goes back to, the earliest first."""
    return [last_day(first_of(as_at, back)) for back in reversed(range(SHOWN_MONTHS))]


def charted_keys(as_at: dt.date) -> list[str]:
    """The keys of all months and years that may be shown as at a date."""
    keys = {key for drawn_from in KEYS.values() for key in drawn_from}
    months = [f"{key}@{end}" for end in month_ends(as_at) for key in sorted(keys)]
    return [*months, *(f"{key}@{end}" for end in year_ends(as_at) for key in YEAR_KEYS.values())]


def year_ends(as_at: dt.date) -> Iterator[dt.date]:
    """The last days of the twelve months before, the latest first."""
    for place in range(MOST_YEARS):
        yield last_day(first_of(as_at, place * YEAR))


def months_shown(cells: Mapping[str, Controlled], as_at: dt.date) -> tuple[list[Month], frozenset[Series]]:
    """The months as readers see them, and of which series every one is shown."""
    ends = [end for end in month_ends(as_at) if any(f"{key}@{end}" in cells for keys in KEYS.values() for key in keys)]
    whole = frozenset(
        series
        for series, keys in KEYS.items()
        if ends and all(_is_shown(cells.get(f"{key}@{end}")) for end in ends for key in keys)
    )

    def number(key: str, end: dt.date) -> int:
        cell = cells.get(f"{key}@{end}")
        return 0 if cell is None or cell.value is None else int(cell.value)

    months = [
        Month(
            first_of(end),
            started=number("started_in_month", end),
            ended=number("ended_in_month", end),
            received=number("received_in_month", end),
            decided=number("decided_in_month", end),
            days=number("days_to_decide_in_month", end),
        )
        for end in ends
    ]
    return months, whole


def years_shown(cells: Mapping[str, Controlled], as_at: dt.date) -> list[tuple[dt.date, dict[str, Controlled]]]:
    """The years as readers see them, the latest first: the first day of the last month, and the numbers."""
    return [
        (first_of(end), {name: cells[f"{key}@{end}"] for name, key in YEAR_KEYS.items()})
        for end in year_ends(as_at)
        if f"{YEAR_KEYS['started']}@{end}" in cells and f"{IN_PLACE}@{end}" in cells
    ]


def _is_shown(cell: Controlled | None) -> bool:
    return cell is not None and not cell.is_hidden


def _counts(month: Month, series: Series) -> dict[str, int]:
    numbers = {
        "started_in_month": month.started,
        "ended_in_month": month.ended,
        "received_in_month": month.received,
        "decided_in_month": month.decided,
        "days_to_decide_in_month": month.days,
    }
    return {key: numbers[key] for key in KEYS[series]}
