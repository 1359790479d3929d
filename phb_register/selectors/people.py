"""Reads of people, for their pages."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q

from phb_register.models import Person, Representative
from phb_register.models.people import PersonQuerySet
from phb_register.roles import Permission

# More than these alike are no help to tell one from another.
LONGEST_LIKE = 10
# In letters. No name is longer, and each word is looked for by itself.
LONGEST_WORDS = 200


def people_found(user: Any, words: str) -> PersonQuerySet:
    """People the user may see whose name contains the words, or whose NHS number it is; all of them if none given.

    Nobody is found by more words than a name has, or by what the database cannot hold.
    """
    people = Person.objects.visible_to(user).current().select_related("commissioner")
    if len(words) > LONGEST_WORDS or "\x00" in words:
        return people.none()
    return people.search(words) if words.strip() else people


def people_like(
    user: Any,
    *,
    family_name: str,
    given_name: str,
    born_on: dt.date,
    but: Person | None = None,
    permission: Permission = Permission.VIEW_PEOPLE,
) -> list[Person]:
    """People whom the user may see and who may be the same as one of this name and date of birth, the likest first."""
    visible = Person.objects.visible_to(user, permission).select_related("commissioner")
    like = visible.like(family_name=family_name, given_name=given_name, born_on=born_on)
    return list(like.exclude(pk__in=[but.pk] if but else [])[:LONGEST_LIKE])


def person_with_number(user: Any, nhs_number: str, permission: Permission) -> Person | None:
    """Who has this NHS number, if the user has ``permission`` for their commissioner."""
    if not nhs_number.isdecimal():
        return None
    return Person.objects.visible_to(user, permission).with_nhs_number(nhs_number).first()


def person_for(user: Any, reference: uuid.UUID, permission: Permission = Permission.VIEW_PEOPLE) -> Person | None:
    """The person with this reference, if the user has ``permission`` for their commissioner, and it is not merged."""
    return (
        Person.objects.visible_to(user, permission)
        .current()
        .select_related("commissioner")
        .filter(reference=reference)
        .first()
    )


def kept_record_of(user: Any, reference: uuid.UUID) -> tuple[Person, Person] | None:
    """A merged record with this reference, and the one it leads to, if the user may see both."""
    visible = Person.objects.visible_to(user).select_related("commissioner")
    merged = visible.filter(reference=reference, merged_into__isnull=False).first()
    kept = visible.filter(pk__in=[merged.merged_into_id]).first() if merged else None
    return (merged, kept) if merged and kept else None


def numbers_of(person: Person) -> set[str]:
    """The NHS numbers of a person: that of their record, and those of records merged into it."""
    rows = Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person)).exclude(nhs_number=None)
    return {number for number in rows.values_list("nhs_number", flat=True) if number}


def representative_for(person: Person, pk: int) -> Representative | None:
    """One of the person's representatives."""
    return person.representatives.filter(pk=pk).first()


def representatives_of(person: Person) -> list[Representative]:
    """Everybody who acts or acted for a person, newest first."""
    return list(person.representatives.select_related("person"))
