"""What may be shown of figures: everything to the case team, and to others nothing that tells of one person."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from phb_register.disclosure import ONE_TO_FOUR, ONE_TO_SEVEN, STAR
from reporting.figures import NATIONAL_TARGET, Eligible, Figures, PopulationOn
from reporting.release import release

LLR = Figures(
    commissioner_code="LLR",
    as_at=dt.date(2017, 2, 7),
    phbs_in_place=122,
    phbs_agreed=0,
    people_in_place=122,
    children_in_place=5,
    people_year_to_date=138,
    by_cohort={"chc": 117, "continuing-care": 5, "s117": 0},
    by_method={"notional": 53, "third_party": 19, "direct_payment": 50},
    chc_in_community=117,
    chc_in_community_fast_track=0,
    population=PopulationOn(1_011_000, "resident", dt.date(2016, 4, 1), "A paper"),
    target=NATIONAL_TARGET,
    chc_eligible=Eligible(848, 380, dt.date(2017, 2, 7), "A paper"),
    new_in_quarter=8,
    new_year_to_date=30,
    ended_in_quarter=5,
    ended_year_to_date=16,
    children_year_to_date=5,
    people_counted_year_to_date=138,
    by_funding={"nhs": 100, "joint": 22},
)


def nobody_else(people, **changes):
    """Figures of so few people that each number is said: all in place all year, none begun, ended or joint."""
    flows = dict.fromkeys(
        ["new_in_quarter", "new_year_to_date", "ended_in_quarter", "ended_year_to_date", "children_year_to_date"], 0
    )
    return replace(
        LLR,
        phbs_in_place=people,
        people_in_place=people,
        children_in_place=0,
        people_year_to_date=people,
        people_counted_year_to_date=people,
        by_funding={"nhs": people, "joint": 0},
        **flows,
        **changes,
    )


INCLUDING, EXCLUDING = "chc_uptake_including_fast_track", "chc_uptake_excluding_fast_track"


def texts(shown, *codes):
    return [shown.cell(code).text for code in codes]


def test_release_without_control_shows_everything():
    shown = release(replace(LLR, children_in_place=2, phbs_agreed=1), profile=None)
    assert texts(shown, "phbs_in_place", "phbs_agreed", "children_in_place", "adults_in_place") == [
        "122",
        "1",
        "2",
        "120",
    ]
    assert texts(shown, "rate_per_1000", "target_low", "target_high", "gap_to_low") == [
        "0.121",
        "1,011",
        "2,022",
        "889",
    ]
    assert texts(shown, INCLUDING, EXCLUDING) == ["13.8%", "25.0%"]
    assert shown.hidden == {}


def test_release_of_the_published_figures_needs_no_star():
    assert release(LLR, ONE_TO_FOUR).hidden == {}


def test_release_hides_a_few_children_and_with_them_the_adults():
    shown = release(replace(LLR, children_in_place=3), ONE_TO_FOUR)
    assert texts(shown, "children_in_place", "adults_in_place", "people_in_place") == [STAR, STAR, "122"]


def test_release_hides_rate_and_gap_with_the_number_they_are_made_from():
    few = nobody_else(
        3,
        by_cohort={"chc": 3, "s117": 0},
        by_method={"notional": 3, "third_party": 0, "direct_payment": 0},
        chc_in_community=3,
    )
    shown = release(few, ONE_TO_FOUR)
    assert set(texts(shown, "phbs_in_place", "rate_per_1000", "gap_to_low", INCLUDING, EXCLUDING)) == {STAR}
    assert texts(shown, "population", "target_low") == ["1,011,000", "1,011"]


def test_release_hides_the_year_to_date_when_few_have_left():
    shown = release(replace(LLR, people_year_to_date=124, people_counted_year_to_date=124), ONE_TO_FOUR)
    assert texts(shown, "people_year_to_date", "people_in_place", "phbs_in_place") == [STAR, "122", "122"]


def test_release_hides_a_number_that_another_stands_for():
    """Five budgets that can only be one each give themselves away by their total, and so by the number of people."""
    ones = {"chc": 1, "s117": 1, "wheelchair": 1, "ehc-plan": 1, "end-of-life": 1}
    one_each = nobody_else(
        5,
        by_cohort=ones,
        by_method={"notional": 5, "third_party": 0, "direct_payment": 0},
        chc_in_community=1,
    )
    assert set(texts(release(one_each, ONE_TO_FOUR), "phbs_in_place", "people_in_place", "adults_in_place")) == {STAR}
    # With somebody who has two budgets, the one number no longer stands for the other.
    two_of_one = replace(
        one_each, people_in_place=6, people_year_to_date=6, people_counted_year_to_date=6, by_method={"notional": 6}
    )
    assert texts(release(two_of_one, ONE_TO_FOUR), "phbs_in_place", "people_in_place") == [STAR, "6"]


def test_release_hides_chc_in_the_community_when_few_live_in_care_homes():
    shown = release(replace(LLR, chc_in_community=115), ONE_TO_FOUR)
    assert shown.ratios[INCLUDING].numerator.is_hidden or shown.by_cohort["chc"].is_hidden
    assert shown.cell("phbs_in_place").text == "122"


def test_release_hides_uptake_when_few_are_on_fast_track():
    shown = release(replace(LLR, chc_in_community_fast_track=2), ONE_TO_FOUR)
    assert STAR in texts(shown, INCLUDING, EXCLUDING)


def test_release_rounds_what_is_made_from_rounded_numbers():
    shown = release(LLR, ONE_TO_SEVEN)
    assert texts(shown, "phbs_in_place", "gap_to_low", "children_in_place") == ["120", "891", STAR]
    assert shown.cell("rate_per_1000").value == Decimal("0.119")


def test_release_says_not_known_without_population_or_eligible_people():
    unknown = replace(LLR, population=PopulationOn(None, remedy="Enter it."), chc_eligible=Eligible(None, None))
    for profile in (None, ONE_TO_FOUR):
        shown = release(unknown, profile)
        assert set(texts(shown, "population", "rate_per_1000", "target_low", "gap_to_low", INCLUDING)) == {"Not known"}


def test_gap_is_below_zero_when_the_target_is_passed():
    passed = replace(LLR, population=PopulationOn(100_000, "resident", dt.date(2016, 4, 1), "A paper"))
    assert (passed.gap_to_low, release(passed, None).cell("gap_to_low").text) == (-22, "-22")


@st.composite
def any_figures(draw):
    """Figures that add up, mostly small."""
    small = st.integers(0, 9)
    chc, other, third = draw(small), draw(small), draw(small)
    total = chc + other + third
    first = draw(st.integers(0, total))
    second = draw(st.integers(0, total - first))
    community = draw(st.integers(0, chc))
    in_year, began, ended = total + draw(small), draw(st.integers(0, total)), draw(small)
    joint, one_off = draw(st.integers(0, total)), draw(st.integers(0, total))
    return replace(
        LLR,
        phbs_in_place=total,
        people_in_place=total,
        phbs_agreed=draw(small),
        children_in_place=draw(st.integers(0, total)),
        people_year_to_date=in_year,
        children_year_to_date=draw(st.integers(0, in_year)),
        people_counted_year_to_date=in_year + draw(small),
        by_funding={"nhs": total - joint, "joint": joint},
        new_year_to_date=began,
        new_in_quarter=draw(st.integers(0, began)),
        ended_year_to_date=ended,
        ended_in_quarter=draw(st.integers(0, ended)),
        one_off_in_place=one_off,
        one_off_year_to_date=one_off + draw(small),
        by_cohort={"chc": chc, "s117": other, "wheelchair": third},
        by_method={"notional": first, "third_party": second, "direct_payment": total - first - second},
        chc_in_community=community,
        chc_in_community_fast_track=draw(st.integers(0, community)),
    )


@given(any_figures())
def test_release_never_shows_a_small_number_nor_lets_one_be_subtracted(found):
    shown = release(found, ONE_TO_FOUR)
    number = {key: cell.value for key, cell in shown.cells.items()}
    number |= {f"cohort {key}": cell.value for key, cell in shown.by_cohort.items()}
    number |= {f"method {key}": cell.value for key, cell in shown.by_method.items()}
    number |= {code: shown.ratios[code].numerator.value for code in (INCLUDING, EXCLUDING)}
    counted = {key: value for key, value in number.items() if key not in ("rate_per_1000", "gap_to_low", "population")}
    assert not [key for key, value in counted.items() if value is not None and 1 <= value <= 4]
    for whole, parts in [
        ("people_in_place", ["adults_in_place", "children_in_place"]),
        ("people_in_place", [key for key in number if key.startswith("method")]),
        ("phbs_in_place", [key for key in number if key.startswith("cohort")]),
    ]:
        hidden = [key for key in (whole, *parts) if number[key] is None]
        assert len(hidden) != 1
    for more, less in [
        ("people_year_to_date", "people_in_place"),
        ("cohort chc", INCLUDING),
        (INCLUDING, EXCLUDING),
        ("people_in_place", "phbs_in_place"),
    ]:
        if number[more] is not None and number[less] is not None:
            assert not 1 <= number[more] - number[less] <= 4
