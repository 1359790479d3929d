import pytest

from phb_register.paging import counted_words


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "1"), (1234, "1,234"), (10_000, "10,000"), (10_001, "more than 10,000")]
)
def test_number_is_said_up_to_the_bound(count: int, said: str) -> None:
    assert counted_words(count, 10_000) == said
