"""Reads of people, for their pages."""

from typing import Any

from phb_register.models import Person
from phb_register.models.people import PersonQuerySet


def people_found(user: Any, words: str) -> PersonQuerySet:
    """People the user may see whose name contains the words, or whose NHS number it is; all of them if none given."""
    people = Person.objects.visible_to(user).select_related("commissioner")
    return people.search(words) if words.strip() else people


def person_for(user: Any, reference: Any) -> Person | None:
    """The person with this reference, if the user may see them."""
    return Person.objects.visible_to(user).select_related("commissioner").filter(reference=reference).first()
