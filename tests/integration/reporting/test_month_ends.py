"""The figures of a month's end are fixed by themselves, five days later, for readers who see no people."""

import datetime as dt

import pytest

from offers.models import Cohort
from phb_register.models import Commissioner, CommissionerKind, PartnershipMember
from phb_register.roles import Role
from reporting.models import FigureRelease
from reporting.selectors.scope import counted
from reporting.services.month_ends import fix_month_end
from reporting.services.releases import release_for
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = dt.date(2026, 9, 30), dt.date(2026, 10, 31)


@pytest.fixture
def body() -> Commissioner:
    found: Commissioner = CommissionerFactory()
    return found


def start(body: Commissioner, number: int) -> None:
    for _ in range(number):
        day = dt.date(2026, 5, 1)
        bare_budget(body, cohort=Cohort.objects.get(code="chc"), agreed_on=day, started_on=day)


@pytest.mark.parametrize(
    ("today", "as_at"),
    [
        (dt.date(2026, 11, 4), SEPTEMBER),
        (dt.date(2026, 11, 5), OCTOBER),
        (dt.date(2026, 11, 22), OCTOBER),
    ],
)
def test_month_end_is_fixed_five_days_later(body: Commissioner, today: dt.date, as_at: dt.date) -> None:
    UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body)
    fix_month_end(today)
    assert [each.as_at for each in FigureRelease.objects.filter(commissioner=body)] == [as_at]


def test_board_sees_what_was_known_then_and_done_again_nothing_changes(body: Commissioner) -> None:
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body)
    start(body, 9)
    fix_month_end(dt.date(2026, 11, 5))
    start(body, 6)
    fix_month_end(dt.date(2026, 11, 6))
    seen = release_for(board, counted(body, OCTOBER), purpose="dashboard")
    assert seen.cell("phbs_in_place").value == 9
    assert FigureRelease.objects.filter(commissioner=body).count() == 1


def test_nothing_is_fixed_where_everybody_sees_the_people(body: Commissioner) -> None:
    UserFactory(role=Role.PHB_TEAM, role__commissioner=body)
    fix_month_end(dt.date(2026, 11, 5))
    assert not FigureRelease.objects.filter(commissioner=body).exists()


def test_members_of_a_partnership_are_fixed_with_it() -> None:
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    member = CommissionerFactory()
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=member.opened_on)
    UserFactory(role=Role.GOVERNING_BODY, role__commissioner=partnership)
    start(member, 6)
    fix_month_end(dt.date(2026, 11, 5))
    fixed = FigureRelease.objects.filter(as_at=OCTOBER, purpose="month-end")
    assert set(fixed.values_list("commissioner", flat=True)) == {partnership.pk, member.pk}
