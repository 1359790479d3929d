"""Merging two records of one person, and taking them apart again: asked for by one user, reviewed by another."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, models, transaction

from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.merge_states import (
    APPROVE,
    ASK_REVERSAL,
    DECLINE,
    KEEP,
    ONE_RECORD,
    PROPOSE,
    REVERSE,
    MergeStatus,
    MergeStep,
)
from phb_register.models import Person, PersonMerge, PersonMergeTransition, User
from phb_register.roles import Permission
from phb_register.scope import check
from phb_register.selectors.merges import (
    Relation,
    are_of_different_commissioners,
    has_two_numbers,
    obstacles,
    person_relations,
)

UNIQUE_VIOLATION = "23505"
DEADLOCK = "40P01"

_Service = TypeVar("_Service", bound=Callable[..., PersonMerge])


def _whole(service: _Service) -> _Service:
    """Run in one transaction. Where that and another wait for each other, PostgreSQL ends one: ask to try again."""

    @wraps(service)
    def run(**given: Any) -> PersonMerge:
        try:
            with transaction.atomic():
                return service(**given)
        except OperationalError as fault:
            if getattr(fault.__cause__, "pgcode", None) != DEADLOCK:
                raise
            raise Refused("Somebody changed one of the two records at the same moment. Try again") from fault

    return run  # type: ignore[return-value]


@_whole
def propose_merge(
    *, kept: Person, merged: Person, by: User, reason: str, has_two_numbers_confirmed: bool = False
) -> PersonMerge:
    """Propose to read ``merged`` as ``kept`` from now on. Nothing changes before somebody else has reviewed it.

    ``has_two_numbers_confirmed`` is the user's word that both NHS numbers are of this person, where there are two.
    Raises ``Refused`` with what stands against it and the remedy, or ``PermissionDenied``.
    """
    people = _locked_people(kept, merged)
    _check_may_merge(by, *people)
    if not reason.strip():
        raise Refused("Enter why the two records are of one person", field="reason")
    _refuse_if(obstacles(*people, today=clock.today()))
    is_confirmed = has_two_numbers(*people) and has_two_numbers_confirmed
    if has_two_numbers(*people) and not is_confirmed:
        raise Refused(
            "The records have different NHS numbers. Check both, and confirm that both are of this person",
            field="has_two_numbers_confirmed",
        )
    merge = PersonMerge.objects.create(
        kept=kept, merged=merged, reason=reason.strip(), proposed_by=by, has_two_numbers_confirmed=is_confirmed
    )
    _record(merge, PROPOSE, by=by, note=merge.reason)
    return merge


@_whole
def approve_merge(*, merge: PersonMerge, by: User, note: str = "") -> PersonMerge:
    """Merge the records: every row that points to the one points to the other afterwards, and is listed in ``moved``.

    The merged record stays, with all that is told of it, and leads to the kept one. Raises ``Refused`` where who
    reviews is who proposed, where it was reviewed already, or where rows of the two records exclude each other.
    """
    held = _held(merge, APPROVE, by=by)
    for relation in person_relations():
        _lock(relation.rows_of(held.merged))
    kept, merged = _locked_people(held.kept, held.merged)
    _refuse_if(obstacles(kept, merged, today=clock.today(), but_for=held))
    # The merge first: the database moves rows and marks the record only by one that was reviewed.
    held.status, held.approved_by = APPROVE.to_status, by
    held.save(update_fields=["status", "approved_by"])
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    held.moved = [
        {"model": relation.label, "field": relation.field, "ids": moved}
        for relation in person_relations()
        if (moved := _move(relation, relation.rows_of(merged), kept))
    ]
    held.save(update_fields=["moved"])
    rows = sum(len(entry["ids"]) for entry in held.moved)
    _record(held, APPROVE, by=by, note=note, detail={"rows": rows})
    return held


@_whole
def decline_merge(*, merge: PersonMerge, by: User, note: str) -> PersonMerge:
    """Leave the records as they are. Raises ``Refused`` without a reason, or as ``approve_merge`` does."""
    held = _held(merge, DECLINE, by=by)
    return _moved_on(held, DECLINE, by=by, note=_given(note, "Enter why the records are not to be merged"))


@_whole
def ask_reversal(*, merge: PersonMerge, by: User, reason: str) -> PersonMerge:
    """Ask that a merge is reversed, because the two records are of two people after all."""
    held = _held(merge, ASK_REVERSAL, by=by)
    held.reversal_asked_by = by
    held.reversal_reason = _given(reason, "Enter why the records are of two people", field="reason")
    held.save(update_fields=["reversal_asked_by", "reversal_reason"])
    return _moved_on(held, ASK_REVERSAL, by=by, note=held.reversal_reason)


@_whole
def keep_merged(*, merge: PersonMerge, by: User, note: str) -> PersonMerge:
    """Leave the records merged, though a reversal was asked for."""
    held = _held(merge, KEEP, by=by)
    return _moved_on(held, KEEP, by=by, note=_given(note, "Enter why the records stay merged"))


@_whole
def reverse_merge(*, merge: PersonMerge, by: User, note: str = "") -> PersonMerge:
    """Take the records apart: exactly the rows that the merge moved go back, with what was since made from them.

    Rows entered since, that come of none of those, stay where they were entered.
    """
    held = _held(merge, REVERSE, by=by)
    for relation in person_relations():
        _lock(relation.rows_of(held.kept))
    kept, merged = _locked_people(held.kept, held.merged)
    if are_of_different_commissioners(kept, merged, clock.today()):
        raise Refused("The person moved to another commissioner since the merge. Transfer them back first")
    held.status, held.reversed_by = REVERSE.to_status, by
    held.save(update_fields=["status", "reversed_by"])
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    back = _going_back(held, kept)
    for relation, ids in back.items():
        _move(relation, relation.rows_of(kept).filter(pk__in=ids), merged)
    _record(held, REVERSE, by=by, note=note, detail={"rows": sum(map(len, back.values()))})
    return held


def _going_back(merge: PersonMerge, kept: Person) -> dict[Relation, set[int]]:
    """The rows that a reversal moves back: those that were moved, and those made from one of them since.

    A budget agreed after the merge from a referral that goes back goes with it, or the two would be about two people.
    """
    listed = {(entry["model"], entry["field"]): set(entry["ids"]) for entry in merge.moved}
    back = {each: listed.get((each.label, each.field), set()) for each in person_relations()}
    is_growing = True
    while is_growing:
        is_growing = False
        for relation, ids in back.items():
            for link in relation.model._meta.concrete_fields:
                sources = [each for each in back if each.model is link.related_model and back[each]]
                if not isinstance(link, models.ForeignKey) or link.name == relation.field:
                    continue
                for source in sources:
                    rows = relation.rows_of(kept).filter(**{f"{link.name}__in": back[source]})
                    further = set(rows.values_list("pk", flat=True)) - ids
                    if further:
                        ids |= further
                        is_growing = True
    return back


def _move(relation: Relation, rows: "models.QuerySet[Any]", to: Person) -> list[int]:
    """Point the rows to a person; returns which. A row that the person has already, in other letters, stays."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return []
    if not getattr(relation.model, "same_row_stays_on_merge", False):
        _point(relation, ids, to)
        return ids
    moved = []
    for pk in ids:
        try:
            _point(relation, [pk], to)
        except _AlreadyThere:
            continue
        moved.append(pk)
    return moved


class _AlreadyThere(Refused):
    """The person has a row that excludes this one, as it says the same."""


def _point(relation: Relation, ids: list[int], to: Person) -> None:
    try:
        with transaction.atomic():
            relation.model._base_manager.filter(pk__in=ids).update(**{relation.field: to})
    except IntegrityError as fault:
        name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None)
        messages = {each.name: each.violation_error_message for each in relation.model._meta.constraints}
        said = messages.get(name or "")
        kind = _AlreadyThere if getattr(fault.__cause__, "pgcode", None) == UNIQUE_VIOLATION else Refused
        raise kind(
            f"The two records cannot be merged as they are. {relation.title}: {said or str(fault).splitlines()[0]}. "
            "Change one of the two records first"
        ) from fault


def _lock(rows: "models.QuerySet[Any]") -> None:
    """Hold rows until the end of the transaction: what changes one of them now is waited for, and waits."""
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def _locked_people(*people: Person) -> list[Person]:
    """The records as they now stand, held until the end of the transaction, in the order given."""
    held = Person.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([each.pk for each in people])
    return [held[each.pk] for each in people]


def _held(merge: PersonMerge, step: MergeStep, *, by: User) -> PersonMerge:
    """The merge as it now stands, held until the end of the transaction, if the user may do this to it now."""
    held = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    _check_may_merge(by, *([held.kept] if held.status in ONE_RECORD else [held.kept, held.merged]))
    if held.status != step.from_status:
        raise Refused(f"This was dealt with already: {held.get_status_display().lower()}. Look at it again")
    asked_by = held.proposed_by_id if held.status == MergeStatus.PROPOSED else held.reversal_asked_by_id
    if step.is_review and asked_by == by.pk:
        raise Refused("Somebody else has to review this: you asked for it yourself")
    return held


def _check_may_merge(by: User, *people: Person) -> None:
    for person in people:
        check(by, Permission.MERGE_PEOPLE, person.commissioner)


def _refuse_if(found: list[str]) -> None:
    if found:
        raise Refused(". ".join(found))


def _given(words: str, remedy: str, field: str = "note") -> str:
    if not words.strip():
        raise Refused(remedy, field=field)
    return words.strip()


def _moved_on(merge: PersonMerge, step: MergeStep, *, by: User, note: str) -> PersonMerge:
    merge.status = step.to_status
    merge.save(update_fields=["status"])
    _record(merge, step, by=by, note=note)
    return merge


def _record(
    merge: PersonMerge, step: MergeStep, *, by: User, note: str = "", detail: dict[str, Any] | None = None
) -> None:
    """The append-only row and the access log entries of one step: one for each of the two records."""
    PersonMergeTransition.objects.create(
        merge=merge,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note.strip(),
        made_by=by,
    )
    for person in (merge.kept, merge.merged):
        audit.record(
            actor=by,
            action=f"merge-{step.action.replace('_', '-')}",
            subject=person,
            detail={"merge": merge.pk, **(detail or {})},
        )
