"""Writing a referral page by page. Each page is saved as it is left, so a draft outlives a sign-out."""

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from eligibility.exceptions import DraftIncomplete, DraftSubmitted, PersonDiffers
from eligibility.models.drafts import ReferralDraft
from eligibility.models.referrals import Referral
from eligibility.rules.facts import asked
from eligibility.rules.referral_steps import Step, next_step
from eligibility.selectors.drafts import RULED_OUT, journey_of
from phb_register import audit, clock, scope
from phb_register.exceptions import HeldElsewhere, Refused
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.rules import nhs_number_in_groups
from phb_register.selectors.people import numbers_of
from phb_register.services.people import HELD_ELSEWHERE, correct_person, register_person

from .referrals import submit_referral

# What a person is registered with; further keys of ``details`` are how they were looked for.
IDENTITY = ("family_name", "given_name", "born_on")
PERSON_FIELDS = (*IDENTITY, "sex", "postcode", "communication_format")
SEARCH = ("nhs_number", "nhs_number_missing_reason")
# What an unfinished page may hold: no form asks for more than a long note and a few short answers.
LONGEST_PAGE, LONGEST_NAME, MOST_PAGES = 8000, 60, 40


def start_draft(*, by: User, search: Mapping[str, str]) -> ReferralDraft:
    """Begin a referral by looking for the person. See ``look_for_person``, which says what is refused."""
    _check_not_held_elsewhere(search, by)
    return ReferralDraft.objects.create(user=by, received_on=clock.today(), details=dict(search))


def look_for_person(*, draft: ReferralDraft, by: User, search: Mapping[str, str]) -> ReferralDraft:
    """Look for somebody else, or for the same person by other words. Looking for the same again changes nothing.

    ``search`` holds ``nhs_number`` (ten digits), or ``nhs_number_missing_reason`` with the name and date of birth.
    Raises ``HeldElsewhere``, having logged it, where the NHS number is on another commissioner's register: the
    record itself is not given away.
    """
    _check_not_held_elsewhere(search, by)
    with transaction.atomic():
        held = _held(draft, by)
        if {key: held.details.get(key) for key in search} != dict(search):
            kept = {key: value for key, value in held.details.items() if key not in (*SEARCH, RULED_OUT)}
            held.details = {**kept, **search}
            held.person, held.is_person_confirmed, held.is_new_person = None, False, False
            held.save()
    return held


@transaction.atomic
def look_again(*, draft: ReferralDraft, by: User) -> ReferralDraft:
    """Put the question who the person is once more, because somebody has registered them meanwhile."""
    held = _held(draft, by)
    held.person, held.is_person_confirmed, held.is_new_person = None, False, False
    held.save()
    return held


@transaction.atomic
def settle_person(
    *, draft: ReferralDraft, by: User, person: Person | None, others: Collection[Person] = ()
) -> ReferralDraft:
    """Record what the user said on being shown people: this is the one, or (``None``) it is none of the ``others``.

    "None of them" is refused for the holder of the NHS number typed: it belongs to one person, so the number is
    wrong. So is somebody who has another NHS number than the one typed.
    """
    held = _held(draft, by)
    number = held.details.get("nhs_number")
    if person is None:
        if number and Person.objects.with_nhs_number(number).exists():
            raise Refused("Check the NHS number: it belongs to the person shown", field="person")
        ruled_out = {*held.details.get(RULED_OUT, "").split(), *(str(each.reference) for each in others)}
        held.details = {**held.details, RULED_OUT: " ".join(sorted(ruled_out))}
    else:
        scope.check(by, Permission.MAKE_REFERRALS, person.commissioner)
        if number and person.nhs_number and number not in numbers_of(person):
            raise Refused(
                f"The NHS number of this person is {person.display_nhs_number}. Check the one you typed "
                f"({nhs_number_in_groups(number)})",
                field="person",
            )
    held.person, held.is_person_confirmed, held.is_new_person = person, person is not None, person is None
    held.save()
    return held


@transaction.atomic
def describe_person(*, draft: ReferralDraft, by: User, details: Mapping[str, str]) -> ReferralDraft:
    """Keep the details of a person who is not on the register yet. They are registered on submission."""
    held = _held(draft, by)
    if any(held.details.get(name) != details.get(name) for name in IDENTITY):
        held.details.pop(RULED_OUT, None)
    held.details = {**held.details, **details}
    held.is_new_person = True
    held.save()
    return held


@transaction.atomic
def record_receipt(
    *, draft: ReferralDraft, by: User, received_on: dt.date, commissioner: Commissioner | None
) -> ReferralDraft:
    """Keep when the referral was received, and by which of the user's commissioners where there is a choice."""
    held = _held(draft, by)
    if received_on > clock.today():
        raise Refused("Date the referral was received must be today or in the past", field="received_on")
    held.received_on, held.commissioner = received_on, commissioner
    held.save()
    return held


@transaction.atomic
def answer_questions(*, draft: ReferralDraft, by: User, answers: Mapping[str, Any]) -> ReferralDraft:
    """Keep answers; ``None`` says that the question was asked and nobody knows yet."""
    held = _held(draft, by)
    held.facts = {**held.facts, **answers}
    held.save()
    return held


@transaction.atomic
def write_note(*, draft: ReferralDraft, by: User, note: str) -> ReferralDraft:
    """Keep the note to the PHB team, as typed."""
    held = _held(draft, by)
    held.note = note
    held.save(update_fields=["note", "updated_at"])
    return held


@transaction.atomic
def keep_typed(*, draft: ReferralDraft, by: User, page: str, typed: Mapping[str, list[str]]) -> None:
    """Keep what stands on a page that is not finished, as it was typed and unchecked. Not more than a page holds, and
    nothing that the database cannot."""
    held = _held(draft, by)
    text = "".join([page, *typed, *chain.from_iterable(typed.values())])
    pages = {**held.typed, page: dict(typed)}
    is_fit = "\x00" not in text and len(text) <= LONGEST_PAGE + len(page)
    if is_fit and len(page) <= LONGEST_NAME and len(pages) <= MOST_PAGES:
        held.typed = pages
        held.save(update_fields=["typed", "updated_at"])


@transaction.atomic
def forget_typed(*, draft: ReferralDraft, by: User, page: str) -> None:
    """Forget what was typed on a page, because the page is saved now."""
    held = ReferralDraft.objects.of(by).select_for_update().filter(pk=draft.pk).first()
    if held is not None and page in held.typed:
        held.typed = {each: typed for each, typed in held.typed.items() if each != page}
        held.save(update_fields=["typed"])


@transaction.atomic
def discard_draft(*, draft: ReferralDraft, by: User) -> None:
    """Delete a draft that is not wanted. It is no record of a person yet."""
    _held(draft, by).delete()


@transaction.atomic
def submit_draft(*, draft: ReferralDraft, by: User) -> Referral:
    """Make the referral, and register the person where they are new. Twice, or at once, makes one referral.

    Raises ``DraftIncomplete``; ``HeldElsewhere`` or ``PersonDiffers`` where somebody else has registered the NHS
    number meanwhile; and what ``submit_referral`` raises.
    """
    try:
        held = _held(draft, by)
    except DraftSubmitted as submitted:
        return Referral.objects.get(reference=submitted.reference)
    journey = journey_of(held, by)
    if held.is_new_person and journey.people:
        raise PersonDiffers("Somebody like this person is on the register by now. Say whether it is the same person")
    commissioner, screening = journey.commissioner, journey.screening
    if next_step(journey.progress) is not Step.ANSWER or commissioner is None or screening is None:
        raise DraftIncomplete("Answer the questions that are left before you submit")
    if screening.is_note_needed and not held.note.strip():
        raise Refused("Enter why you are asking for a personal health budget", field="note")
    person = _numbered(held.person, held, by) if held.person else _registered(held, commissioner, by)
    referral = submit_referral(
        person=person,
        commissioner=commissioner,
        received_on=held.received_on,
        facts={code: value for code, value in asked(held.facts).items() if code != "asks_for"},
        asks_for=held.facts.get("asks_for"),
        note=held.note,
        by=by,
        key=held.reference,
    )
    held.referral, held.person, held.is_person_confirmed = referral, referral.person, True
    held.details, held.facts, held.note, held.typed = {}, {}, "", {}
    held.save()
    return referral


def _held(draft: ReferralDraft, by: User) -> ReferralDraft:
    """The draft as it now stands, held until the end of the transaction. Raises ``DraftSubmitted``."""
    # No join: on waking from a lock PostgreSQL reads the locked row anew, but what is joined to it as it was before.
    held = ReferralDraft.objects.of(by).select_for_update().get(pk=draft.pk)
    if held.referral is not None:
        raise DraftSubmitted(held.referral.reference)
    return held


def _numbered(person: Person, draft: ReferralDraft, by: User) -> Person:
    """The person confirmed, with the NHS number that was typed where their record had none, as the user was told."""
    number = draft.details.get("nhs_number")
    if not number or person.nhs_number or number in numbers_of(person):
        return person
    return correct_person(person=person, by=by, nhs_number=number)


def _registered(draft: ReferralDraft, commissioner: Commissioner, by: User) -> Person:
    """The person described in the draft: registered now, or a moment ago by somebody else.

    Where somebody else was first and what they entered differs, a human has to look: the wrong person must not get
    this referral.
    """
    details = draft.details
    born_on = dt.date.fromisoformat(details["born_on"])
    person, is_new = register_person(
        commissioner=commissioner,
        by=by,
        nhs_number=details.get("nhs_number") or None,
        nhs_number_missing_reason=details.get("nhs_number_missing_reason", ""),
        **{**{name: details[name] for name in PERSON_FIELDS if name in details}, "born_on": born_on},
    )
    is_same = person.born_on == born_on and person.family_name.casefold() == details["family_name"].casefold()
    if not is_new and not is_same:
        raise PersonDiffers("Somebody has registered this NHS number with other details. Check that it is the person")
    return person


def _check_not_held_elsewhere(search: Mapping[str, str], by: User) -> None:
    """Refuse an NHS number of another commissioner's register. Not inside a transaction: the log entry must stay."""
    mine = scope.commissioner_ids(by, Permission.MAKE_REFERRALS)
    if not mine:
        raise PermissionDenied("This needs the permission to make referrals")
    number = search.get("nhs_number")
    person = Person.objects.with_nhs_number(number).select_related("commissioner").first() if number else None
    if person is not None and person.commissioner_id not in mine:
        audit.record(actor=by, action="look-up-held-elsewhere", subject=person)
        raise HeldElsewhere(HELD_ELSEWHERE, field="nhs_number")
