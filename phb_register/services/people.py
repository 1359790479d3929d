"""Registering people and those who act for them."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction

from phb_register import audit, clock, rules, slots
from phb_register.exceptions import HeldElsewhere, PossibleDuplicates, Refused
from phb_register.models import Commissioner, LegalBasis, Person, Representative, User
from phb_register.roles import Permission
from phb_register.scope import can, check
from phb_register.selectors.people import people_like

IDENTITY = ("family_name", "given_name", "born_on")
HELD_ELSEWHERE = (
    "Somebody with this NHS number is on the register of another commissioner. Ask your PHB team to arrange a transfer"
)


@transaction.atomic
def register_person(
    *,
    commissioner: Commissioner,
    by: User,
    family_name: str,
    given_name: str,
    born_on: dt.date,
    nhs_number: str | None = None,
    nhs_number_missing_reason: str = "",
    **details: Any,
) -> tuple[Person, bool]:
    """Put a person on the register, or find the one with the same NHS number. Returns (person, is new).

    Two users who enter one NHS number at the same moment get the same person: the second insert meets the unique
    constraint and reads what the first wrote. ``details`` are further fields of ``Person``. Raises ``Refused``
    with the remedy, ``HeldElsewhere`` if the person is another commissioner's, ``PermissionDenied``.
    """
    check(by, Permission.EDIT_PEOPLE, commissioner)
    if not commissioner.is_body:
        raise Refused(
            "Select the commissioner responsible for the person, not the partnership or nation", field="commissioner"
        )
    number = rules.nhs_number_digits(nhs_number) if nhs_number else None
    if number and (fault := rules.nhs_number_fault(number)):
        raise Refused(fault, field="nhs_number")
    if number and (known := _known(number, by)):
        return known, False
    try:
        with transaction.atomic():
            person = Person.objects.create(
                commissioner=commissioner,
                nhs_number=number,
                nhs_number_missing_reason="" if number else nhs_number_missing_reason,
                family_name=family_name.strip(),
                given_name=given_name.strip(),
                born_on=born_on,
                **details,
            )
    except IntegrityError:
        known = _known(number, by) if number else None
        if known is None:
            raise
        return known, False
    audit.record(actor=by, action="register-person", subject=person)
    return person, True


def counted_person(person: Person) -> Person:
    """The record that counts for a person now, held until the end of the transaction.

    Somebody may have merged the one at hand into another a moment ago: what is entered then belongs to that one.
    """
    held = _held(person.pk)
    return held if held.merged_into_id is None else _held(held.merged_into_id)


def _held(pk: int) -> Person:
    return Person.objects.select_for_update(of=("self",), no_key=True).select_related("commissioner").get(pk=pk)


def _known(nhs_number: str, by: User) -> Person | None:
    person = Person.objects.with_nhs_number(nhs_number).select_related("commissioner").first()
    if person is not None and not can(by, Permission.VIEW_PEOPLE, person.commissioner):
        raise HeldElsewhere(HELD_ELSEWHERE, field="nhs_number")
    return person


@transaction.atomic
def correct_person(*, person: Person, by: User, is_not: Collection[Person] = (), **changes: Any) -> Person:
    """Change a person's details; the row history keeps what stood there before.

    ``is_not`` are those of whom the user said that they are somebody else. Raises ``PossibleDuplicates`` where the
    new name or date of birth is like that of others the user may see, ``Refused`` or ``PermissionDenied``.
    """
    locked = _held(person.pk)
    check(by, Permission.EDIT_PEOPLE, locked.commissioner)
    if locked.merged_into_id is not None:
        raise Refused("This record was merged into another. Correct that one")
    if changes.get("nhs_number"):
        changes["nhs_number"] = rules.nhs_number_digits(changes["nhs_number"])
        changes["nhs_number_missing_reason"] = ""
        if fault := rules.nhs_number_fault(changes["nhs_number"]):
            raise Refused(fault, field="nhs_number")
        if Person.objects.filter(nhs_number=changes["nhs_number"]).exclude(pk=locked.pk).exists():
            raise Refused(
                "Somebody else on the register has this NHS number. Check both records before you change either",
                field="nhs_number",
            )
    if not changes.keys().isdisjoint(IDENTITY):
        named = {name: changes.get(name, getattr(locked, name)) for name in IDENTITY}
        alike = people_like(by, but=locked, **named)
        if not set(alike) <= set(is_not):
            raise PossibleDuplicates(alike)
    differing = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(changes))
    audit.record(actor=by, action="correct-person", subject=locked, detail={"fields": sorted(changes)})
    for listener in slots.person_listeners:
        listener.changed(locked, by, differing)
    return locked


@transaction.atomic
def add_representative(
    *,
    person: Person,
    by: User,
    name: str,
    relationship: str,
    legal_basis: LegalBasis | str,
    evidence_seen_on: dt.date,
    starts_on: dt.date,
) -> Representative:
    """Record who acts for a person and by what right (2013 Regulations, regs 4 to 6).

    Parental responsibility serves only for a child under 16, who cannot consent to direct payments (reg 4).
    """
    person = counted_person(person)
    check(by, Permission.EDIT_PEOPLE, person.commissioner)
    if legal_basis == LegalBasis.PARENTAL_RESPONSIBILITY and person.age_on(starts_on) >= 16:
        raise Refused(
            "Parental responsibility is a basis only until the person is 16. Select another legal basis",
            field="legal_basis",
        )
    if evidence_seen_on > clock.today():
        raise Refused("The date the evidence was seen must be today or in the past", field="evidence_seen_on")
    representative = Representative.objects.create(
        person=person,
        name=name.strip(),
        relationship=relationship.strip(),
        legal_basis=legal_basis,
        evidence_seen_on=evidence_seen_on,
        starts_on=starts_on,
    )
    audit.record(actor=by, action="add-representative", subject=representative, commissioner=person.commissioner)
    return representative


@transaction.atomic
def end_representative(*, representative: Representative, by: User, ends_on: dt.date) -> Representative:
    """Record that somebody no longer acts for a person, from ``ends_on``."""
    locked = Representative.objects.select_for_update().select_related("person__commissioner").get(pk=representative.pk)
    check(by, Permission.EDIT_PEOPLE, locked.person.commissioner)
    if ends_on < locked.starts_on:
        raise Refused("The last day must be on or after the day they began to act", field="ends_on")
    locked.ends_on = ends_on
    locked.save(update_fields=["ends_on"])
    audit.record(actor=by, action="end-representative", subject=locked, commissioner=locked.person.commissioner)
    return locked
