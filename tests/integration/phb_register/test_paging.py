import pytest

from phb_register.models import Person
from phb_register.paging import BoundedPaginator, count_up_to
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def five():
    PersonFactory.create_batch(5, commissioner=CommissionerFactory())
    return Person.objects.order_by("pk")


@pytest.mark.parametrize(("most", "found"), [(3, 4), (4, 5), (5, 5), (9, 5)])
def test_rows_are_counted_up_to_the_bound(five, most: int, found: int) -> None:
    assert count_up_to(five, most) == found


def test_pages_end_at_the_bound_and_say_so(five) -> None:
    cut, whole = BoundedPaginator(five, 2, most=3), BoundedPaginator(five, 2, most=5)
    assert (cut.num_pages, cut.count, cut.counted, cut.is_cut) == (2, 3, "more than 3", True)
    assert [person.pk for page in cut for person in page] == [person.pk for person in five[:3]]
    assert (whole.num_pages, whole.count, whole.counted, whole.is_cut) == (3, 5, "5", False)
    assert [person.pk for page in whole for person in page] == [person.pk for person in five]


def test_count_stops_reading_at_the_bound(five, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as captured:
        count_up_to(five, 3)
    assert "LIMIT 4" in captured[0]["sql"]
    assert "ORDER BY" not in captured[0]["sql"]
