"""The equity lens says what plain arithmetic says, and tells nothing of a small number."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from phb_register.disclosure import ONE_TO_FOUR, ONE_TO_SEVEN, Sum, protect
from phb_register.enums import EthnicCategory, Sex
from reporting.equity import DASH, Base, Counts, GroupBase, table
from reporting.equity_control import (
    Names,
    cells_of,
    joined_with_dashboard,
    joined_with_everybody,
    plain,
    shown_of,
)
from reporting.rules.equity_groups import (
    ETHNIC_GROUPS,
    GROUP_OF_CATEGORY,
    GROUPS,
    UNKNOWN,
    Characteristic,
    by_ethnic_group,
    group_label,
    in_order,
    is_group,
)
from reporting.rules.intervals import Mark, rate_interval, wilson

EVERYBODY, CHC = Names("equity"), Names("equity-chc")
NOT_COUNTED = GroupBase(Base.NOT_KNOWN, remedy="Count them")


def counts_of(people, bases=None):
    return {each: Counts(each, people[each], (bases or {}).get(each, NOT_COUNTED)) for each in people}


@st.composite
def registers(draw):
    """People in groups; those of a cohort among them; and how many of each sex are eligible for the cohort."""
    alike = st.tuples(
        st.sampled_from(list(GROUPS[Characteristic.AGE])),
        st.sampled_from(Sex.values[:2]),
        st.sampled_from(["A", "B", "H", "J", "Z"]),
        st.sampled_from(["1", "5", "not-known"]),
        st.sampled_from([1, 2, 5, 9]),
        st.sampled_from([0, 1, 2, 5, 9]),
    )
    rows = draw(st.lists(alike, min_size=1, max_size=6))
    more = draw(st.lists(st.integers(0, 6), min_size=2, max_size=2))
    return register_of(rows, more)


def register_of(rows, more):
    """Of each row: how many in the cohort and how many outside it; `more` are eligible and have no budget, by sex."""

    def counted(number_of):
        found = {}
        for place, each in enumerate(
            (Characteristic.AGE, Characteristic.SEX, Characteristic.ETHNIC_CATEGORY, Characteristic.DEPRIVATION)
        ):
            numbers = Counter()
            for row in rows:
                numbers[row[place]] += number_of(row)
            found[each] = in_order(each, numbers)
        return found | {Characteristic.ETHNIC_GROUP: by_ethnic_group(found[Characteristic.ETHNIC_CATEGORY])}

    everybody, cohort = counted(lambda row: row[-2] + row[-1]), counted(lambda row: row[-2])
    eligible = {sex: cohort[Characteristic.SEX][sex] + n for sex, n in zip(Sex.values, more, strict=False)}
    return everybody, cohort, {Characteristic.SEX: GroupBase(Base.ELIGIBLE, eligible)}


def protected(cells, profile=ONE_TO_FOUR):
    headlines = {key for key in cells.values if "/" not in key}
    return protect(cells.values, cells.sums, profile=profile, never_shown=cells.unseen, hidden_last=headlines)


def known_of(people, cohort, bases):
    """How a reader knows the numbers to hang together, said here for itself: sums, and what is part of what."""
    sums, within = [], []
    for names, counts in ((EVERYBODY, people), (CHC, cohort)):
        for each in counts:
            sums.append((names.all, [names.people(each, group) for group in counts[each]]))
        for group in set(GROUP_OF_CATEGORY.values()) - {"Z", "99"}:
            codes = [code for code, of in GROUP_OF_CATEGORY.items() if of == group]
            parts = [names.people(Characteristic.ETHNIC_CATEGORY, code) for code in codes]
            sums.append((names.people(Characteristic.ETHNIC_GROUP, group), parts))
    for each in people:
        within += [(CHC.people(each, group), EVERYBODY.people(each, group)) for group in people[each]]
    within.append((CHC.all, EVERYBODY.all))
    for each, base in bases.items():
        sums.append((CHC.base_all(each), [CHC.base(each, group) for group in base.people]))
        within += [(CHC.people(each, group), CHC.base(each, group)) for group in base.people]
    bands = [EVERYBODY.people(Characteristic.AGE, band) for band in GROUPS[Characteristic.AGE]]
    sums += [
        ("people_in_place", [EVERYBODY.all]),
        ("children_in_place", bands[:1]),
        ("adults_in_place", bands[1:]),
    ]
    return sums, within


class Reader:
    """Somebody with everything that is shown, and exact integer programming."""

    def __init__(self, cells, shown, sums, within):
        self.keys = {key: n for n, key in enumerate(key for key in cells.values if key not in cells.unseen)}
        hidden = np.array([shown[key].is_hidden for key in self.keys])
        self.hidden = [key for key in self.keys if shown[key].is_hidden]
        values = np.array([cells.values[key] for key in self.keys])
        equal = [self.row({total: -1} | dict.fromkeys(parts, 1)) for total, parts in sums]
        less = [self.row({part: 1, whole: -1}) for part, whole in within]
        self.rules = {
            "constraints": [LinearConstraint(np.array(equal), 0, 0), LinearConstraint(np.array(less), -np.inf, 0)],
            "bounds": Bounds(np.where(hidden, 1, values), np.where(hidden, 500, values)),
            "integrality": np.ones(len(values)),
        }

    def row(self, signs):
        found = np.zeros(len(self.keys))
        for key, sign in signs.items():
            found[self.keys[key]] += sign
        return found

    def range_of(self, signs):
        """The least and the most that a number may be, or a difference of two."""
        goal = self.row(signs)
        return [round(sign * milp(sign * goal, **self.rules).fun) for sign in (1, -1)]


def reader_of(register):
    """Everything released together, and somebody who reads it."""
    people, cohort, bases = register
    of_all = joined_with_dashboard(
        cells_of(counts_of(people), EVERYBODY),
        EVERYBODY,
        people=sum(people[Characteristic.SEX].values()),
        children=people[Characteristic.AGE]["0-17"],
    )
    cells = joined_with_everybody(cells_of(counts_of(cohort, bases), CHC), of_all, CHC, EVERYBODY)
    sums, within = known_of(people, cohort, bases)
    return cells, Reader(cells, protected(cells), sums, within), within


@settings(max_examples=10, deadline=None)
@given(register=registers())
def test_no_star_can_be_worked_out_from_all_tables_together(register):
    cells, reader, within = reader_of(register)
    secrets = [{key: 1} for key in reader.hidden]
    # Those outside a part are as secret as those in it: who has a budget, and not of the cohort.
    secrets += [{whole: 1, part: -1} for part, whole in within if 1 <= cells.values[whole] - cells.values[part] <= 4]
    for secret in secrets[:: len(secrets) // 10 + 1]:
        least, most = reader.range_of(secret)
        assert least < most, secret


ADULT = ("45-64", "female", "A", "1")
MAN = ("45-64", "male", "A", "1")


@pytest.mark.parametrize(
    ("rows", "more", "secret"),
    [
        # Two women have a budget and not of the cohort.
        (
            [(*ADULT, 10, 2), (*MAN, 9, 0)],
            (0, 0),
            {EVERYBODY.people(Characteristic.SEX, "female"): 1, CHC.people(Characteristic.SEX, "female"): -1},
        ),
        # Three women are eligible and have none.
        (
            [(*ADULT, 10, 0), (*MAN, 9, 0)],
            (3, 9),
            {CHC.base(Characteristic.SEX, "female"): 1, CHC.people(Characteristic.SEX, "female"): -1},
        ),
        # Two are Irish, of a group that is shown.
        (
            [(*ADULT, 10, 0), ("45-64", "male", "B", "1", 2, 0), ("45-64", "male", "H", "1", 9, 0)],
            (0, 0),
            {EVERYBODY.people(Characteristic.ETHNIC_CATEGORY, "B"): 1},
        ),
        # Two are 18 to 24: the children, who are on the dashboard, may not be what hides them.
        (
            [(*ADULT, 0, 9), ("18-24", *MAN[1:], 0, 2), ("0-17", *MAN[1:], 0, 6)],
            (0, 0),
            {EVERYBODY.people(Characteristic.AGE, "18-24"): 1},
        ),
    ],
)
def test_what_one_table_hides_no_other_tells(rows, more, secret):
    least, most = reader_of(register_of(rows, more))[1].range_of(secret)
    assert least < most


@settings(max_examples=25)
@given(register=registers())
def test_what_is_shown_is_true_and_lines_are_made_of_what_is_shown(register):
    people, _, _ = register
    counts = counts_of(people)
    cells = cells_of(counts, EVERYBODY)
    for profile in (ONE_TO_FOUR, ONE_TO_SEVEN):
        shown = protected(cells, profile)
        for each in people:
            base = GroupBase(Base.POPULATION, dict.fromkeys(people[each], 1000))
            found = table(each, base, shown_of(each, base, EVERYBODY, shown))
            for line in found.lines:
                number = people[each][line.group]
                assert line.people.is_hidden or line.people.value == profile.shown(number)
                if line.people.is_hidden:
                    assert {line.percent.text, line.rate.text, line.interval.text} == {"*"}
                    assert (line.mark, line.drawn) == (Mark.NOT_COMPARED, None)


@settings(max_examples=25)
@given(
    people=st.lists(st.integers(0, 400), min_size=4, max_size=4),
    bases=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=4, max_size=4),
    kind=st.sampled_from([Base.POPULATION, Base.ELIGIBLE]),
)
def test_lines_are_what_plain_arithmetic_says(people, bases, kind):
    groups = Sex.values
    numbers = dict(zip(groups, people, strict=True))
    could = {g: numbers[g] + 500 * n for g, n in zip(groups, bases, strict=True) if n is not None}
    counts = Counts(Characteristic.SEX, numbers, GroupBase(kind, could))
    cells = cells_of({Characteristic.SEX: counts}, EVERYBODY)
    found = table(Characteristic.SEX, counts.base, shown_of(Characteristic.SEX, counts.base, EVERYBODY, open_(cells)))
    compared = [g for g in groups if could.get(g) and g != "not_known"]
    factor, places = (1000, 2) if kind is Base.POPULATION else (100, 1)
    average = sum(numbers[g] for g in compared) / sum(could[g] for g in compared) if compared else None
    for line in found.lines:
        if could.get(line.group):
            rate = numbers[line.group] / could[line.group]
            assert float(line.rate.text.rstrip("%").replace(",", "")) == pytest.approx(
                rate * factor, abs=0.51 / 10**places
            )
        else:
            assert line.rate.text == DASH
        if line.group not in compared:
            assert line.mark is Mark.NOT_COMPARED
            continue
        ends = (wilson if kind is Base.ELIGIBLE else rate_interval)(numbers[line.group], could[line.group])
        expected = Mark.LOWER if ends.high < average else Mark.HIGHER if ends.low > average else Mark.SIMILAR
        assert line.mark is expected
    assert (found.drawn_average is None) == (average is None)


def open_(cells):
    return {key: plain(number) for key, number in cells.values.items() if key not in cells.unseen}


def test_others_are_all_who_are_compared_less_the_group():
    base = GroupBase(Base.POPULATION, {"female": 10_000, "male": 30_000})
    counts = Counts(Characteristic.SEX, {"female": 10, "male": 3, "indeterminate": 0, "not_known": 7}, base)
    cells = open_(cells_of({Characteristic.SEX: counts}, EVERYBODY))
    found = table(Characteristic.SEX, base, shown_of(Characteristic.SEX, base, EVERYBODY, cells))
    female, male, indeterminate, not_known = found.lines
    # 10 of 10,000 against 3 of 30,000; the seven not known are in nobody's rate.
    assert female.ratio.text == "10.00 (2.75 to 36.34)"
    assert found.average.text == "0.33"
    assert (female.mark, male.mark) == (Mark.HIGHER, Mark.LOWER)
    assert (indeterminate.mark, not_known.mark) == (Mark.NOT_COMPARED, Mark.NOT_COMPARED)
    assert (not_known.people.text, not_known.percent.text, not_known.rate.text) == ("7", "35.0%", DASH)


def test_average_is_worked_out_from_all_less_the_others_where_a_group_is_hidden():
    base = GroupBase(Base.POPULATION, {"female": 10_000, "male": 30_000})
    people = {"female": plain(10), "male": hidden(), "indeterminate": plain(0), "not_known": plain(7)}
    cells = {EVERYBODY.people(Characteristic.SEX, group): cell for group, cell in people.items()}
    found = table(
        Characteristic.SEX, base, shown_of(Characteristic.SEX, base, EVERYBODY, cells | {EVERYBODY.all: plain(20)})
    )
    assert found.average.text == "0.33"
    cells[EVERYBODY.people(Characteristic.SEX, "not_known")] = hidden()
    found = table(
        Characteristic.SEX, base, shown_of(Characteristic.SEX, base, EVERYBODY, cells | {EVERYBODY.all: plain(20)})
    )
    assert found.average.text == "*"
    assert {line.mark for line in found.lines} == {Mark.NOT_COMPARED}


def hidden():
    return protect({"a": 1})["a"]


def test_more_people_than_were_counted_have_no_share():
    base = GroupBase(Base.ELIGIBLE, {"female": 4, "male": 100})
    counts = Counts(Characteristic.SEX, {"female": 6, "male": 50, "indeterminate": 0, "not_known": 0}, base)
    cells = open_(cells_of({Characteristic.SEX: counts}, EVERYBODY))
    female = table(Characteristic.SEX, base, shown_of(Characteristic.SEX, base, EVERYBODY, cells)).lines[0]
    assert (female.interval.text, female.mark) == (DASH, Mark.NOT_COMPARED)


def test_not_stated_is_one_number_among_groups_and_among_categories():
    assert EVERYBODY.people(Characteristic.ETHNIC_GROUP, "Z") == EVERYBODY.people(Characteristic.ETHNIC_CATEGORY, "Z")
    people = in_order(Characteristic.ETHNIC_CATEGORY, {"A": 6, "B": 5, "Z": 7, "99": 9})
    both = {Characteristic.ETHNIC_GROUP: by_ethnic_group(people), Characteristic.ETHNIC_CATEGORY: people}
    cells = cells_of(counts_of(both), EVERYBODY)
    white = EVERYBODY.people(Characteristic.ETHNIC_GROUP, "white")
    parts = tuple(EVERYBODY.people(Characteristic.ETHNIC_CATEGORY, code) for code in "ABC")
    assert Sum(white, parts) in cells.sums
    assert cells.values[white] == 11


def test_every_national_category_is_in_a_group_and_not_stated_is_not_not_known():
    assert set(GROUP_OF_CATEGORY) == set(EthnicCategory.values)
    found = by_ethnic_group({"A": 3, "C": 2, "Z": 1, "99": 4, "gone": 1})
    assert found["white"] == 5
    assert (found["Z"], found["99"]) == (1, 5)
    assert list(found) == list(ETHNIC_GROUPS)
    assert {"Z", "99"} <= UNKNOWN


def test_localities_stand_by_name_and_the_unknown_last():
    assert list(in_order(Characteristic.LOCALITY, {"not-known": 1, "West": 2, "East": 3})) == [
        "East",
        "West",
        "not-known",
    ]
    assert group_label(Characteristic.LOCALITY, "not-known").startswith("Not known")
    assert not is_group(Characteristic.LOCALITY, "not-known")
    assert not is_group(Characteristic.DEPRIVATION, "not-known")
