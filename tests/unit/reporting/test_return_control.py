"""No hidden cell of a return can be worked out from those that are shown."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.dates import FinancialYear
from phb_register.disclosure import ONE_TO_FOUR, protect
from reporting.return_control import counts_of, key_of
from reporting.rules.counting import Breakdown
from reporting.rules.returns import Basis, Cell, Standing, cells

GROUPS = ("chc", "wheelchair", "other")
STANDINGS = [
    Standing(frozenset({method}), group, is_child)
    for method, group, is_child in product(("notional", "direct_payment"), GROUPS, (False, True))
]
NUMBERS = st.dictionaries(
    st.tuples(st.sampled_from(STANDINGS), st.booleans()), st.integers(0, 12), min_size=1, max_size=6
)


def controlled(numbers, unreviewed=0):
    found = cells(
        {(standing, standing if stays else None): people for (standing, stays), people in numbers.items()},
        Breakdown.STRONGEST,
    )
    in_place = {"people_in_place": found["quarter_end-total-everybody"] + unreviewed}
    counts = counts_of(found, Breakdown.STRONGEST, FinancialYear(2024), in_place)
    shown = protect(
        counts.values, counts.sums, profile=ONE_TO_FOUR, never_shown=counts.unseen, hidden_last=counts.headlines
    )
    return counts, shown


@given(NUMBERS)
@settings(max_examples=30)
def test_no_small_number_is_shown_nor_left_alone_in_a_sum(numbers):
    counts, shown = controlled(numbers)
    assert not any(1 <= cell.value <= 4 for cell in shown.values() if not cell.is_hidden)
    for each in counts.sums:
        keys = (each.total, *each.parts)
        unknown = [key for key in keys if key in counts.unseen or shown[key].is_hidden]
        small = [key for key in unknown if 1 <= counts.values[key] <= 4]
        assert not small or len(unknown) > 1, f"{small} is what is left of {each.total}"


def test_little_is_hidden_beside_one_small_number():
    # Two people of one row: they, and the smallest row beside them, on both counts.
    numbers = {(STANDINGS[0], True): 200, (Standing(frozenset({"notional"}), "fast_track", False), True): 2}
    numbers[STANDINGS[2], True] = 40
    numbers[STANDINGS[4], True] = 60
    _, shown = controlled(numbers)
    hidden = {key for key, cell in shown.items() if cell.is_hidden}
    rows = {key_of(Cell(basis, row).code) for basis in Basis for row in ("fast_track", "wheelchair")}
    assert hidden == rows


def test_who_is_not_active_is_not_told_by_the_dashboard():
    numbers = {(STANDINGS[0], True): 40}
    _, shown = controlled(numbers, unreviewed=2)
    total = shown[key_of(Cell(Basis.QUARTER_END, "total").code)]
    assert total.is_hidden or shown["people_in_place"].is_hidden
