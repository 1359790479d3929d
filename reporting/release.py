"""What may be shown of the figures of one commissioner as at one date. Pure.

`release` turns what was counted into what a reader may see: as it is for the case team, under disclosure
control for everybody else. Pages, CSV and the published local offer read releases only.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter

from phb_register import disclosure
from phb_register.dates import ONE_DAY, financial_year
from phb_register.disclosure import Controlled, Profile, Reason, Sum
from reporting import measures as m
from reporting.figures import CHC, WHEELCHAIR, Figures
from reporting.ledger import Counts, Place, Shown
from reporting.points import Month, Point
from reporting.rules.quarters import quarter_of

NOT_KNOWN = "Not known"
HEADLINES = (m.PHBS_IN_PLACE.code, m.PEOPLE_IN_PLACE.code)


@dataclass(frozen=True)
class ReleasedRatio:
    """A percentage with its two parts, each as it may be shown."""

    numerator: Controlled
    denominator: Controlled
    percent: Controlled


@dataclass(frozen=True)
class Release:
    """What may be shown of some figures: a cell a measure, and the tables by cohort, method and who pays.

    `known_at` is when it was fixed for all readers who may not see people, None where it was not; `number` is above 1
    where it was restated since, for `reason`. `points` are the line over time of such readers, None for the case team.
    """

    figures: Figures
    profile: Profile | None
    cells: Mapping[str, Controlled]
    by_cohort: Mapping[str, Controlled]
    by_method: Mapping[str, Controlled]
    ratios: Mapping[str, ReleasedRatio]
    by_funding: Mapping[str, Controlled] = field(default_factory=dict)
    known_at: dt.datetime | None = None
    number: int = 1
    reason: str = ""
    points: tuple[Point, ...] | None = None

    def cell(self, code: str) -> Controlled:
        """The one figure of a measure; of a percentage, the percentage."""
        return self.ratios[code].percent if code in self.ratios else self.cells[code]

    @property
    def hidden(self) -> dict[str, Reason]:
        """Every cell that is hidden, and why; kept with what is published."""
        groups = (
            ("", self.cells),
            ("by_cohort/", self.by_cohort),
            ("by_method/", self.by_method),
            ("by_funding/", self.by_funding),
        )
        return {
            f"{prefix}{key}": cell.reason for prefix, group in groups for key, cell in group.items() if cell.is_hidden
        }


def release(figures: Figures, profile: Profile | None) -> Release:
    """Return what may be shown of `figures` by themselves under `profile`; None shows everything, for the case team.

    What readers see who may not see people is a release of the ledger (`release_from`): it stands beside others.
    """
    counts = counts_of(figures)
    if profile is None:
        shown = {key: _plain(value) for key, value in counts.values.items() if key not in counts.unseen}
    else:
        shown = disclosure.protect(
            counts.values, counts.sums, profile=profile, never_shown=counts.unseen, hidden_last=counts.headlines
        )
    return _release(figures, profile, shown)


def release_from(figures: Figures, shown: Shown) -> Release:
    """The figures as the ledger has them shown."""
    found = _release(figures, shown.profile, shown.cells)
    points = _points(figures.as_at, shown.cells)
    return replace(found, known_at=shown.known_at, number=shown.number, reason=shown.reason, points=points)


def _points(as_at: dt.date, shown: Mapping[str, Controlled]) -> tuple[Point, ...]:
    """The line of what was in place up to the as-at date; None at a date where it is hidden."""
    at = {Place.date_in(key) or as_at: cell for key, cell in shown.items() if key.split("@")[0] == m.PHBS_IN_PLACE.code}
    return tuple(
        Point(on, int(cell.value) if cell.value is not None else None)
        for on, cell in sorted(at.items(), key=itemgetter(0))
    )


def _release(figures: Figures, profile: Profile | None, shown: Mapping[str, Controlled]) -> Release:
    ratios = {
        code: _ratio(shown[f"{code}/numerator"], shown.get(f"{code}/denominator"))
        for code in (m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code)
    }
    cells = {key: cell for key, cell in shown.items() if not {"/", "@"} & set(key)} | _against_target(
        figures, shown[m.PHBS_IN_PLACE.code]
    )
    return Release(
        figures=figures,
        profile=profile,
        cells=cells,
        by_cohort={key: shown[f"by_cohort/{key}"] for key in figures.by_cohort},
        by_method={key: shown[f"by_method/{key}"] for key in figures.by_method},
        ratios=ratios,
        by_funding={key: shown[f"by_funding/{key}"] for key in figures.by_funding},
    )


def counts_of(figures: Figures, line: Iterable[Month] = ()) -> Counts:
    """Every number released together, how they add up, and those a reader could get at only by subtracting.

    `line` is what was in place at the ends of the months before.
    """
    counts, sums, unseen = _counts(figures)
    counts |= {f"{m.PHBS_IN_PLACE.code}@{month.on}": month.in_place for month in line if month.on < figures.as_at}
    year, quarter = financial_year(figures.as_at), quarter_of(figures.as_at)
    shown = [key for key in counts if key not in unseen]
    for first, new, ended in (
        (year.start, m.NEW_YEAR_TO_DATE.code, m.ENDED_YEAR_TO_DATE.code),
        (quarter.start, m.NEW_IN_QUARTER.code, m.ENDED_IN_QUARTER.code),
    ):
        # What was in place before the period is known to whoever saw it then.
        before = f"{m.PHBS_IN_PLACE.code}@{first - ONE_DAY}"
        if before not in counts:
            counts[before] = counts[m.PHBS_IN_PLACE.code] - counts[new] + counts[ended]
            unseen.add(before)
        sums.append(Sum(m.PHBS_IN_PLACE.code, (before, new), (ended,)))
    for in_year, in_quarter in (
        (m.NEW_YEAR_TO_DATE.code, m.NEW_IN_QUARTER.code),
        (m.ENDED_YEAR_TO_DATE.code, m.ENDED_IN_QUARTER.code),
    ):
        before = f"{in_year}@{quarter.start - ONE_DAY}"
        if quarter.start > year.start:
            counts[before] = max(counts[in_year] - counts[in_quarter], 0)
            unseen.add(before)
        sums.append(Sum(in_year, (in_quarter, before) if before in counts else (in_quarter,)))
    to_date = dict.fromkeys(_IN_YEAR, (year.start, year.end)) | dict.fromkeys(_IN_QUARTER, (quarter.start, quarter.end))
    adds_up = [key for key in counts if (key in shown and not key.endswith("/denominator")) or key.startswith(_BEFORE)]
    return Counts(counts, sums, unseen, HEADLINES, to_date, adds_up)


def _counts(figures: Figures) -> tuple[dict[str, int], list[Sum], set[str]]:
    """Every number released together, how they add up, and those a reader could get at only by subtracting."""
    including, excluding = m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code
    counts = {code: getattr(figures, code) for code in _COUNTED}
    counts |= {f"by_cohort/{key}": value for key, value in figures.by_cohort.items()}
    counts |= {f"by_method/{key}": value for key, value in figures.by_method.items()}
    counts[f"{including}/numerator"] = figures.chc_in_community
    counts[f"{excluding}/numerator"] = figures.chc_in_community - figures.chc_in_community_fast_track
    counts["chc_fast_track"] = figures.chc_in_community_fast_track
    counts |= {key: whole - part for key, (whole, part) in _rests(figures).items()}
    unseen = {"chc_fast_track", *_rests(figures)}
    sums = [
        Sum("phbs_in_place", tuple(f"by_cohort/{key}" for key in figures.by_cohort)),
        Sum("people_in_place", tuple(f"by_method/{key}" for key in figures.by_method)),
        Sum("people_in_place", ("adults_in_place", "children_in_place")),
        Sum("people_year_to_date", ("adults_year_to_date", "children_year_to_date")),
        Sum("phbs_in_place", ("one_off_in_place", "not_one_off")),
        Sum("one_off_year_to_date", ("one_off_in_place", "one_off_over")),
        Sum("people_counted_year_to_date", ("people_year_to_date", "agreed_this_year")),
        Sum(f"{including}/numerator", (f"{excluding}/numerator", "chc_fast_track")),
    ]
    if figures.policy.counts_one_off:
        # Otherwise people in place may not be among those of the year, and neither tells of the other.
        sums.append(Sum("people_year_to_date", ("people_in_place", "left_this_year")))
    if figures.by_funding:
        counts |= {f"by_funding/{key}": value for key, value in figures.by_funding.items()}
        sums.append(Sum("phbs_in_place", tuple(f"by_funding/{key}" for key in figures.by_funding)))
    if WHEELCHAIR in figures.by_cohort:
        counts["wheelchairs_not_reviewed"] = figures.by_cohort[WHEELCHAIR] - figures.wheelchair_active
        unseen.add("wheelchairs_not_reviewed")
        sums.append(Sum(f"by_cohort/{WHEELCHAIR}", (m.WHEELCHAIR_ACTIVE.code, "wheelchairs_not_reviewed")))
    if figures.phbs_in_place == figures.people_in_place:
        # Nobody has two, and a reader must be expected to guess so: one number stands for the other.
        sums.append(Sum("phbs_in_place", ("people_in_place",)))
    if CHC in figures.by_cohort:
        counts["chc_in_care_homes"] = figures.by_cohort[CHC] - figures.chc_in_community
        unseen.add("chc_in_care_homes")
        sums.append(Sum(f"by_cohort/{CHC}", (f"{including}/numerator", "chc_in_care_homes")))
    eligible = figures.chc_eligible
    if eligible.people is not None and eligible.fast_track is not None:
        counts[f"{including}/denominator"] = eligible.people
        counts[f"{excluding}/denominator"] = eligible.people - eligible.fast_track
        counts["eligible_fast_track"] = eligible.fast_track
        unseen.add("eligible_fast_track")
        sums.append(Sum(f"{including}/denominator", (f"{excluding}/denominator", "eligible_fast_track")))
    return counts, sums, unseen


def _rests(figures: Figures) -> dict[str, tuple[int, int]]:
    """What a reader gets by taking one figure from another: the two."""
    rests = {
        "not_one_off": (figures.phbs_in_place, figures.one_off_in_place),
        "one_off_over": (figures.one_off_year_to_date, figures.one_off_in_place),
        "agreed_this_year": (figures.people_counted_year_to_date, figures.people_year_to_date),
    }
    if figures.policy.counts_one_off:
        rests["left_this_year"] = (figures.people_year_to_date, figures.people_in_place)
    return rests


_COUNTED = (
    m.PHBS_IN_PLACE.code,
    m.PHBS_AGREED.code,
    m.PEOPLE_IN_PLACE.code,
    m.ADULTS_IN_PLACE.code,
    m.CHILDREN_IN_PLACE.code,
    m.PEOPLE_YEAR_TO_DATE.code,
    m.ADULTS_YEAR_TO_DATE.code,
    m.CHILDREN_YEAR_TO_DATE.code,
    m.PEOPLE_COUNTED_YEAR_TO_DATE.code,
    m.NEW_IN_QUARTER.code,
    m.NEW_YEAR_TO_DATE.code,
    m.ENDED_IN_QUARTER.code,
    m.ENDED_YEAR_TO_DATE.code,
    m.ONE_OFF_IN_PLACE.code,
    m.ONE_OFF_YEAR_TO_DATE.code,
    m.WHEELCHAIR_ACTIVE.code,
)


_BEFORE = f"{m.PHBS_IN_PLACE.code}@"

#: These only grow within the financial year, and these within the quarter.
_IN_YEAR = (
    m.PEOPLE_YEAR_TO_DATE.code,
    m.ADULTS_YEAR_TO_DATE.code,
    m.CHILDREN_YEAR_TO_DATE.code,
    m.PEOPLE_COUNTED_YEAR_TO_DATE.code,
    m.NEW_YEAR_TO_DATE.code,
    m.ENDED_YEAR_TO_DATE.code,
    m.ONE_OFF_YEAR_TO_DATE.code,
)
_IN_QUARTER = (m.NEW_IN_QUARTER.code, m.ENDED_IN_QUARTER.code)


def _against_target(figures: Figures, in_place: Controlled) -> dict[str, Controlled]:
    """Population and target, and what follows from them and the budgets in place as shown."""
    low, high, people = figures.target_low, figures.target_high, figures.population.people
    shown = in_place.value if isinstance(in_place.value, int) else None
    rate = None if shown is None else m.rate_per_1000(shown, people)
    gap = None if shown is None or low is None else low - shown
    return {
        m.POPULATION.code: _plain(people),
        m.TARGET_LOW.code: _plain(low),
        m.TARGET_HIGH.code: _plain(high),
        m.RATE_PER_1000.code: disclosure.protect_derived(rate, _text(rate), [in_place]),
        m.GAP_TO_LOW.code: disclosure.protect_derived(gap, _text(gap), [in_place]),
    }


def _ratio(numerator: Controlled, denominator: Controlled | None) -> ReleasedRatio:
    below = denominator or _plain(None)
    percent = None
    if isinstance(numerator.value, int) and isinstance(below.value, int):
        percent = m.Ratio(numerator.value, below.value).percent
    text = NOT_KNOWN if percent is None else f"{percent}%"
    return ReleasedRatio(numerator, below, disclosure.protect_derived(percent, text, [numerator, below]))


def _plain(value: int | Decimal | None) -> Controlled:
    return Controlled(value, _text(value), Reason.SHOWN)


def _text(value: int | Decimal | None) -> str:
    return NOT_KNOWN if value is None else f"{value:,}"
