"""Everything that is wrong with a file, packed and unpacked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from phb_register.file_columns import RowProblem
from phb_register.problem_log import ProblemLog, unpacked

PROBLEMS = st.lists(st.builds(RowProblem, st.integers(0, 10**6), st.text(max_size=20), st.text(max_size=60)))


@settings(max_examples=60)
@given(st.lists(PROBLEMS, max_size=5))
def test_what_is_logged_is_read_again_in_its_order(batches):
    log = ProblemLog()
    for batch in batches:
        log.add(batch)
    found = list(unpacked(log.packed()))
    assert found == [[each.number, each.column, each.message] for batch in batches for each in batch]


def test_very_many_are_held_packed():
    log = ProblemLog()
    log.add(RowProblem(number, "born_on", "Enter the date of birth") for number in range(100_000))
    packed = log.packed()
    assert len(packed) < 1_000_000
    assert sum(1 for _ in unpacked(packed)) == 100_000
