"""Many releases at one go say what they would say one after the other, and read no more for more of them."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phb_register.models import Commissioner, PartnershipMember
from reporting.models import FigureRelease, ReleasedCell
from reporting.services.releases import show_all, shown
from tests.factories.phb_register import CommissionerFactory
from tests.integration.reporting.test_releases_tell_nothing import BEFORE, DATES, MEMBERS, counts, registers

pytestmark = pytest.mark.django_db


def said():
    """Everything the ledger says, whatever its rows are numbered."""
    cells = ReleasedCell.objects.order_by("commissioner", "as_at", "key")
    releases = FigureRelease.objects.order_by("commissioner", "as_at")
    return (
        list(cells.values_list("commissioner", "as_at", "key", "number", "value", "state")),
        [
            (*place, sorted(sorted(signs.items()) for signs in sums), unseen)
            for *place, sums, unseen in releases.values_list("commissioner", "as_at", "keys", "nodes", "sums", "unseen")
        ],
    )


@given(registers(), st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_released_together_or_one_by_one_they_say_the_same(register, data):
    bodies = {name: CommissionerFactory() for name in MEMBERS}
    bodies |= {"whole": CommissionerFactory(kind="partnership"), "england": Commissioner.objects.get(code="ENG")}
    for member in MEMBERS:
        PartnershipMember.objects.create(partnership=bodies["whole"], member=bodies[member], starts_on=BEFORE)
    order = data.draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(bodies)), st.sampled_from(DATES)), min_size=4, max_size=8, unique=True
        )
    )
    parts = [
        (bodies[name], date, "uptake", counts(register, {"england": "whole"}.get(name, name), date))
        for name, date in order
    ]
    first = data.draw(st.integers(0, len(parts) - 2))

    def one_by_one(some):
        for commissioner, date, part, numbers in some:
            shown(commissioner, date, part, purpose="test", to=None, count=lambda numbers=numbers: numbers)

    found = []
    for together in (False, True):
        before = transaction.savepoint()
        one_by_one(parts[:first])
        if together:
            show_all(parts[first:], purpose="test", to=None)
        else:
            one_by_one(parts[first:])
        found.append(said())
        transaction.savepoint_rollback(before)
    assert found[0] == found[1]


def test_reads_and_writes_do_not_grow_with_the_number_of_releases():
    register = {
        (member, date): {"cohorts": {"a": 9, "b": 8, "c": 3}, "began": 0, "ended": 0}
        for member in MEMBERS
        for date in (BEFORE, *DATES)
    }
    numbers = counts(register, "first", DATES[0])
    show_all(
        [(Commissioner.objects.get(code="ENG"), DATES[0], "uptake", counts(register, "whole", DATES[0]))],
        purpose="test",
        to=None,
    )
    statements = []
    for members in (3, 12):
        parts = [(CommissionerFactory(), DATES[0], "uptake", numbers) for _ in range(members)]
        with CaptureQueriesContext(connection) as captured:
            show_all(parts, purpose="test", to=None)
        statements.append(len(captured))
    assert statements == [13, 13]
