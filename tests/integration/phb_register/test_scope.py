import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from phb_register.models import Commissioner, PartnershipMember, Person, Succession
from phb_register.roles import ROLE_PERMISSIONS, Permission, Role
from phb_register.scope import can, commissioner_ids
from phb_register.selectors.commissioners import members_on
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

LLR_BODIES = {"04C", "04V", "03W"}


def codes(commissioner: str, on: dt.date) -> set[str]:
    counted = Commissioner.objects.counted_with(Commissioner.objects.get(code=commissioner), on)
    return set(counted.values_list("code", flat=True))


def test_reference_data_has_every_commissioner_with_its_successor() -> None:
    assert Commissioner.objects.filter(kind="ccg").count() == 224
    assert Commissioner.objects.filter(kind="icb").count() == 42
    last_day = dt.date(2022, 6, 30)
    assert Commissioner.objects.filter(kind="ccg").open_on(last_day).count() == 106  # type: ignore[attr-defined]
    closed = Commissioner.objects.filter(closed_on__isnull=False)
    assert closed.count() == Succession.objects.filter(is_main=True).count() == 224


@pytest.mark.parametrize(
    ("commissioner", "on", "counted"),
    [
        ("LLR", dt.date(2017, 2, 7), LLR_BODIES),
        ("LLR", dt.date(2022, 6, 30), LLR_BODIES),
        ("LLR", dt.date(2022, 7, 1), {"QK1", *LLR_BODIES}),
        ("QK1", dt.date(2022, 7, 1), {"QK1", *LLR_BODIES}),
        ("QK1", dt.date(2022, 6, 30), set()),
        ("04C", dt.date(2022, 6, 30), {"04C"}),
        ("04C", dt.date(2022, 7, 1), set()),
        ("QSL", dt.date(2026, 1, 1), {"QSL", "11X"}),
        # Two steps: four CCGs became one in 2020, and that one became an ICB in 2022.
        ("92A", dt.date(2021, 1, 1), {"92A", "09L", "09N", "09Y", "99H"}),
        ("QXU", dt.date(2023, 1, 1), {"QXU", "92A", "09L", "09N", "09Y", "99H"}),
        ("QNQ", dt.date(2023, 1, 1), {"QNQ", "D4U1Y", "10C", "15D", "99M"}),
    ],
)
def test_records_count_for_the_commissioner_that_is_open(commissioner: str, on: dt.date, counted: set[str]) -> None:
    assert codes(commissioner, on) == counted


@pytest.mark.parametrize("on", [dt.date(2013, 4, 1), dt.date(2020, 4, 1), dt.date(2022, 6, 30), dt.date(2022, 7, 1)])
def test_every_commissioner_counts_for_exactly_one_open_body_on_any_day(on: dt.date) -> None:
    seen: list[int] = []
    for body in Commissioner.objects.bodies().open_on(on):
        seen += Commissioner.objects.counted_with(body, on).values_list("pk", flat=True)
    opened = Commissioner.objects.bodies().filter(opened_on__lte=on).values_list("pk", flat=True)
    assert sorted(seen) == sorted(opened)


@pytest.mark.parametrize("on", [dt.date(2018, 4, 1), dt.date(2022, 6, 30), dt.date(2022, 7, 1)])
def test_england_counts_whatever_the_open_bodies_count(on: dt.date) -> None:
    counted: set[str] = set()
    for body in Commissioner.objects.bodies().open_on(on):
        counted |= codes(body.code, on)
    assert codes("ENG", on) == counted
    assert set(members_on(Commissioner.objects.get(code="ENG"), on)) == set(Commissioner.objects.bodies().open_on(on))


def test_only_a_member_of_england_may_use_its_figures() -> None:
    england = Commissioner.objects.get(code="ENG")
    analyst = UserFactory(role=Role.ANALYST, role__commissioner=england)
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=Commissioner.objects.get(code="LLR"))
    assert can(analyst, Permission.VIEW_FIGURES, england)
    assert can(analyst, Permission.VIEW_FIGURES, Commissioner.objects.get(code="QK1"))
    assert not can(team, Permission.VIEW_FIGURES, england)


@pytest.mark.parametrize("code", ["LLR", "ENG"])
def test_only_a_body_is_accountable_for_a_person(code: str) -> None:
    with pytest.raises(IntegrityError, match="Only a CCG or an ICB"), transaction.atomic():
        PersonFactory(commissioner=Commissioner.objects.get(code=code))


def test_user_of_a_partnership_sees_the_people_of_its_members_and_of_nobody_else() -> None:
    llr = Commissioner.objects.get(code="LLR")
    nurse = UserFactory(role=Role.REFERRING_NURSE, role__commissioner=llr)
    ours = [PersonFactory(commissioner=Commissioner.objects.get(code=code)) for code in ("04C", "03W", "QK1")]
    PersonFactory(commissioner=Commissioner.objects.get(code="11X"))
    assert set(Person.objects.visible_to(nurse)) == set(ours)


def test_user_whose_membership_has_ended_sees_nobody() -> None:
    commissioner = CommissionerFactory()
    PersonFactory(commissioner=commissioner)
    membership = MembershipFactory(commissioner=commissioner, ends_on=dt.date(2020, 1, 2))
    with time_machine.travel("2020-01-01T12:00:00+00:00"):
        assert Person.objects.visible_to(membership.user).count() == 1
    with time_machine.travel("2020-01-02T12:00:00+00:00"):
        assert Person.objects.visible_to(membership.user).count() == 0


def test_inactive_user_sees_nobody() -> None:
    commissioner = CommissionerFactory()
    PersonFactory(commissioner=commissioner)
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner, is_active=False)
    assert not Person.objects.visible_to(user).exists()


def test_member_that_left_a_partnership_is_out_of_its_scope_from_that_day() -> None:
    partnership = CommissionerFactory(kind="partnership")
    body = CommissionerFactory()
    PartnershipMember.objects.create(
        partnership=partnership, member=body, starts_on=dt.date(2015, 4, 1), ends_on=dt.date(2018, 4, 1)
    )
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=partnership)
    assert body.pk in commissioner_ids(user, Permission.VIEW_PEOPLE, dt.date(2018, 3, 31))
    assert body.pk not in commissioner_ids(user, Permission.VIEW_PEOPLE, dt.date(2018, 4, 1))


@pytest.mark.parametrize("role", list(Role))
def test_role_gives_its_permissions_for_its_own_commissioner_only(role: Role) -> None:
    commissioner, other = CommissionerFactory(), CommissionerFactory()
    user = UserFactory(role=role, role__commissioner=commissioner)
    held = {permission for permission in Permission if can(user, permission, commissioner)}
    assert held == ROLE_PERMISSIONS[role]
    assert not any(can(user, permission, other) for permission in Permission)


def test_nobody_who_sees_no_person_can_reach_one_by_another_permission() -> None:
    for role in (Role.GOVERNING_BODY, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.APPROVER):
        user = UserFactory(role=role, role__commissioner=CommissionerFactory())
        assert not commissioner_ids(user, Permission.VIEW_PEOPLE)
        assert not commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
