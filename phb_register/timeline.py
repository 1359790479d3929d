"""What this room tells of a person: their record, who acts for them, and the records merged into theirs."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from phb_register.merge_states import LABELS
from phb_register.models import Person, Representative, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.rules import nhs_number_in_groups
from phb_register.scope import can
from phb_register.selectors.merges import merges_with, records_merged_into
from phb_register.selectors.timeline import Recorded, history_of_rows
from phb_register.slots import TimelineEvent

# What is told in words of its own: a transfer, a merge.
NOT_A_CORRECTION = ("commissioner", "merged_into", "reference", "id")


def person_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """When the record was made, each correction with what stood there before, and the person's death."""
    for each in history_of_rows(Person, [person, *records_merged_into(person)]):
        if each.before is None:
            yield _event(each, "Registered", f"As {_named(each.now)}", about=each.record)
        elif said := corrections(each.before, each.now):
            yield _event(each, "Record corrected", said, about=each.record)
    if person.died_on:
        yield TimelineEvent(on=person.died_on, title="Died")


def corrections(before: Any, now: Any) -> str:
    """What a correction changed, in words: ``Family name was KITE, is KESTREL``."""
    changed = [
        field
        for field in Person._meta.concrete_fields
        if field.name not in NOT_A_CORRECTION and getattr(before, field.attname) != getattr(now, field.attname)
    ]
    said = [f"{_label(field)} was {_value(before, field.name)}, is {_value(now, field.name)}" for field in changed]
    return ". ".join(said)


def _label(field: Any) -> str:
    words = str(field.verbose_name)
    return f"{words[:1].upper()}{words[1:]}"


def _value(row: Any, name: str) -> str:
    value = getattr(row, name)
    if value in (None, ""):
        return "empty"
    if isinstance(value, dt.date):
        return spoken_date(value)
    if name == "nhs_number":
        return nhs_number_in_groups(value)
    in_words = getattr(row, f"get_{name}_display", None)
    return f"“{in_words() if in_words else value}”"


def _named(record: Any) -> str:
    number = nhs_number_in_groups(record.nhs_number) if record.nhs_number else "without an NHS number"
    return f"{record.family_name.upper()}, {record.given_name}, {number}"


def _event(each: Recorded, title: str, text: str, *, on: dt.date | None = None, about: Any = None) -> TimelineEvent:
    return TimelineEvent(
        on=on or timezone.localdate(each.at),
        title=title,
        text=text,
        by=str(each.by or ""),
        recorded_at=each.at,
        about=about,
    )


def representative_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Who began and ceased to act for the person, and by what right."""
    for each in history_of_rows(Representative, person.representatives.all()):
        row: Representative = each.record
        if each.before is None:
            text = f"{row.relationship}. {row.get_legal_basis_display()}"
            yield _event(each, f"{row.name} began to act for the person", text, on=row.starts_on, about=row)
        elif each.now.ends_on and not each.before.ends_on:
            text = row.get_legal_basis_display()
            yield _event(each, f"{row.name} ceased to act for the person", text, on=each.now.ends_on, about=row)


def merge_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Each step of the merges that the record was part of, with the other record's name."""
    for merge in merges_with(person):
        may_open = can(user, Permission.MERGE_PEOPLE, person.commissioner)
        other = merge.merged if merge.kept_id == person.pk else merge.kept
        for step in merge.transitions.all():
            note = f". {step.note}" if step.note else ""
            yield TimelineEvent(
                on=timezone.localdate(step.recorded_at),
                title=LABELS[step.action],
                text=f"With the record of {_named(other)}{note}",
                by=str(step.made_by),
                url=reverse("phb_register:merge", args=[merge.reference]) if may_open else "",
                recorded_at=step.recorded_at,
            )
