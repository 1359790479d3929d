"""What may be shown of the figures of one commissioner as at one date. Pure.

`release` turns what was counted into what a reader may see: as it is for the case team, under disclosure
control for everybody else. Pages, CSV and the published local offer read releases only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from phb_register import disclosure
from phb_register.disclosure import Controlled, Profile, Reason, Sum
from reporting import measures as m
from reporting.figures import CHC, Figures

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
    """What may be shown of some figures: a cell a measure, and the tables by cohort and by method."""

    figures: Figures
    profile: Profile | None
    cells: Mapping[str, Controlled]
    by_cohort: Mapping[str, Controlled]
    by_method: Mapping[str, Controlled]
    ratios: Mapping[str, ReleasedRatio]

    def cell(self, code: str) -> Controlled:
        """The one figure of a measure; of a percentage, the percentage."""
        return self.ratios[code].percent if code in self.ratios else self.cells[code]

    @property
    def hidden(self) -> dict[str, Reason]:
        """Every cell that is hidden, and why; kept with what is published."""
        groups = (("", self.cells), ("by_cohort/", self.by_cohort), ("by_method/", self.by_method))
        return {
            f"{prefix}{key}": cell.reason for prefix, group in groups for key, cell in group.items() if cell.is_hidden
        }


def release(figures: Figures, profile: Profile | None) -> Release:
    """Return what may be shown of `figures` under `profile`; None shows everything, for the case team only."""
    counts, sums, unseen = _counts(figures)
    if profile is None:
        shown = {key: _plain(value) for key, value in counts.items() if key not in unseen}
    else:
        shown = disclosure.protect(counts, sums, profile=profile, never_shown=unseen, hidden_last=HEADLINES)
    ratios = {
        code: _ratio(shown[f"{code}/numerator"], shown.get(f"{code}/denominator"))
        for code in (m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code)
    }
    cells = {key: cell for key, cell in shown.items() if "/" not in key} | _against_target(
        figures, shown[m.PHBS_IN_PLACE.code]
    )
    return Release(
        figures=figures,
        profile=profile,
        cells=cells,
        by_cohort={key: shown[f"by_cohort/{key}"] for key in figures.by_cohort},
        by_method={key: shown[f"by_method/{key}"] for key in figures.by_method},
        ratios=ratios,
    )


def _counts(figures: Figures) -> tuple[dict[str, int], list[Sum], set[str]]:
    """Every number released together, how they add up, and those a reader could get at only by subtracting."""
    including, excluding = m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code
    counts = {code: getattr(figures, code) for code in _COUNTED}
    counts |= {f"by_cohort/{key}": value for key, value in figures.by_cohort.items()}
    counts |= {f"by_method/{key}": value for key, value in figures.by_method.items()}
    counts[f"{including}/numerator"] = figures.chc_in_community
    counts[f"{excluding}/numerator"] = figures.chc_in_community - figures.chc_in_community_fast_track
    counts["chc_fast_track"] = figures.chc_in_community_fast_track
    counts["left_this_year"] = figures.people_year_to_date - figures.people_in_place
    unseen = {"chc_fast_track", "left_this_year"}
    sums = [
        Sum("phbs_in_place", tuple(f"by_cohort/{key}" for key in figures.by_cohort)),
        Sum("people_in_place", tuple(f"by_method/{key}" for key in figures.by_method)),
        Sum("people_in_place", ("adults_in_place", "children_in_place")),
        Sum("people_year_to_date", ("people_in_place", "left_this_year")),
        Sum(f"{including}/numerator", (f"{excluding}/numerator", "chc_fast_track")),
    ]
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


_COUNTED = (
    m.PHBS_IN_PLACE.code,
    m.PHBS_AGREED.code,
    m.PEOPLE_IN_PLACE.code,
    m.ADULTS_IN_PLACE.code,
    m.CHILDREN_IN_PLACE.code,
    m.PEOPLE_YEAR_TO_DATE.code,
)


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
