"""Reads of people, for their pages."""

import uuid
from typing import Any

from phb_register.models import Person, Representative
from phb_register.models.people import PersonQuerySet
from phb_register.roles import Permission


def people_found(user: Any, words: str) -> PersonQuerySet:
    """People the user may see whose name contains the words, or whose NHS number it is; all of them if none given."""
    people = Person.objects.visible_to(user).select_related("commissioner")
    return people.search(words) if words.strip() else people


def person_for(user: Any, reference: uuid.UUID, permission: Permission = Permission.VIEW_PEOPLE) -> Person | None:
    """The person with this reference, if the user has ``permission`` for their commissioner."""
    people = Person.objects.visible_to(user, permission).select_related("commissioner")
    return people.filter(reference=reference).first()


def representative_for(person: Person, pk: int) -> Representative | None:
    """One of the person's representatives."""
    return person.representatives.filter(pk=pk).first()


def representatives_of(person: Person) -> list[Representative]:
    """Everybody who acts or acted for a person, newest first."""
    return list(person.representatives.select_related("person"))
