"""Whether a trigger is to be ignored is found out quickly, and found out right."""

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction

from tests.factories.phb_register import PersonFactory

pytestmark = pytest.mark.django_db


def ignored(name: str, value: str | None) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        if value is not None:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [value])
        cursor.execute("SELECT _pgtrigger_should_ignore(%s)", [name])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("value", "is_ignored"), [(None, False), ("", False), ("{}", False), ("{other}", False), ("{other,mine}", True)]
)
def test_trigger_is_ignored_where_it_is_named(value: str | None, is_ignored: bool) -> None:
    assert ignored("mine", value) == is_ignored


def test_question_is_put_into_the_triggers_and_not_asked_by_a_call() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE proname = %s",
            ["_pgtrigger_should_ignore"],
        )
        assert cursor.fetchall() == [("sql",)]


def test_guard_holds_and_can_be_let_go() -> None:
    person = PersonFactory()
    with pytest.raises(InternalError), transaction.atomic():
        person.delete()
    with pgtrigger.ignore("phb_register.Person:person_no_delete"):
        person.delete()
