"""The England that is measured on is as large as it says, of the shares it says, and valid as any register."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgets.models import MethodPart, PersonalHealthBudget
from phb_register.models import Commissioner, Person
from reporting.benchmark.england import people as country
from reporting.benchmark.england.users import make_denominators, make_readers
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted

pytestmark = pytest.mark.django_db

PEOPLE = 1_000
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def england():
    readers = make_readers()
    make_denominators(PEOPLE, TODAY)
    country.build(PEOPLE, readers.everywhere.pk, TODAY)
    return Commissioner.objects.get(code="ENG")


def test_synthetic_england_has_the_people_and_shares_it_says(england) -> None:
    in_place = PersonalHealthBudget.objects.in_place_on(TODAY)
    holders = Person.objects.filter(pk__in=in_place.values("person"))
    assert holders.count() == PEOPLE
    adults = sum(person.age_on(TODAY) >= 18 for person in holders)
    assert abs(adults - 0.86 * PEOPLE) < 0.04 * PEOPLE
    figures = figures_for(counted(england, TODAY))
    assert figures.people_in_place == PEOPLE
    assert figures.adults_in_place == adults
    expected = {"notional": 0.80, "direct_payment": 0.15, "third_party": 0.05}
    assert all(abs(figures.by_method[each] - share * PEOPLE) < 0.05 * PEOPLE for each, share in expected.items())
    assert sum(figures.by_method.values()) == PEOPLE


def test_england_is_the_sum_of_what_open_bodies_count(england) -> None:
    for as_at in (TODAY, dt.date(2021, 3, 31)):
        figures = figures_for(counted(england, as_at))
        spells = PersonalHealthBudget.objects.in_place_on(as_at).values_list("commissioner", flat=True)
        held = Counter(spells)
        bodies = Commissioner.objects.bodies().open_on(as_at)
        ids = [pk for body in bodies for pk in counted(body, as_at).ids]
        assert figures.phbs_in_place == sum(held[pk] for pk in ids) > 0


def test_synthetic_england_passes_every_foreign_key_and_has_all_of_its_history(england) -> None:
    connection.check_constraints()
    events = PersonalHealthBudget.pgh_event_model.objects
    assert events.filter(pgh_label="insert").count() == PersonalHealthBudget.objects.count()
    ended = PersonalHealthBudget.objects.filter(ended_on__isnull=False).count()
    assert events.filter(ended_on__isnull=False).count() == ended > 0
    assert MethodPart.pgh_event_model.objects.filter(pgh_label="insert").count() == MethodPart.objects.count()


def test_england_is_not_invented_in_the_register_itself() -> None:
    with pytest.raises(CommandError, match="a database of its own"):
        call_command("bench", "--part", "fill", "--england", "10")
    assert not Person.objects.exists()
