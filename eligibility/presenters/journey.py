"""The pages of the referral journey: people found, and the answers to check."""

import datetime as dt
from typing import Any

from django.urls import reverse

from eligibility.enums import ReferralStatus
from eligibility.models.drafts import ReferralDraft
from eligibility.models.referrals import Referral
from eligibility.rules.fact_words import fact_rows
from eligibility.rules.question_pages import BUDGET_PAGE, BUDGET_QUESTIONS
from eligibility.selectors.drafts import Journey
from phb_register.models import CommunicationFormat, NhsNumberMissingReason, Person, Sex
from phb_register.presenters import spoken_date, summary
from phb_register.rules import nhs_number_in_groups

Row = dict[str, Any]


def found_person_rows(person: Person, referrals: list[Referral]) -> list[Row]:
    """What the user needs to tell whether it is the right person, and whether somebody has referred them already."""
    waiting = [each for each in referrals if each.status == ReferralStatus.SUBMITTED]
    rows: list[tuple[str, Any]] = [
        ("Name", person.display_name),
        ("NHS number", person.display_nhs_number),
        ("Date of birth", spoken_date(person.born_on)),
        ("Postcode", person.postcode),
        ("Commissioner", person.commissioner.name),
    ]
    if waiting:
        received = spoken_date(waiting[0].received_on)
        rows.append(("Already referred", f"A referral received on {received} is waiting for a decision"))
    return summary(rows)


def number_words(journey: Journey) -> dict[str, Any]:
    """How the people found were found, and the NHS number that was typed and nobody has."""
    number = journey.draft.details.get("nhs_number")
    is_unknown = bool(number) and not journey.is_by_number
    return {
        "is_by_number": journey.is_by_number,
        "unknown_number": nhs_number_in_groups(number) if is_unknown else "",
    }


def check_sections(journey: Journey) -> list[dict[str, Any]]:
    """Everything entered, in sections, each row with the link to change it."""
    draft = journey.draft
    sections = [
        {"title": "Person", "rows": _person_rows(draft)},
        {"title": "Referral", "rows": _referral_rows(journey)},
    ]
    answers = [_row(question, words, _question_url(draft, code)) for code, question, words in fact_rows(draft.facts)]
    if answers:
        sections.append({"title": "Answers", "rows": answers})
    return sections


def named_rows(draft: ReferralDraft) -> list[Row]:
    """Who was looked for by name, with the way to correct it."""
    change = _url(draft, "find-without-number").removesuffix("?back=check")
    return _identity_rows(draft.details, change)


def _identity_rows(typed: dict[str, str], change: str) -> list[Row]:
    return [
        _row("Given name", typed["given_name"], change),
        _row("Family name", typed["family_name"], change),
        _row("Date of birth", _spoken(typed["born_on"]), change),
    ]


def _person_rows(draft: ReferralDraft) -> list[Row]:
    find = _url(draft, "find" if draft.details.get("nhs_number") else "find-without-number")
    if draft.person is not None:
        person = draft.person
        return [
            _row("Name", person.display_name, find, "person"),
            _row("NHS number", _number_to_be(person, draft)),
            _row("Date of birth", spoken_date(person.born_on)),
        ]
    typed, change = draft.details, _url(draft, "details")
    return [
        _row("NHS number", _typed_number(typed), find),
        *_identity_rows(typed, change if typed.get("nhs_number") else find),
        _row("Sex", Sex(typed["sex"]).label, change),
        _row("Postcode", typed.get("postcode") or "Not given", change),
        _row("Letters in", CommunicationFormat(typed["communication_format"]).label, change),
    ]


def _number_to_be(person: Person, draft: ReferralDraft) -> str:
    """The NHS number on the record, or the one typed, which is added to it when the referral is submitted."""
    number = draft.details.get("nhs_number")
    if person.nhs_number or not number:
        return person.display_nhs_number
    return f"{nhs_number_in_groups(number)}, which is added to the record when you submit"


def _referral_rows(journey: Journey) -> list[Row]:
    draft = journey.draft
    change = _url(draft, "received")
    rows = [_row("Received", spoken_date(draft.received_on), change, "date received")]
    if journey.commissioner is not None:
        can_choose = len(journey.commissioners) > 1
        rows.append(_row("Commissioner", journey.commissioner.name, change if can_choose else None))
    return rows


def _typed_number(typed: dict[str, str]) -> str:
    if typed.get("nhs_number"):
        return nhs_number_in_groups(typed["nhs_number"])
    return f"Not known: {NhsNumberMissingReason(typed['nhs_number_missing_reason']).label.lower()}"


def _spoken(iso: str) -> str:
    return spoken_date(dt.date.fromisoformat(iso))


def _question_url(draft: ReferralDraft, code: str) -> str:
    page = BUDGET_PAGE if code in BUDGET_QUESTIONS else code
    return f"{reverse('eligibility:draft-question', args=[draft.reference, page])}?back=check"


def _url(draft: ReferralDraft, page: str) -> str:
    return f"{reverse(f'eligibility:draft-{page}', args=[draft.reference])}?back=check"


def _row(key: str, value: Any, change_url: str | None = None, changes: str | None = None) -> Row:
    row: Row = {"key": {"text": key}, "value": {"text": str(value)}}
    if change_url:
        hidden = changes or key[:1].lower() + key[1:]
        row["actions"] = {"items": [{"href": change_url, "text": "Change", "visuallyHiddenText": hidden}]}
    return row
