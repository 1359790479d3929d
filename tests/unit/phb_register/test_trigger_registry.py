"""The quick list of triggers says and refuses what the library's own does."""

import copy

import pgtrigger
import pytest
from pgtrigger import registry

from phb_register.models import Person, User
from phb_register.trigger_registry import QuickRegistry


def a_trigger(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


@pytest.fixture
def triggers():
    """The product's own list, for a while with more in it."""
    before = list(registry._registry)
    yield registry._registry
    for uri in set(registry._registry) - set(before):
        registry.delete(uri)


def slow(triggers: QuickRegistry) -> tuple[object, object]:
    """The library's own look-ups, over the same triggers."""
    plain = registry._Registry()
    plain.data = copy.copy(triggers.data)
    return plain.by_db_table, plain.pg_function_names


def test_look_ups_are_those_of_the_library_as_triggers_come_and_go(triggers):
    assert isinstance(triggers, QuickRegistry)
    assert (triggers.by_db_table, triggers.pg_function_names) == slow(triggers)
    uri = "phb_register.Person:come_and_gone"
    registry.set(uri, model=Person, trigger=a_trigger("come_and_gone"))
    assert (Person._meta.db_table, "come_and_gone") in triggers.by_db_table
    assert (triggers.by_db_table, triggers.pg_function_names) == slow(triggers)
    registry.delete(uri)
    registry.set("phb_register.User:come_instead", model=User, trigger=a_trigger("come_instead"))
    assert (triggers.by_db_table, triggers.pg_function_names) == slow(triggers)


def test_name_that_is_taken_is_refused(triggers):
    registry.set("phb_register.Person:taken", model=Person, trigger=a_trigger("taken"))
    other = pgtrigger.Protect(name="taken", operation=pgtrigger.Update)
    with pytest.raises(KeyError, match="already used"):
        registry.set("phb_register.Person:taken", model=Person, trigger=other)
