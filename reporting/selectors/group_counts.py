"""Who could have a budget, group by group, on a date: what the equity lens divides by."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date
from phb_register.selectors.commissioners import members_on
from reporting.equity import Base, GroupBase
from reporting.measures import OLDEST_DENOMINATOR_DAYS
from reporting.models import EligibleGroup
from reporting.rules.equity_groups import GROUP_OF_CATEGORY, UNKNOWN, Characteristic


def bases_for(commissioner: Commissioner, cohort: Cohort | None, on: dt.date) -> dict[Characteristic, GroupBase]:
    """What the people of each characteristic's groups are divided by.

    For a cohort: the people eligible for it in the community, by a count up to 366 days old; else the population. For
    everybody: the population, by the newest count there is, for a census comes every ten years. A partnership's or
    England's own counts are used where there are some, else the sum of its members' where all counted the same groups.
    """
    found = _counted(commissioner, cohort, on) if cohort else {}
    population = _counted(commissioner, None, on)
    return {
        each: found.get(each) or population.get(each) or GroupBase(Base.NOT_KNOWN, remedy=_remedy(each, cohort, on))
        for each in Characteristic
    }


def _counted(commissioner: Commissioner, cohort: Cohort | None, on: dt.date) -> dict[Characteristic, GroupBase]:
    own = _bases(EligibleGroup.objects.newest_of([commissioner.pk], cohort, on), cohort, on, bodies=1)
    if commissioner.is_body:
        return own
    members = list(members_on(commissioner, on).values_list("pk", flat=True))
    return _bases(EligibleGroup.objects.newest_of(members, cohort, on), cohort, on, bodies=len(members)) | own


def _bases(
    rows: Iterable[EligibleGroup], cohort: Cohort | None, on: dt.date, *, bodies: int
) -> dict[Characteristic, GroupBase]:
    """The sums over the bodies, of the characteristics that all of them counted by the same groups."""
    by_body: dict[Characteristic, dict[int, list[EligibleGroup]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if cohort is None or (on - row.counted_on).days <= OLDEST_DENOMINATOR_DAYS:
            by_body[Characteristic(row.characteristic)][row.commissioner_id].append(row)
    found = {
        each: _sum(each, [_of_one_day(counts) for counts in of_bodies.values()], cohort)
        for each, of_bodies in by_body.items()
        if len(of_bodies) == bodies
    }
    kept = {each: base for each, base in found.items() if base is not None}
    categories = kept.get(Characteristic.ETHNIC_CATEGORY)
    if categories and Characteristic.ETHNIC_GROUP not in kept:
        kept[Characteristic.ETHNIC_GROUP] = categories.of(_by_ethnic_group(categories.people))
    return kept


def _of_one_day(counts: list[EligibleGroup]) -> list[EligibleGroup]:
    """Those of the newest day: a group that was counted on an older one only is not known on this."""
    newest = max(each.counted_on for each in counts)
    return [each for each in counts if each.counted_on == newest]


def _sum(characteristic: Characteristic, counts: list[list[EligibleGroup]], cohort: Cohort | None) -> GroupBase | None:
    # Each body has localities of its own; of a closed list all must have counted the same groups.
    if characteristic != Characteristic.LOCALITY and len({frozenset(c.group for c in rows) for rows in counts}) > 1:
        return None
    rows = [each for of_body in counts for each in of_body]
    people: dict[str, int] = defaultdict(int)
    for row in rows:
        people[row.group] += row.people
    return GroupBase(
        Base.ELIGIBLE if cohort else Base.POPULATION,
        people=dict(people),
        counted_on=min(row.counted_on for row in rows),
        source="; ".join(sorted({row.source for row in rows})),
    )


def _by_ethnic_group(people: Mapping[str, int]) -> dict[str, int]:
    """Groups whose categories were all counted."""
    found: dict[str, int] = {}
    for group in dict.fromkeys(GROUP_OF_CATEGORY.values()):
        categories = [code for code, of in GROUP_OF_CATEGORY.items() if of == group]
        if group not in UNKNOWN and all(code in people for code in categories):
            found[group] = sum(people[code] for code in categories)
    return found


def _remedy(characteristic: Characteristic, cohort: Cohort | None, on: dt.date) -> str:
    of_whom = f"the people eligible for {cohort.name}, or the population," if cohort else "the population"
    return (
        f"Nobody counted {of_whom} by {characteristic.label.lower()} on or before {spoken_date(on)}. "
        "Enter the counts with their source."
    )


def group_counts_of(commissioner: Commissioner) -> QuerySet[EligibleGroup]:
    """Every count by group of a commissioner, newest first."""
    return EligibleGroup.objects.for_commissioner(commissioner)
