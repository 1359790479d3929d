"""What the demonstration compares groups with: areas of its invented postcodes, and people counted by group.

All of it is invented, so that the equity lens has something to show: the places are no places, and the counts split
the totals that the demonstration has anyway by round shares.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping

from budgets.demonstration.people import GP_PRACTICES, POSTCODES
from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, CommissionerKind
from phb_register.services.file_imports import Outcome
from phb_register.spreadsheets import Table
from reporting.demonstration.denominators import ELIGIBLE
from reporting.figures import CHC
from reporting.models import AreaTable, EligibleGroup
from reporting.rules.area_rows import COLUMNS
from reporting.rules.equity_groups import Characteristic
from reporting.services.areas import read_places, record_areas
from reporting.services.equity import record_group_counts

AREAS_FILE = "areas.csv"
INVENTED = "Invented for the demonstration"
AREAS_FROM = dt.date(2013, 4, 1)
LOCALITIES = ("Hill and Heath", "Riverside", "The Vale")

#: Of a hundred people, how many are in each group.
POPULATION: Mapping[Characteristic, Mapping[str, int]] = {
    Characteristic.AGE: {
        "0-17": 21, "18-24": 11, "25-44": 26, "45-64": 24, "65-74": 9, "75-84": 6, "85-over": 3,
    },
    Characteristic.SEX: {"female": 51, "male": 49},
    Characteristic.ETHNIC_GROUP: {"white": 76, "mixed": 3, "asian": 16, "black": 4, "other": 1},
    Characteristic.DEPRIVATION: {"1": 22, "2": 20, "3": 19, "4": 20, "5": 19},
    Characteristic.LOCALITY: {LOCALITIES[0]: 32, LOCALITIES[1]: 40, LOCALITIES[2]: 28},
}  # fmt: skip
ELIGIBLE_FOR_CHC: Mapping[Characteristic, Mapping[str, int]] = {
    Characteristic.SEX: {"female": 55, "male": 45},
    Characteristic.AGE: {
        "18-24": 6, "25-44": 13, "45-64": 20, "65-74": 19, "75-84": 24, "85-over": 18,
    },
    Characteristic.ETHNIC_GROUP: {"white": 80, "mixed": 2, "asian": 12, "black": 3, "other": 1, "Z": 1, "99": 1},
}  # fmt: skip
#: Whose populations are split: the count of the LLR paper, and that of the census.
POPULATIONS = (("LLR", dt.date(2016, 4, 1), 1_011_000), ("ENG", dt.date(2021, 3, 21), 56_490_048))


def load(progress: Callable[[int, int], None]) -> None:
    """Import the areas and record the counts that are not there yet, up to today."""
    commissioners = {each.code: each for each in Commissioner.objects.filter(code__in=["LLR", "11X", "QSL"])}
    england = Commissioner.objects.get(kind=CommissionerKind.NATION)
    counted = {**commissioners, england.code: england}
    if not AreaTable.objects.filter(commissioner=england).exists():
        _import(england, _deprivation())
    for commissioner in commissioners.values():
        if not AreaTable.objects.filter(commissioner=commissioner).exists():
            _import(commissioner, _localities())
    for code, counted_on, people in POPULATIONS:
        if not EligibleGroup.objects.filter(commissioner=counted[code], cohort=None).exists():
            _count(counted[code], None, counted_on, people, POPULATION)
    chc = Cohort.objects.get(code=CHC)
    rows = [row for row in ELIGIBLE if row[0] in counted and row[1] <= clock.today()]
    known = set(EligibleGroup.objects.filter(cohort=chc).values_list("commissioner__code", "counted_on"))
    for done, (code, counted_on, people, _, _) in enumerate(rows, start=1):
        if (code, counted_on) not in known:
            _count(counted[code], chc, counted_on, people, ELIGIBLE_FOR_CHC)
        progress(done, len(rows))


def _import(commissioner: Commissioner, lines: list[str]) -> None:
    content = "\n".join(lines).encode()
    table = Table(content, AREAS_FILE)
    record_areas(
        commissioner=commissioner,
        by=None,
        filename=AREAS_FILE,
        sha256=hashlib.sha256(content).hexdigest(),
        applies_from=AREAS_FROM,
        source=INVENTED,
        places=read_places(table, COLUMNS.find(table.header), Outcome(), lambda done, total: None),
    )


def _deprivation() -> list[str]:
    rows = [f"{postcode},{1 + place % 5}" for place, postcode in enumerate(POSTCODES)]
    return ["postcode,deprivation_quintile", *rows]


def _localities() -> list[str]:
    """Of the postcodes and, where somebody's is not known, of the practices."""
    places = [f"{postcode},,{LOCALITIES[place % 3]}" for place, postcode in enumerate(POSTCODES)]
    practices = [f",{practice},{LOCALITIES[place % 3]}" for place, practice in enumerate(GP_PRACTICES[:3])]
    return ["postcode,gp_practice,locality", *places, *practices]


def _count(
    commissioner: Commissioner,
    cohort: Cohort | None,
    counted_on: dt.date,
    people: int,
    shares: Mapping[Characteristic, Mapping[str, int]],
) -> None:
    for characteristic, hundredths in shares.items():
        counts = {group: people * share // 100 for group, share in hundredths.items()}
        # What rounding leaves over is of the first group, so that each characteristic counts the same people.
        counts[next(iter(counts))] += people - sum(counts.values())
        record_group_counts(
            commissioner=commissioner,
            by=None,
            cohort=cohort,
            counted_on=counted_on,
            characteristic=characteristic,
            counts=counts,
            source=INVENTED,
        )
