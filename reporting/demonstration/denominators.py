"""What the demonstration measures uptake against: the targets, and the people eligible for CHC.

The count of 7 February 2017 gives the two percentages of the LLR paper (117 of 848 and 117 of 468). The others are
invented, so that uptake can be seen to grow with the register.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, Population, PopulationBasis
from phb_register.services.settings import record_population
from reporting.figures import CHC
from reporting.models import EligiblePopulation, Setting, Target
from reporting.services.denominators import record_eligible_population, set_target

INVENTED = "Invented for the demonstration"
LLR_PAPER = "LLR report of September 2017, paragraph 28, with the smallest whole numbers that give both percentages"

# Commissioner, date, people eligible in the community, of them on fast track, where from.
ELIGIBLE: tuple[tuple[str, dt.date, int, int, str], ...] = (
    ("LLR", dt.date(2015, 3, 31), 790, 352, INVENTED),
    ("LLR", dt.date(2016, 3, 31), 821, 367, INVENTED),
    ("LLR", dt.date(2017, 2, 7), 848, 380, LLR_PAPER),
    *(("LLR", dt.date(2018 + years, 1, 31), 860 + 14 * years, 385 + 6 * years, INVENTED) for years in range(9)),
    *(("11X", dt.date(2015 + years, 3, 31), 410 + 9 * years, 170 + 4 * years, INVENTED) for years in range(8)),
    *(("QSL", dt.date(2023 + years, 1, 31), 485 + 8 * years, 204 + 3 * years, INVENTED) for years in range(4)),
    *(("QK1", dt.date(2023 + years, 1, 31), 930 + 14 * years, 415 + 6 * years, INVENTED) for years in range(4)),
    *(
        (code, dt.date(2025 + years, 1, 31), people + 10 * years, people * 2 // 5, INVENTED)
        for code, people in (("QJ2", 910), ("QPM", 640), ("QR1", 560), ("QT1", 1040), ("QUE", 700), ("QVV", 880))
        for years in range(2)
    ),
    *(
        ("ENG", dt.date(2025 + years, 1, 31), 38_000 + 500 * years, 16_000 + 200 * years, INVENTED)
        for years in range(2)
    ),
)

#: People served, of those that no paper of the seeds counts: round and invented.
POPULATIONS = {
    "QJ2": 1_050_000,
    "QK1": 1_100_000,
    "QPM": 780_000,
    "QR1": 650_000,
    "QSL": 570_000,
    "QT1": 1_200_000,
    "QUE": 950_000,
    "QVV": 790_000,
}
POPULATIONS_COUNTED_ON = dt.date(2022, 7, 1)

#: One aims at a rate, the others at a number and by a date: the two kinds of target that the papers know.
TARGETS: dict[str, dict[str, Any]] = {
    "LLR": {
        "applies_from": dt.date(2015, 4, 1),
        "low_rate": Decimal(1),
        "high_rate": Decimal(2),
        "source": "LLR report of September 2017, paragraph 15",
    },
    "11X": {
        "applies_from": dt.date(2017, 4, 1),
        "low_budgets": 2000,
        "high_budgets": 3000,
        "reach_by": dt.date(2020, 3, 31),
        "source": "Somerset local offer, section 1.8, which counts personal budgets of social care too",
    },
    "ENG": {
        "applies_from": dt.date(2019, 4, 1),
        "low_budgets": 200_000,
        "high_budgets": 200_000,
        "reach_by": dt.date(2024, 3, 31),
        "source": "NHS Long Term Plan of 2019: up to 200,000 people by 2023/24, each counted once over the year",
    },
}


def load(progress: Callable[[int, int], None]) -> None:
    """Set the targets and record the counts that are not there yet, up to today."""
    codes = {*TARGETS, *POPULATIONS, *(row[0] for row in ELIGIBLE)}
    commissioners = {each.code: each for each in Commissioner.objects.filter(code__in=codes)}
    chc = Cohort.objects.get(code=CHC)
    counts = [row for row in ELIGIBLE if row[1] <= clock.today()]
    for done, (code, counted_on, people, fast_track, source) in enumerate(counts, start=1):
        known = EligiblePopulation.objects.filter(commissioner=commissioners[code], counted_on=counted_on)
        if not known.exists():
            record_eligible_population(
                commissioner=commissioners[code],
                by=None,
                cohort=chc,
                setting=Setting.COMMUNITY,
                counted_on=counted_on,
                people=people,
                fast_track_people=fast_track,
                source=source,
            )
        progress(done, len(counts))
    for code, people in POPULATIONS.items():
        if not Population.objects.filter(commissioner=commissioners[code]).exists():
            record_population(
                commissioner=commissioners[code],
                by=None,
                basis=PopulationBasis.REGISTERED,
                counted_on=POPULATIONS_COUNTED_ON,
                people=people,
                source=INVENTED,
            )
    for code, target in TARGETS.items():
        if not Target.objects.filter(commissioner=commissioners[code]).exists():
            set_target(commissioner=commissioners[code], by=None, **target)
