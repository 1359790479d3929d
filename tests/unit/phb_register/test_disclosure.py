"""Disclosure control, checked against a reader who tries every set of numbers that fits what is shown."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.disclosure import (
    ONE_TO_FOUR,
    ONE_TO_SEVEN,
    STAR,
    Controlled,
    Reason,
    Sum,
    cell_key,
    protect,
    protect_derived,
    table_sums,
)


def texts(shown):
    return {key: each.text for key, each in shown.items()}


def one_way(cells):
    values = {f"c{i}": value for i, value in enumerate(cells)}
    return values | {"total": sum(cells)}, [Sum("total", tuple(values))]


def two_way(rows):
    names, columns = [f"r{i}" for i in range(len(rows))], [f"c{i}" for i in range(len(rows[0]))]
    values = {}
    for name, row in zip([*names, "total"], [*rows, [sum(column) for column in zip(*rows, strict=True)]], strict=True):
        for column, value in zip([*columns, "total"], [*row, sum(row)], strict=True):
            values[cell_key("table", name, column)] = value
    return values, table_sums(names, columns)


def answers_that_fit(values, sums, shown, never_shown=(), most=12):
    """Every set of hidden numbers up to `most` that a reader of `shown` cannot rule out (brute force)."""
    hidden = [key for key in values if key in never_shown or shown[key].is_hidden]
    known = {key: each.value for key, each in shown.items() if not each.is_hidden}
    # Totals follow from their parts, so only hidden parts need trying.
    totals = {each.total for each in sums}
    free = [key for key in hidden if key not in totals]
    fits = []
    for tried in product(*[range(0 if key in never_shown else 1, most + 1) for key in free]):
        answer = known | dict(zip(free, tried, strict=True))
        if all(settle(answer, each, never_shown) for each in sorted(sums, key=lambda each: "total" in each.parts[0])):
            fits.append({key: answer[key] for key in hidden})
    return fits


def settle(answer, each, never_shown):
    total = sum(answer[part] for part in each.parts)
    if each.total not in answer:
        answer[each.total] = total
    return answer[each.total] == total and (total >= 1 or each.total in never_shown or answer[each.total] == 0)


def derivable(values, sums, shown, never_shown=()):
    totals = {each.total for each in sums}
    largest = max((value for key, value in values.items() if key not in totals), default=0)
    fits = answers_that_fit(values, sums, shown, never_shown, most=largest + 1)
    assert fits, "the true answer must fit"
    return [key for key in fits[0] if len({fit[key] for fit in fits}) == 1]


@pytest.mark.parametrize("value", [1, 2, 3, 4])
def test_protect_hides_one_to_four(value):
    assert protect({"children": value})["children"] == Controlled(None, STAR, Reason.SMALL)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (5, "5"), (1011, "1,011")])
def test_protect_shows_nought_and_five_and_more(value, text):
    assert protect({"children": value})["children"].text == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15")])
def test_protect_rounds_to_five_under_the_stricter_profile(value, text):
    assert protect({"children": value}, profile=ONE_TO_SEVEN)["children"].text == text


def test_protect_hides_next_smallest_when_one_is_hidden_alone():
    values, sums = one_way([3, 40, 12, 0])
    shown = protect(values, sums)
    assert texts(shown) == {"c0": "*", "c1": "40", "c2": "*", "c3": "0", "total": "55"}
    assert shown["c2"].reason is Reason.PROTECTS_ANOTHER


def test_protect_hides_total_when_its_parts_can_only_be_ones():
    values, sums = one_way([1, 1, 1, 1, 1])
    assert set(texts(protect(values, sums)).values()) == {"*"}


def test_protect_breaks_bridges_that_have_two_stars_in_every_line():
    # Two blocks of four stars joined by one: no line has a single star, yet the joining one could be worked out.
    rows = [[2, 2, 9, 9, 9], [2, 2, 3, 9, 9], [9, 9, 2, 2, 9], [9, 9, 2, 2, 9]]
    values, sums = two_way(rows)
    shown = protect(values, sums)
    assert any(each.reason is Reason.PROTECTS_ANOTHER for each in shown.values())
    assert solved_by_subtraction(values, sums, shown) == 0


def test_protect_hides_a_part_when_the_unseen_rest_is_small():
    values = {"chc": 118, "community": 117, "care_home": 1}
    shown = protect(values, [Sum("chc", ("community", "care_home"))], never_shown={"care_home"})
    assert texts(shown) == {"chc": "118", "community": "*"}


def test_protect_shows_both_when_the_unseen_rest_is_nought():
    values = {"chc": 117, "community": 117, "care_home": 0}
    shown = protect(values, [Sum("chc", ("community", "care_home"))], never_shown={"care_home"})
    assert texts(shown) == {"chc": "117", "community": "117"}


def test_protect_keeps_a_shared_total_safe_in_every_table_it_stands_in():
    values = {"a": 1, "b": 1, "c": 1, "x": 3, "d": 3, "e": 0}
    shown = protect(values, [Sum("x", ("a", "b", "c")), Sum("x", ("d", "e"))])
    assert {key for key, each in shown.items() if each.is_hidden} == {"a", "b", "c", "x", "d"}


def test_protect_refuses_numbers_that_do_not_add_up():
    with pytest.raises(ValueError, match="parts of total do not add up"):
        protect({"total": 3, "a": 1, "b": 1}, [Sum("total", ("a", "b"))])


def test_protect_refuses_numbers_below_nought():
    with pytest.raises(ValueError, match="below nought: a"):
        protect({"a": -1})


def test_protect_derived_hides_what_is_made_from_a_hidden_number():
    hidden, shown = protect({"a": 3})["a"], protect({"a": 848})["a"]
    assert protect_derived(13, "13.8%", [hidden, shown]).text == STAR
    assert protect_derived(13, "13.8%", [shown, shown]).text == "13.8%"


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_protect_one_way_table_gives_nothing_away(cells):
    values, sums = one_way(cells)
    shown = protect(values, sums)
    assert all(shown[key].is_hidden for key, value in values.items() if ONE_TO_FOUR.is_small(value))
    if any(each.is_hidden for each in shown.values()):
        assert derivable(values, sums, shown) == []


@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=100, deadline=None)
def test_protect_two_way_table_gives_nothing_away(rows):
    values, sums = two_way(rows)
    shown = protect(values, sums)
    assert all(shown[key].is_hidden for key, value in values.items() if ONE_TO_FOUR.is_small(value))
    if any(each.is_hidden for each in shown.values()):
        assert derivable(values, sums, shown) == []


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=6), min_size=2, max_size=6).filter(
        lambda rows: len({len(row) for row in rows}) == 1
    )
)
@settings(max_examples=100, deadline=None)
def test_protect_two_way_table_of_any_size_cannot_be_solved(rows):
    """No hidden cell follows from the sums by linear algebra: elimination over the hidden cells leaves none alone."""
    values, sums = two_way(rows)
    assert solved_by_subtraction(values, sums, protect(values, sums)) == 0


def solved_by_subtraction(values, sums, shown):
    """How many hidden cells stand alone in a row once the sums are reduced, and so have one answer only."""
    hidden = [key for key in values if shown[key].is_hidden]
    return sum(
        sum(value != 0 for value in row) == 1
        for row in reduced([[each.signs().get(key, 0) for key in hidden] for each in sums])
    )


def reduced(matrix):
    """Reduced row echelon form by exact fractions."""
    rows = [[Fraction(value) for value in row] for row in matrix]
    done = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]
