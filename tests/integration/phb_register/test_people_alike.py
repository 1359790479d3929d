"""Who may be the same person: by name and date of birth, through an index, and never another commissioner's."""

import datetime as dt

import pytest
from django.db import connection

from phb_register.models import Commissioner, Person, User
from phb_register.roles import Role
from phb_register.selectors.people import people_like
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

BORN_ON = dt.date(1961, 7, 4)
NAMED = {"family_name": "Kestrel", "given_name": "Testa", "born_on": BORN_ON}


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"family_name": "kestral"},
        {"family_name": "Kestrel-Smith", "given_name": "Theresa"},
        {"family_name": "Married", "given_name": "Testa"},
        {"family_name": "Testa", "given_name": "Kestrel"},
        {"born_on": dt.date(1961, 4, 7)},
        {"born_on": dt.date(1961, 4, 7), "family_name": "Kestral", "given_name": "Tessa"},
        {"born_on": dt.date(1961, 4, 7), "family_name": "Testa", "given_name": "Kestrel"},
    ],
)
def test_person_is_like_another(commissioner: Commissioner, nurse: User, stored: dict[str, object]) -> None:
    person = PersonFactory(commissioner=commissioner, **{**NAMED, **stored})
    assert people_like(nurse, **NAMED) == [person]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stored",
    [
        {"family_name": "Wagtail", "given_name": "Nora"},
        {"born_on": dt.date(1961, 7, 5)},
        {"born_on": dt.date(1961, 4, 7), "family_name": "Wagtail"},
        {"born_on": dt.date(1961, 4, 7), "given_name": "Nora"},
        {"family_name": "Testa", "given_name": "Nora"},
    ],
)
def test_person_is_not_like_another(commissioner: Commissioner, nurse: User, stored: dict[str, object]) -> None:
    PersonFactory(commissioner=commissioner, **{**NAMED, **stored})
    assert people_like(nurse, **NAMED) == []  # type: ignore[arg-type]


def test_the_likest_comes_first_and_nobody_elses(commissioner: Commissioner, nurse: User) -> None:
    alike = [
        PersonFactory(commissioner=commissioner, **{**NAMED, "family_name": name})
        for name in ("Kest", "Kestrel", "Kestral")
    ]
    PersonFactory(**NAMED)
    assert people_like(nurse, **NAMED) == [alike[1], alike[2], alike[0]]  # type: ignore[arg-type]
    assert people_like(nurse, **NAMED, but=alike[1]) == [alike[2], alike[0]]  # type: ignore[arg-type]


def test_people_alike_and_holders_of_a_number_are_read_by_index(commissioner: Commissioner, nurse: User) -> None:
    PersonFactory(commissioner=commissioner, **NAMED)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO phb_register_person (reference, commissioner_id, nhs_number_missing_reason, family_name,
                given_name, born_on, sex, ethnic_category, postcode, gp_practice, communication_format)
            SELECT gen_random_uuid(), %s, 'awaited', 'Kestrel', 'Testa', date '1940-01-01' + 7 * each,
                'female', '99', '', '', 'standard'
            FROM generate_series(1, 4000) AS each
            """,
            [commissioner.pk],
        )
        cursor.execute("ANALYZE phb_register_person")
    visible = Person.objects.visible_to(nurse)
    assert "person_by_birth" in visible.like(**NAMED).explain()  # type: ignore[arg-type]
    by_number = visible.with_nhs_number("9990000018").explain()
    assert "nhs_number" in by_number
    assert "Seq Scan" not in by_number
