"""The worklist names the numbers that are missing or about to be too old, and empties when they are entered."""

import datetime as dt

import pytest

from phb_register.roles import Role
from reporting.worklist import missing_numbers
from tests.factories.phb_register import CommissionerFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2017, 2, 7)


@pytest.fixture
def icb():
    return CommissionerFactory(name="Testing ICB")


@pytest.fixture
def team(icb):
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=icb)


def test_missing_numbers_are_to_be_entered_today(icb, team):
    assert [(item.text, item.due_on) for item in missing_numbers(team, TODAY)] == [
        ("Enter how many people are eligible for CHC: Testing ICB", TODAY),
        ("Enter the population: Testing ICB", TODAY),
    ]


@pytest.mark.parametrize(("days", "is_listed"), [(305, False), (306, True), (366, True), (367, True)])
def test_count_comes_onto_the_list_sixty_days_before_it_is_too_old(icb, team, days, is_listed):
    PopulationFactory(commissioner=icb)
    counted_on = TODAY - dt.timedelta(days=days)
    EligiblePopulationFactory(commissioner=icb, counted_on=counted_on)
    due = [item.due_on for item in missing_numbers(team, TODAY)]
    last_day = counted_on + dt.timedelta(days=366)
    assert due == ([max(last_day, TODAY)] if is_listed else [])


def test_list_is_empty_when_all_is_there(icb, team):
    PopulationFactory(commissioner=icb)
    EligiblePopulationFactory(commissioner=icb)
    assert missing_numbers(team, TODAY) == []


def test_list_is_of_the_users_own_commissioners(icb):
    other = UserFactory(role=Role.PHB_TEAM, role__commissioner=CommissionerFactory(name="Other ICB"))
    assert all("Other ICB" in item.text for item in missing_numbers(other, TODAY))


def test_home_page_lists_them(client, team):
    client.force_login(team)
    content = client.get("/").content.decode()
    assert "Numbers that the dashboard needs" in content
    assert "Enter the population: Testing ICB" in content
