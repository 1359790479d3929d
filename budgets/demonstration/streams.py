"""The kinds of people in the demonstration: how many, how old, what they need and how long they stay."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

ANCHOR = dt.date(2017, 2, 7)
#: What is answered for everybody, unless their stream says otherwise: at home, and nothing else that could matter.
KNOWN: dict[str, Any] = {
    "lives_in": "home",
    "drug_or_alcohol_order": False,
    "chc": "not_eligible",
    "chc_fast_track": False,
    "continuing_care": "not_eligible",
    "s117_aftercare": False,
    "wheelchair_need": "none",
    "learning_disability": False,
    "autism": False,
    "needs_above_local_authority": False,
    "inpatient": False,
    "mental_health_act_section": "none",
    "high_level_domains": 0,
    "ehc_plan": False,
    "mental_health_need": False,
    "long_term_condition": False,
    "end_of_life": False,
    "joint_funded": False,
}


@dataclass(frozen=True)
class Stream:
    """A kind of person. `ages` are the youngest and oldest when they come, `weekly_pounds` the range of a
    week's cost.
    """

    name: str
    cohort: str
    known: dict[str, Any]
    ages: tuple[int, int]
    weekly_pounds: tuple[int, int]
    a_month: float
    mean_days: int
    opens_on: dt.date
    method_weights: tuple[int, int, int, int]
    end_reasons: tuple[tuple[str, ...], tuple[int, ...]]
    joint_share: float = 0.0
    easy_read: float = 0.02
    is_fast_track: bool = False
    ends_at_18: bool = False
    first_start: dt.date = dt.date(2014, 10, 6)
    in_place_at_anchor: int = 0
    anchor_methods: tuple[str, ...] = ()
    anchor_joint: int = 0
    ended_by_anchor: tuple[tuple[dt.date, dt.date], ...] = ()

    def facts(self, rng: Random) -> dict[str, Any]:
        """What the nurse answers for one of them."""
        facts = {**KNOWN, **self.known}
        if self.cohort == "chc" and not self.is_fast_track:
            facts["long_term_condition"] = rng.random() < 0.6
        return facts

    def pick_method(self, rng: Random) -> str:
        """Notional, third party, direct payment or mixed, by the stream's weights."""
        methods = ("notional", "third_party", "direct_payment", "mixed")
        return rng.choices(methods, self.method_weights)[0]


def _spread(first: dt.date, last: dt.date, count: int, lasting: tuple[int, int]) -> tuple[tuple[dt.date, dt.date], ...]:
    """Starts and ends, the ends spread evenly from `first` to `last`, each lasting a number of days within a
    range.
    """
    step = (last - first).days / max(count - 1, 1)
    ends = [first + dt.timedelta(days=round(step * number)) for number in range(count)]
    low, high = lasting
    return tuple((end - dt.timedelta(days=low + (37 * place) % (high - low)), end) for place, end in enumerate(ends))


_CHC_ENDS = (
    (
        "died",
        "moved_to_a_care_home",
        "no_longer_eligible",
        "chose_conventional_care",
        "moved_to_another_commissioner",
        "long_stay_in_hospital",
    ),
    (46, 20, 12, 9, 8, 5),
)
_CHILD_ENDS = (
    ("no_longer_eligible", "chose_conventional_care", "moved_to_another_commissioner"),
    (50, 30, 20),
)
_LD_ENDS = (
    ("chose_conventional_care", "no_longer_eligible", "moved_to_another_commissioner", "died"),
    (40, 30, 20, 10),
)
_S117_ENDS = (
    ("no_longer_eligible", "long_stay_in_hospital", "chose_conventional_care", "died"),
    (50, 20, 20, 10),
)
_WHEELCHAIR_ENDS = (("no_longer_eligible", "died", "moved_to_another_commissioner"), (55, 30, 15))

_N, _T, _D, _M = "notional", "third_party", "direct_payment", "mixed"
#: 45% notional, 15% third-party, 35% direct payments and 5% mixed, in an order that mixes them.
_ANCHOR_METHODS = (_N, _D, _N, _T, _D, _N, _D, _N, _T, _D, _N, _N, _D, _N, _D, _T, _N, _D, _N, _M) * 6

STREAMS: tuple[Stream, ...] = (
    Stream(
        name="chc",
        cohort="chc",
        known={"chc": "eligible"},
        ages=(21, 88),
        weekly_pounds=(540, 1680),
        a_month=1.2,
        mean_days=9000,
        opens_on=dt.date(2014, 10, 1),
        method_weights=(45, 15, 35, 5),
        end_reasons=_CHC_ENDS,
        joint_share=0.2,
        in_place_at_anchor=117,
        anchor_methods=_ANCHOR_METHODS,
        anchor_joint=24,
        ended_by_anchor=(
            *_spread(dt.date(2015, 3, 9), dt.date(2016, 3, 21), 12, (60, 280)),
            *_spread(dt.date(2016, 4, 18), dt.date(2017, 1, 30), 11, (90, 520)),
        ),
    ),
    Stream(
        name="continuing-care",
        cohort="continuing-care",
        known={"continuing_care": "eligible"},
        ages=(3, 15),
        weekly_pounds=(610, 1720),
        a_month=0.25,
        mean_days=3200,
        opens_on=dt.date(2014, 10, 1),
        method_weights=(40, 15, 40, 5),
        end_reasons=_CHILD_ENDS,
        joint_share=0.3,
        ends_at_18=True,
        in_place_at_anchor=5,
        ended_by_anchor=_spread(dt.date(2015, 11, 16), dt.date(2016, 10, 24), 2, (120, 300)),
    ),
    Stream(
        name="ld-autism-adult",
        cohort="ld-autism-adult",
        known={"learning_disability": True, "needs_above_local_authority": True},
        ages=(19, 60),
        weekly_pounds=(780, 2240),
        a_month=0.25,
        mean_days=8000,
        opens_on=dt.date(2016, 4, 1),
        method_weights=(35, 25, 33, 7),
        end_reasons=_LD_ENDS,
        joint_share=0.8,
        easy_read=0.5,
        ended_by_anchor=_spread(dt.date(2016, 11, 7), dt.date(2017, 1, 16), 2, (95, 150)),
    ),
    Stream(
        name="s117",
        cohort="s117",
        known={"s117_aftercare": True, "mental_health_need": True},
        ages=(20, 68),
        weekly_pounds=(190, 560),
        a_month=0.4,
        mean_days=7000,
        opens_on=dt.date(2019, 12, 2),
        method_weights=(60, 15, 23, 2),
        end_reasons=_S117_ENDS,
        joint_share=0.6,
    ),
    Stream(
        name="wheelchair",
        cohort="wheelchair",
        known={"wheelchair_need": "long_term"},
        ages=(6, 84),
        weekly_pounds=(8, 62),
        a_month=0.7,
        mean_days=8000,
        opens_on=dt.date(2019, 12, 2),
        method_weights=(78, 22, 0, 0),
        end_reasons=_WHEELCHAIR_ENDS,
    ),
    Stream(
        name="chc-fast-track",
        cohort="chc",
        known={"chc": "eligible", "chc_fast_track": True, "end_of_life": True},
        ages=(48, 93),
        weekly_pounds=(900, 2400),
        a_month=0.15,
        mean_days=75,
        opens_on=dt.date(2015, 1, 5),
        method_weights=(80, 12, 8, 0),
        end_reasons=(("died",), (1,)),
        is_fast_track=True,
        ended_by_anchor=_spread(dt.date(2015, 8, 10), dt.date(2016, 12, 5), 3, (25, 70)),
    ),
)

#: What was answered for people whose referral was declined, the coded reason and the reasons as they were
#: written.
DECLINED: tuple[tuple[dict[str, Any], str, str], ...] = (
    (
        {**KNOWN, "long_term_condition": True},
        "criteria_not_met",
        "The continuing healthcare assessment found that the care needed is not mainly for health. The "
        "local offer does not cover long-term conditions alone.",
    ),
    (
        {**KNOWN, "mental_health_need": True},
        "not_yet_offered",
        "The local offer does not cover mental health services yet. We will write again if that changes.",
    ),
    (
        {**KNOWN, "chc": "not_assessed"},
        "information_not_given",
        "The checklist for continuing healthcare was asked for twice and has not come. A new referral can "
        "be made at any time.",
    ),
)
