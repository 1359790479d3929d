"""All that the equity page of a commissioner shows to a reader, in a fixed number of reads."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from budgets.models import OutcomeScale
from offers.models import Cohort
from phb_register.disclosure import Controlled
from phb_register.models import Commissioner
from phb_register.rules import months_after
from reporting import measures as m
from reporting.equity import Base, Counts, GroupBase, Table, table
from reporting.equity_control import (
    Cells,
    Names,
    Quarter,
    cells_of,
    joined_with_dashboard,
    joined_with_everybody,
    joined_with_quarter,
    plain,
    shown_of,
)
from reporting.figures import CHC
from reporting.rules.equity_groups import CHILDREN, Characteristic
from reporting.rules.pathway import MONTHS_IN_A_QUARTER, last_whole_quarter, quarters_before
from reporting.selectors.areas import Areas, areas_for
from reporting.selectors.equity import CountsByGroup, counted_by_group, people_in_place
from reporting.selectors.equity_outcomes import answers_to
from reporting.selectors.figures import chc_in_community
from reporting.selectors.group_counts import bases_for
from reporting.selectors.known import as_known
from reporting.selectors.releases import release_of
from reporting.selectors.scope import Counted

EVERYBODY = Names("equity")

Tables = Mapping[Characteristic, Table]
#: Gives the numbers of a part as they may be shown to somebody; counts them only where they are needed.
Control = Callable[[str, Callable[[], Cells]], Mapping[str, Controlled]]


def everything(part: str, count: Callable[[], Cells]) -> Mapping[str, Controlled]:
    """For the case team: every number as it is."""
    cells = count()
    return {key: plain(number) for key, number in cells.values.items() if key not in cells.unseen}


@dataclass(frozen=True)
class Lens:
    """Who has a budget and for whom things are better, by group."""

    scope: Counted
    cohort: Cohort | None
    areas: Areas
    uptake: Tables
    question: OutcomeScale | None
    outcomes: Tables


def cohorts_compared(commissioner: Commissioner, *, is_controlled: bool) -> list[Cohort]:
    """The cohorts that can be looked at by themselves.

    Readers under disclosure control have CHC alone, which has the official denominators: a table of every cohort would
    leave too little of each to show.
    """
    found = list(Cohort.objects.used_by([commissioner.pk]))
    return [each for each in found if not is_controlled or each.code == CHC]


def lens_for(
    scope: Counted,
    *,
    control: Control = everything,
    cohort: Cohort | None = None,
    questions: Sequence[OutcomeScale] = (),
    question_reference: str = "",
) -> Lens:
    """Everything the equity page shows: of everybody or of one cohort, with the answers to one of the questions.

    Without a question that was asked for, it is the first: the one that most people answered.
    """
    asked = {str(each.reference): each for each in questions}
    question = asked.get(question_reference) or next(iter(questions), None)
    with as_known(scope.known_on):
        areas = areas_for(scope.commissioner, scope.as_at)
        return Lens(
            scope=scope,
            cohort=cohort,
            areas=areas,
            uptake=uptake_by_group(scope, control=control, cohort=cohort, areas=areas),
            question=question,
            outcomes=_outcomes(question, scope, control, areas) if question else {},
        )


def uptake_by_group(
    scope: Counted, *, control: Control = everything, cohort: Cohort | None = None, areas: Areas | None = None
) -> Tables:
    """People with a budget in place against those who could have one, a table for each characteristic."""
    bases = bases_for(scope.commissioner, cohort, scope.as_at)
    names = EVERYBODY if cohort is None else Names(f"{EVERYBODY.part}-{cohort.code}")

    def count() -> Cells:
        if cohort is None:
            return everybody_cells(scope, bases, areas)
        return _cohort_cells(scope, cohort, bases, names, areas)

    return _tables(bases, names, control(names.part, count))


def everybody_cells(
    scope: Counted, bases: Mapping[Characteristic, GroupBase] | None = None, areas: Areas | None = None
) -> Cells:
    """The numbers of everybody with a budget in place, which are the dashboard's too."""
    found = bases or bases_for(scope.commissioner, None, scope.as_at)
    people = counted_by_group(people_in_place(scope), scope, areas)
    ages = people[Characteristic.AGE]
    return joined_with_dashboard(
        cells_of(_counts(people, found), EVERYBODY),
        EVERYBODY,
        people=sum(ages.values()),
        children=ages[CHILDREN],
    )


def everybody_to_release(scope: Counted) -> Cells:
    """The same as they are released: beside those of the quarters before and after, where these were released."""
    areas = areas_for(scope.commissioner, scope.as_at)
    cells = everybody_cells(scope, areas=areas)
    for first, last in _quarters_beside(scope.as_at):
        other = first if last == scope.as_at else last
        if release_of(scope.commissioner, other, EVERYBODY.part) is not None:
            cells = joined_with_quarter(cells, EVERYBODY, _quarter(scope, first, last, areas))
    return cells


def _quarters_beside(as_at: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The quarter so far and, of its last day, the next one, each from the end of the one before."""
    (before,) = quarters_before(as_at, 1)
    if last_whole_quarter(as_at) != as_at:
        return [(before, as_at)]
    # A month more, for the quarter after one that ends on the 30th may end on the 31st.
    return [(before, as_at), (as_at, last_whole_quarter(months_after(as_at, MONTHS_IN_A_QUARTER + 1)))]


def _quarter(scope: Counted, first: dt.date, last: dt.date, areas: Areas) -> Quarter:
    """Who came and who left between two dates, of the bodies that count on the date that is released."""
    at = {day: "" if day == scope.as_at else f"@{day.isoformat()}" for day in (first, last)}
    now, then = (people_in_place(replace(scope, as_at=day)) for day in (last, first))
    spells = scope.spells()
    return Quarter(
        before=at[first],
        after=at[last],
        came=counted_by_group(now.exclude(pk__in=then.values("pk")), scope, areas),
        left=counted_by_group(then.exclude(pk__in=now.values("pk")), scope, areas),
        began=spells.filter(started_on__gt=first, started_on__lte=last).count(),
        ended=spells.filter(ended_on__gt=first, ended_on__lte=last, started_on__isnull=False).count(),
    )


def _cohort_cells(
    scope: Counted, cohort: Cohort, bases: Mapping[Characteristic, GroupBase], names: Names, areas: Areas | None
) -> Cells:
    """Those of one cohort. Everybody's are given with them, since one is part of the other."""
    people = counted_by_group(people_in_place(scope, cohort), scope, areas)
    cells = cells_of(_counts(people, bases), names)
    if cohort.code == CHC:
        _same_as_dashboard(cells, scope, names)
    return joined_with_everybody(cells, everybody_cells(scope, areas=areas), names, EVERYBODY)


def _same_as_dashboard(cells: Cells, scope: Counted, names: Names) -> None:
    """The dashboard counts budgets. Where nobody has two, that is the number of people."""
    key = f"{m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code}/numerator"
    budgets = chc_in_community(scope.spells(), scope.as_at).count()
    if budgets == cells.values[names.all]:
        cells.values[key] = budgets
        cells.same(key, names.all)


def _outcomes(question: OutcomeScale, scope: Counted, control: Control, areas: Areas) -> Tables:
    """Of the people who answered a question both times, those who say it is better."""
    names = Names(f"{EVERYBODY.part}-answers-{question.pk}")

    def count() -> Cells:
        answers = answers_to(question, scope, areas)
        better = {
            each: {group: answers.better[each].get(group, 0) for group in answers.answered[each]}
            for each in Characteristic
        }
        bases = {each: GroupBase(Base.ANSWERED, answers.answered[each]) for each in Characteristic}
        return cells_of(_counts(better, bases), names)

    return _tables(dict.fromkeys(Characteristic, GroupBase(Base.ANSWERED)), names, control(names.part, count))


def _counts(people: CountsByGroup, bases: Mapping[Characteristic, GroupBase]) -> dict[Characteristic, Counts]:
    return {each: Counts(each, people[each], bases[each]) for each in Characteristic}


def _tables(bases: Mapping[Characteristic, GroupBase], names: Names, cells: Mapping[str, Controlled]) -> Tables:
    return {each: table(each, bases[each], shown_of(each, bases[each], names, cells)) for each in Characteristic}
