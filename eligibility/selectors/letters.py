"""Composed reads of letters and templates. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from dataclasses import dataclass

from eligibility.enums import DECISION_LETTERS, LetterKind, LetterWording, ReconsiderationStatus, ReferralStatus
from eligibility.models.letters import Letter, LetterQuerySet, LetterTemplate
from eligibility.models.reconsiderations import Reconsideration
from eligibility.models.referrals import Decision, Referral
from eligibility.rules.letter_kinds import has_right_to_reconsideration, kinds_for
from eligibility.rules.letter_text import as_text
from eligibility.rules.letter_wording import own_wording
from eligibility.selectors.referrals import current_decision
from phb_register.models import (
    Commissioner,
    CommissionerSettings,
    CommunicationFormat,
    Job,
    PartnershipMember,
    Person,
    StoredDocument,
    User,
)
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.selectors.commissioners import accountable_on

PDF_JOB = "letter-pdf"


@dataclass(frozen=True)
class LetterCase:
    """What a letter is about: a person, mostly by a referral and what was decided on it, or decided again."""

    person: Person
    commissioner: Commissioner
    referral: Referral | None = None
    decision: Decision | None = None
    reconsideration: Reconsideration | None = None

    @property
    def kinds(self) -> list[LetterKind]:
        """The letters that can be written, the one to suggest first."""
        if self.referral is None:
            return [LetterKind.BUDGET_OFFER]
        decision = self.decision
        return kinds_for(
            self.referral.status,
            decision.outcome if decision else None,
            refuses_something=bool(decision and (decision.direct_payment_reason or decision.service_reason)),
            is_reconsidered=self.reconsideration is not None,
        )

    @property
    def wording(self) -> LetterWording:
        """How letters to this person are worded."""
        is_easy_read = self.person.communication_format == CommunicationFormat.EASY_READ
        return LetterWording.EASY_READ if is_easy_read else LetterWording.STANDARD

    def has_route(self, kind: str) -> bool:
        """Whether what a letter of this kind refuses can be reconsidered by right."""
        return self.referral is not None and has_right_to_reconsideration(
            kind,
            is_right_to_have=self.decision is not None and self.decision.is_right_to_have,
            asks_for=self.referral.asks_for,
        )


@dataclass(frozen=True)
class TemplateInUse:
    """The wording that letters of one kind are written from. ``template`` is None for the register's own."""

    kind: str
    wording: str
    heading: str
    body: str
    template: LetterTemplate | None

    @property
    def version(self) -> int:
        """Its version; 0 for the register's own."""
        return self.template.version if self.template else 0


def case_of_referral(referral: Referral) -> LetterCase:
    """A referral as a letter can be written about it now."""
    settled = Reconsideration.objects.filter(
        decision__referral=referral, status__in=[ReconsiderationStatus.DECIDED, ReconsiderationStatus.NOTIFIED]
    )
    return LetterCase(
        person=referral.person,
        commissioner=referral.commissioner,
        referral=referral,
        decision=current_decision(referral),
        reconsideration=settled.order_by("-decided_on", "-pk").first(),
    )


def case_of_person(person: Person) -> LetterCase:
    """A person who was not referred, to whom a budget can be offered."""
    return LetterCase(person, person.commissioner)


def template_in_use(commissioner: Commissioner, kind: str, wording: str, on: dt.date) -> TemplateInUse:
    """The newest template of a commissioner on a date; else its partnership's; else the register's own wording."""
    owners = _owners(commissioner, on)
    found = LetterTemplate.objects.filter(commissioner__in=owners, kind=kind, wording=wording).select_related(
        "written_by"
    )
    newest = sorted(found, key=lambda each: (owners.index(each.commissioner_id), -each.version))
    return _in_use(newest[0] if newest else None, kind, wording)


def templates_of(commissioner: Commissioner, kind: str, wording: str) -> list[LetterTemplate]:
    """The versions that a commissioner or partnership wrote itself, the newest first."""
    rows = LetterTemplate.objects.filter(commissioner=commissioner, kind=kind, wording=wording)
    return list(rows.select_related("written_by").order_by("-version"))


def all_templates_in_use(commissioner: Commissioner, on: dt.date) -> list[TemplateInUse]:
    """What each kind of letter of a commissioner or partnership is written from."""
    owners = _owners(commissioner, on)
    newest: dict[tuple[str, str], LetterTemplate] = {}
    rows = LetterTemplate.objects.filter(commissioner__in=owners).select_related("written_by").order_by("version")
    for row in sorted(rows, key=lambda each: -owners.index(each.commissioner_id)):
        newest[row.kind, row.wording] = row
    return [
        _in_use(newest.get((kind.value, wording.value)), kind, wording)
        for kind in LetterKind
        for wording in LetterWording
    ]


def _in_use(template: LetterTemplate | None, kind: str, wording: str) -> TemplateInUse:
    text = template or own_wording(kind, wording)
    return TemplateInUse(kind, wording, text.heading, text.body, template)


def _owners(commissioner: Commissioner, on: dt.date) -> list[int]:
    """Whose templates and contact details a commissioner's letters use: its own first, then its partnership's.

    Of one that has closed: those of the body that answers for its people now.
    """
    accountable = accountable_on(commissioner, on)
    partnerships = PartnershipMember.objects.on(on).filter(member=accountable).order_by("partnership_id")
    return [accountable.pk, *partnerships.values_list("partnership_id", flat=True)]


def letter_contact(commissioner: Commissioner, on: dt.date) -> str:
    """The contact details on a commissioner's letters: its own, else its partnership's; empty where there are none."""
    owners = _owners(commissioner, on)
    rows = CommissionerSettings.objects.filter(commissioner__in=owners).exclude(letter_contact="")
    by_owner = dict(rows.values_list("commissioner_id", "letter_contact"))
    return next((by_owner[owner] for owner in owners if owner in by_owner), "")


def letters_for(user: User, permission: Permission | None = None) -> LetterQuerySet:
    """The letters a user may see, the newest first."""
    rows = Letter.objects.visible_to(user, permission)
    return rows.select_related("person", "commissioner", "referral", "written_by")


def letter_for(user: User, reference: uuid.UUID, permission: Permission | None = None) -> Letter | None:
    """The letter with this reference, if the user may see it, or has ``permission`` for it."""
    rows = letters_for(user, permission).select_related(
        "person__commissioner", "referral__person__commissioner", "referral__commissioner", "pdf", "template"
    )
    rows = rows.select_related("replaces", "replaced_by").defer("pdf__content")
    return rows.prefetch_related("sendings__recorded_by").filter(reference=reference).first()


def letters_of_referral(referral: Referral) -> list[Letter]:
    """The letters about a referral, the newest first."""
    rows = Letter.objects.filter(referral=referral).select_related("written_by", "replaced_by")
    return list(rows.prefetch_related("sendings"))


def letters_of_person(user: User, person: Person) -> list[Letter]:
    """A person's letters that the user may see, the newest first."""
    rows = letters_for(user).select_related("replaced_by").filter(person=person)
    return list(rows.prefetch_related("sendings__recorded_by"))


def letters_to_send(user: User, limit: int) -> list[Letter]:
    """Letters of the user's commissioners that nobody has sent yet, the oldest first."""
    waiting = Letter.objects.visible_to(user, Permission.DECIDE_REFERRALS).to_send()
    return list(waiting.select_related("person")[:limit])


def current_letter(case: LetterCase, kind: str) -> Letter | None:
    """The letter in use that tells of the same decision or reconsideration, which another would have to replace."""
    letters = Letter.objects.current().filter(kind=kind)
    if kind in DECISION_LETTERS and case.decision is not None:
        return letters.filter(decision=case.decision).first()
    if kind == LetterKind.RECONSIDERATION_OUTCOME and case.reconsideration is not None:
        return letters.filter(reconsideration=case.reconsideration).first()
    return None


def pdf_content(letter: Letter) -> bytes | None:
    """The PDF of a letter; None while it is being made."""
    if letter.pdf_id is None:
        return None
    content = StoredDocument.objects.filter(pk=letter.pdf_id).values_list("content", flat=True).first()
    return bytes(content) if content is not None else None


def pdf_job(letter: Letter) -> Job | None:
    """The job that makes a letter's PDF."""
    return Job.objects.filter(key=pdf_job_key(letter)).first()


def pdf_job_key(letter: Letter) -> str:
    """The key by which a letter has one such job."""
    return f"{PDF_JOB}-{letter.pk}"


def can_write_letters(user: User, referral: Referral) -> bool:
    """Whether the user may write letters about a referral, and there is anything to write about."""
    is_alive = referral.status != ReferralStatus.WITHDRAWN
    return is_alive and can(user, Permission.DECIDE_REFERRALS, referral.commissioner)


def case_for(user: User, reference: uuid.UUID) -> LetterCase | None:
    """The referral with this reference as a case, if the user may write letters about it."""
    rows = Referral.objects.visible_to(user, Permission.DECIDE_REFERRALS).filter(reference=reference)
    referral = rows.select_related("person__commissioner", "commissioner").first()
    return case_of_referral(referral) if referral else None


def person_case_for(user: User, reference: uuid.UUID) -> LetterCase | None:
    """The person with this reference as a case, if the user may write letters to them."""
    rows = Person.objects.visible_to(user, Permission.DECIDE_REFERRALS).current().filter(reference=reference)
    person = rows.select_related("commissioner").first()
    return case_of_person(person) if person else None


def case_of_letter(letter: Letter) -> LetterCase:
    """What a letter is about, as it stands now."""
    return case_of_referral(letter.referral) if letter.referral else case_of_person(letter.person)


def template_by_pk(pk: int | None, kind: str, wording: str) -> LetterTemplate | None:
    """The template of a kind that a writer's page was filled from."""
    return LetterTemplate.objects.filter(pk=pk, kind=kind, wording=wording).first() if pk else None


def sender_of(letter: Letter) -> list[str]:
    """The lines at the head of a letter: who sends it, and how to reach them where its text does not say so."""
    contact = letter.values.get("contact", "")
    is_in_text = as_text(contact) in letter.body
    return [letter.values["commissioner"], *([] if is_in_text else contact.splitlines())]


def representatives_of(person: Person, on: dt.date) -> list[str]:
    """The names of those who act for a person."""
    return list(person.representatives.acting_on(on).values_list("name", flat=True))


def addressed(person: Person) -> str:
    """A person's name as a letter says it."""
    return f"{person.given_name} {person.family_name}"
