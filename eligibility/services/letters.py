"""Writing letters, making their PDFs, and recording that they were sent."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from eligibility.enums import DECISION_LETTERS, LetterKind, SendingMethod
from eligibility.models.letters import LANGUAGE, Letter, LetterSending, LetterTemplate
from eligibility.models.referrals import Referral
from eligibility.rules import letter_text
from eligibility.selectors.letter_texts import finished_text, first_address, first_words, spoken
from eligibility.selectors.letters import (
    PDF_JOB,
    LetterCase,
    case_of_person,
    case_of_referral,
    current_letter,
    pdf_job_key,
    sender_of,
    template_in_use,
)
from phb_register import audit, clock, documents, jobs, scope
from phb_register.exceptions import Refused
from phb_register.models import Job, Person, User
from phb_register.pdf import render_pdf
from phb_register.roles import Permission
from phb_register.services.people import counted_person

# Of these a case has one in use at a time.
TELLING = (*DECISION_LETTERS, LetterKind.RECONSIDERATION_OUTCOME)
PDF_TEMPLATE = "eligibility/letters/letter_pdf.html"


@transaction.atomic
def write_letter(
    *,
    kind: str,
    by: User,
    key: uuid.UUID,
    referral: Referral | None = None,
    person: Person | None = None,
    on: dt.date | None = None,
    address: str | None = None,
    heading: str | None = None,
    body: str | None = None,
    asked: Mapping[str, str] | None = None,
    template: LetterTemplate | None = None,
    replaces: Letter | None = None,
    replacement_reason: str = "",
) -> Letter:
    """Write a letter about a referral, or to a person who was not referred, and ask for its PDF.

    What is left out is taken from the template in use, the case and the person's record. The same ``key`` again
    gives the same letter. ``replaces`` is a letter with a mistake in it, whose place this one takes.

    Raises ``PermissionDenied`` outside the user's commissioners, and ``Refused`` with the field and the remedy.
    """
    case = _held_case(referral, person)
    existing = Letter.objects.filter(writing_key=key).first()
    if existing is not None:
        if existing.written_by_id != by.pk:
            raise PermissionDenied("This letter was written by somebody else")
        return existing
    scope.check(by, Permission.DECIDE_REFERRALS, case.commissioner)
    today = clock.today()
    day = on or today
    _check_may_be_written(case, kind, day, today)
    _check_replacement(case, kind, replaces, replacement_reason)
    if heading is None or body is None:
        in_use = template_in_use(case.commissioner, kind, case.wording, day)
        heading, body, template = in_use.heading, in_use.body, in_use.template
    address = first_address(case, day) if address is None else address
    text = finished_text(
        case,
        kind,
        heading=heading,
        body=body,
        address=address,
        asked=first_words(case, kind) if asked is None else asked,
        by=by,
        on=day,
    )
    letter = Letter.objects.create(
        writing_key=key,
        person=case.person,
        commissioner=case.commissioner,
        referral=case.referral,
        decision=case.decision if kind in DECISION_LETTERS else None,
        reconsideration=case.reconsideration if kind == LetterKind.RECONSIDERATION_OUTCOME else None,
        kind=kind,
        wording=case.wording,
        template=template,
        communication_format=case.person.communication_format,
        language=LANGUAGE,
        address="\n".join(line.strip() for line in address.strip().splitlines()),
        heading=text.heading,
        body=text.body,
        source=text.source,
        values=text.values,
        written_on=day,
        written_by=by,
        replaces=replaces,
        replacement_reason=replacement_reason.strip(),
    )
    audit.record(
        actor=by,
        action="write-letter",
        subject=letter,
        detail={"person": case.person.pk, "kind": kind, "format": letter.communication_format, "on": day.isoformat()},
    )
    request_pdf(letter=letter, by=by)
    return letter


def request_pdf(*, letter: Letter, by: User) -> Job:
    """Ask for a letter's PDF. Asking again gives the same job; one that failed is tried again."""
    return jobs.enqueue(
        kind=PDF_JOB,
        key=pdf_job_key(letter),
        parameters={"letter": letter.pk},
        requested_by=by,
        commissioner=letter.commissioner,
    )


@transaction.atomic
def make_pdf(*, letter: Letter) -> Letter:
    """Render a letter from what is kept of it, and keep the PDF with it. Making it again changes nothing."""
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.pdf_id is not None:
        return letter
    context = {
        "letter": letter,
        "css_class": letter.communication_format.replace("_", "-"),
        "sender": sender_of(letter),
        "commissioner": letter.values["commissioner"],
        "address": letter.address.splitlines(),
        "written_on": spoken(letter.written_on),
        "reference": letter.values.get("reference", ""),
        "html": letter_text.html(letter.body, top_level=2),
    }
    letter.pdf = documents.store(
        title=letter.heading,
        filename=f"letter-{letter.reference.hex[:8]}.pdf",
        media_type="application/pdf",
        content=render_pdf(PDF_TEMPLATE, context, title=letter.heading),
        made_by=letter.written_by,
    )
    letter.save(update_fields=["pdf"])
    return letter


@transaction.atomic
def record_sent(*, letter: Letter, sent_on: dt.date, how: str, by: User) -> LetterSending:
    """Record that a letter was sent. The same day and way again is the same record.

    Raises ``PermissionDenied`` or ``Refused``.
    """
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    scope.check(by, Permission.DECIDE_REFERRALS, letter.commissioner)
    if how not in SendingMethod.values:
        raise Refused("Select how it was sent", field="how")
    if sent_on < letter.written_on:
        raise Refused(f"Date it was sent must be on or after {spoken(letter.written_on)}", field="sent_on")
    if sent_on > clock.today():
        raise Refused("Date it was sent must be today or in the past", field="sent_on")
    sending, is_new = LetterSending.objects.get_or_create(
        letter=letter, sent_on=sent_on, how=how, defaults={"recorded_by": by}
    )
    if is_new:
        audit.record(
            actor=by,
            action="record-letter-sent",
            subject=letter,
            detail={"person": letter.person_id, "how": how, "on": sent_on.isoformat()},
        )
    return sending


def _held_case(referral: Referral | None, person: Person | None) -> LetterCase:
    """The case as it now stands, held until the end: two who press at once write one after another."""
    if referral is not None:
        held = Referral.objects.select_for_update(of=("self",)).select_related("person", "commissioner")
        return case_of_referral(held.get(pk=referral.pk))
    if person is None:
        raise ValueError("A letter is about a referral or to a person")
    return case_of_person(counted_person(person))


def _check_may_be_written(case: LetterCase, kind: str, on: dt.date, today: dt.date) -> None:
    if kind not in case.kinds:
        status = case.referral.get_status_display().lower() if case.referral else "not there"
        raise Refused(f"This letter does not fit the referral, which is {status}. Select another letter", field="kind")
    if on > today:
        raise Refused("Date of the letter must be today or in the past", field="on")
    since = case.referral.received_on if case.referral else None
    if kind in DECISION_LETTERS and case.decision is not None:
        since = case.decision.decided_on
    if since is not None and on < since:
        raise Refused(f"Date of the letter must be on or after {spoken(since)}", field="on")


def _check_replacement(case: LetterCase, kind: str, replaces: Letter | None, reason: str) -> None:
    """One letter in use for each decision; and a letter is replaced once, by one of its own case and kind."""
    current = current_letter(case, kind)
    if replaces is None:
        if current is not None:
            raise Refused(
                f"A letter about this was written on {spoken(current.written_on)}. Open it and replace it, "
                "if something in it is wrong"
            )
        return
    is_of_this_case = (replaces.referral_id, replaces.person_id, replaces.kind) == (
        case.referral.pk if case.referral else None,
        case.person.pk,
        kind,
    )
    if (kind in TELLING and replaces != current) or not is_of_this_case or _is_replaced(replaces):
        raise Refused("This letter has been replaced already. Open the one that took its place")
    if not reason.strip():
        raise Refused("Enter why the letter is replaced", field="replacement_reason")


def _is_replaced(letter: Letter) -> bool:
    return Letter.objects.filter(replaces=letter).exists()
