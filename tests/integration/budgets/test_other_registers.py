"""The registers of other ICBs in the demonstration: one file, taken in as any other."""

import datetime as dt

import pytest

from budgets.demonstration import other_registers
from budgets.models import PersonalHealthBudget, RegisterImport
from phb_register import clock, demonstration
from phb_register.demonstration_logins import OTHER_REGISTERS
from phb_register.models import User

pytestmark = pytest.mark.django_db


def load():
    other_registers.load(lambda done, total: None)


def test_registers_of_other_icbs_come_in_once_and_whole():
    demonstration.load(lambda done, total: None)
    load()
    lines = other_registers.as_file(clock.today()).splitlines()[1:]
    taken = RegisterImport.objects.get()
    assert (taken.status, taken.problems) == ("imported", [])
    budgets = PersonalHealthBudget.objects.filter(commissioner__code__in=OTHER_REGISTERS)
    assert budgets.count() == len(lines) > 200
    assert set(budgets.values_list("commissioner__code", flat=True)) == set(other_registers.BEGUN)
    load()
    assert RegisterImport.objects.count() == 1
    assert User.objects.get(email=other_registers.BY)


def test_register_of_an_earlier_day_has_what_had_begun_by_then():
    early, late = (other_registers.as_file(dt.date(year, 6, 30)).splitlines() for year in (2024, 2025))
    assert 10 < len(early) < len(late)
    assert "2024-07" not in "\n".join(early)
