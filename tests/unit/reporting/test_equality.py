"""Tables of who has a budget add up to figures shown elsewhere, and tell nothing of one person."""

import datetime as dt
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR
from phb_register.models import EthnicCategory
from reporting.equality import AGE_BANDS, ETHNIC_GROUPS, age_shares, ethnic_groups, shares
from reporting.figures import NATIONAL_TARGET, Eligible, Figures, PopulationOn
from reporting.release import Release, release

LABELS = [label for label, _ in AGE_BANDS]


def released(people: int, children: int = 0, by_cohort: dict[str, int] | None = None) -> Release:
    figures = Figures(
        commissioner_code="T",
        as_at=dt.date(2017, 2, 7),
        phbs_in_place=people,
        phbs_agreed=0,
        people_in_place=people,
        children_in_place=children,
        people_year_to_date=people,
        people_counted_year_to_date=people,
        by_cohort=by_cohort or {"chc": people},
        by_method={"notional": people},
        chc_in_community=people,
        chc_in_community_fast_track=0,
        population=PopulationOn(None),
        target=NATIONAL_TARGET,
        chc_eligible=Eligible(None, None),
    )
    return release(figures, ONE_TO_FOUR)


def texts(lines):
    return [line.people.text for line in lines]


def test_numbers_that_are_large_enough_are_shown_with_their_share():
    lines = shares({"Female": 30, "Male": 10, "Not known": 0}, released(40), ONE_TO_FOUR)
    assert [(line.label, line.people.text, line.percent.text) for line in lines] == [
        ("Female", "30", "75.0%"),
        ("Male", "10", "25.0%"),
        ("Not known", "0", "0.0%"),
    ]


def test_small_number_hides_another_and_both_shares():
    lines = shares({"Female": 30, "Male": 8, "Not known": 2}, released(40), ONE_TO_FOUR)
    assert texts(lines) == ["30", "*", "*"]
    assert [line.percent.text for line in lines] == ["75.0%", "*", "*"]


def test_table_is_left_out_where_its_total_is_hidden():
    assert shares({"Female": 3, "Male": 0}, released(3), ONE_TO_FOUR) is None


def test_table_is_left_out_where_only_hiding_a_shown_total_would_make_it_safe():
    # Five stars of at least one each that add up to five can only be one each.
    assert shares(dict.fromkeys("abcde", 1), released(5), ONE_TO_FOUR) is None


def test_table_is_left_out_where_its_total_is_hidden_for_another_table() -> None:
    # One budget in each of five cohorts hides how many there are in all, and so how many people.
    shown = released(5, by_cohort=dict.fromkeys("abcde", 1))
    assert shown.cell("people_in_place").is_hidden
    assert shares({"Female": 5, "Male": 0}, shown, ONE_TO_FOUR) is None


def test_age_table_is_left_out_where_children_are_hidden():
    counts = dict.fromkeys(LABELS, 0) | {"0 to 17": 2, "25 to 44": 38}
    assert age_shares(counts, released(40, children=2), ONE_TO_FOUR) is None


def test_age_table_begins_with_the_children_of_every_other_page():
    counts = dict.fromkeys(LABELS, 0) | {"0 to 17": 6, "25 to 44": 20, "85 and over": 14}
    lines = age_shares(counts, released(40, children=6), ONE_TO_FOUR)
    assert dict(zip(LABELS, texts(lines), strict=True)) == {label: str(counts[label]) for label in LABELS}


def test_every_national_category_is_in_a_group():
    assert set(ETHNIC_GROUPS) == set(EthnicCategory.values)
    found = ethnic_groups({"A": 3, "C": 2, "Z": 1, "99": 4})
    assert found["White"] == 5
    assert (found["Not stated (asked and declined)"], found["Not known (not asked)"]) == (1, 4)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_no_star_can_be_worked_out(numbers):
    """By trying every answer a reader would have to allow: each star could be another number, of those it hides."""
    counts = {f"group {place}": number for place, number in enumerate(numbers)}
    total = sum(numbers)
    lines = shares(counts, released(total), ONE_TO_FOUR)
    if lines is None:
        return
    assert [line.people.value for line in lines if not line.people.is_hidden] == [
        number for number, line in zip(numbers, lines, strict=True) if not line.people.is_hidden
    ]
    stars = [place for place, line in enumerate(lines) if line.people.is_hidden]
    rest = total - sum(number for place, number in enumerate(numbers) if place not in stars)
    fits = [each for each in product(range(1, rest + 1), repeat=len(stars)) if sum(each) == rest] if stars else []
    for place in range(len(stars)):
        assert len({each[place] for each in fits}) > 1
    assert all(number >= 5 or number == 0 for place, number in enumerate(numbers) if place not in stars)
