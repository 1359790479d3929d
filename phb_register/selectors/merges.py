"""What hangs on a person, and what stands against merging two records.

The rows are found by the relations that the models declare, so that a room need not tell that its rows hang on a
person: whatever has a foreign key to one is counted, moved and moved back.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.db import models
from django.db.models import Count
from pghistory.models import Event

from phb_register import slots
from phb_register.merge_states import ONE_RECORD, MergeStatus
from phb_register.models import Person, PersonMerge, User
from phb_register.models.merges import PersonMergeQuerySet
from phb_register.roles import Permission
from phb_register.rules import nhs_number_in_groups
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import accountable_on
from phb_register.selectors.people import people_like

# Which record was merged into which is no property of the person, and is not moved.
NEVER_MOVED = (Person, PersonMerge)


@dataclass(frozen=True)
class Relation:
    """A table whose rows hang on a person, and the column by which they do."""

    model: type[models.Model]
    field: str

    @property
    def label(self) -> str:
        """Its name in the list of moved rows: ``eligibility.referral``."""
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        """Its rows in words: ``Referrals``."""
        words = str(self.model._meta.verbose_name_plural)
        return f"{words[:1].upper()}{words[1:]}"

    def rows_of(self, person: Person) -> "models.QuerySet[Any]":
        """The rows that hang on a person."""
        return self.model._base_manager.filter(**{self.field: person})


def person_relations() -> list[Relation]:
    """Every table whose rows hang on a person, each after those that its rows come of (a budget after its referral).

    Row histories stay as they were written.
    """
    found = [
        Relation(relation.related_model, relation.field.name)
        for relation in Person._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and _is_moved(relation.related_model)
    ]
    found.sort(key=lambda each: (each.label, each.field))
    kinds = list(dict.fromkeys(each.model for each in found))
    comes_of = {kind: [other for other in kinds if other is not kind and _points_to(kind, other)] for kind in kinds}
    order = list(TopologicalSorter(comes_of).static_order())
    return sorted(found, key=lambda each: order.index(each.model))


def _points_to(model: type[models.Model], other: type[models.Model]) -> bool:
    return any(field.related_model is other for field in model._meta.concrete_fields)


def _is_moved(model: Any) -> bool:
    """A model says itself that its rows tell what was once worked out, and stay (``stays_on_merge``)."""
    return not issubclass(model, (Event, *NEVER_MOVED)) and not getattr(model, "stays_on_merge", False)


@dataclass(frozen=True)
class Hanging:
    """How many rows of one kind hang on each of two records."""

    title: str
    on_kept: int
    on_merged: int


def hanging_on(kept: Person, merged: Person) -> list[Hanging]:
    """Everything that hangs on each of two records, by kind; without kinds of which there is nothing. One read each."""
    found = []
    for relation in person_relations():
        rows = relation.model._base_manager.filter(**{f"{relation.field}__in": [kept.pk, merged.pk]}).order_by()
        counts = dict(rows.values_list(relation.field).annotate(Count("pk")))
        if counts:
            found.append(Hanging(relation.title, counts.get(kept.pk, 0), counts.get(merged.pk, 0)))
    return found


def has_two_numbers(kept: Person, merged: Person) -> bool:
    """Whether the records have different NHS numbers, of which one person has one."""
    return bool(kept.nhs_number and merged.nhs_number)


def obstacles(kept: Person, merged: Person, *, today: dt.date, but_for: PersonMerge | None = None) -> list[str]:
    """What stands against merging ``merged`` into ``kept``, each with its remedy; ``but_for`` is the merge itself."""
    if kept == merged:
        return ["Select two records: one to keep, and one to merge into it"]
    found: list[str] = []
    for person in (kept, merged):
        if person.merged_into_id is not None:
            found.append(f"{_named(person)} was merged into another record already. Use that record")
    if Person.objects.filter(merged_into=merged).exists():
        found.append(f"Other records were merged into {_named(merged)}. Keep that record, and merge the other into it")
    waiting = PersonMerge.objects.filter(status=MergeStatus.PROPOSED).exclude(pk__in=[but_for.pk] if but_for else [])
    if waiting.filter(models.Q(kept__in=[kept, merged]) | models.Q(merged__in=[kept, merged])).exists():
        found.append("One of the records is part of another merge that waits for a review. Review that one first")
    if are_of_different_commissioners(kept, merged, today):
        found.append("The records belong to different commissioners. Transfer one of the two people first")
    if merged.nhs_number and not kept.nhs_number:
        found.append("Only the record to be merged has an NHS number. Keep that one instead")
    return [*found, *(obstacle for check in slots.merge_checks for obstacle in check.find(kept, merged))]


def are_of_different_commissioners(one: Person, other: Person, today: dt.date) -> bool:
    """Whether two bodies answer for the records today; a commissioner that closed counts as its successor."""
    return accountable_on(one.commissioner, today) != accountable_on(other.commissioner, today)


def _named(person: Person) -> str:
    number = nhs_number_in_groups(person.nhs_number) if person.nhs_number else "no NHS number"
    return f"{person.display_name} ({number})"


def merge_for(user: User, reference: uuid.UUID) -> PersonMerge | None:
    """The merge with this reference, if the user merges people for the commissioners of both records."""
    return _merges_of(user).filter(reference=reference).first()


def merges_of(user: User) -> PersonMergeQuerySet:
    """The merges of the user's commissioners, the latest first."""
    return _merges_of(user)


def merges_to_review(user: User, limit: int) -> list[PersonMerge]:
    """Those that wait for this user's review: asked for by somebody else, the longest waiting first."""
    waiting = _merges_of(user).waiting()
    return list(
        waiting.exclude(status=MergeStatus.PROPOSED, proposed_by=user).exclude(
            status=MergeStatus.REVERSAL_ASKED, reversal_asked_by=user
        )[:limit]
    )


def _merges_of(user: User) -> PersonMergeQuerySet:
    """Of both records; once they are one, of the kept one alone: the person may have been transferred since."""
    ids = commissioner_ids(user, Permission.MERGE_PEOPLE)
    rows = PersonMerge.objects.visible_to(user).filter(
        models.Q(merged__commissioner__in=ids) | models.Q(status__in=ONE_RECORD)
    )
    return rows.select_related(
        "kept__commissioner", "merged__commissioner", "proposed_by", "approved_by", "reversal_asked_by", "reversed_by"
    )


def merges_with(person: Person) -> list[PersonMerge]:
    """Every merge that a record was ever part of, the latest first."""
    rows = PersonMerge.objects.filter(models.Q(kept=person) | models.Q(merged=person))
    return list(rows.select_related("kept", "merged", "proposed_by").prefetch_related("transitions__made_by"))


def others_like(user: User, person: Person) -> list[Person]:
    """Other records of people like this one that the user may merge with it, the likest first."""
    return people_like(
        user,
        family_name=person.family_name,
        given_name=person.given_name,
        born_on=person.born_on,
        but=person,
        permission=Permission.MERGE_PEOPLE,
    )


def moved_under(person: Person) -> dict[tuple[str, int], Person]:
    """For each row that a merge brought to this record, the record under which it was entered."""
    merges = PersonMerge.objects.filter(kept=person, status__in=ONE_RECORD).select_related("merged")
    return {(entry["model"], pk): merge.merged for merge in merges for entry in merge.moved for pk in entry["ids"]}


def records_merged_into(person: Person) -> list[Person]:
    """The records that were merged into this one and still are."""
    return list(Person.objects.filter(merged_into=person).select_related("commissioner"))
