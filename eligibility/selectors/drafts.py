"""What a draft holds so far, who it may be about, what it already answers and what is left to ask."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.models.drafts import ReferralDraft
from eligibility.rules.referral_steps import Progress
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.selectors.people import people_like, person_with_number

from .forming import DraftScreening, forming_answer
from .referrals import commissioners_for_referral
from .rule_sets import rule_book

# What a person's details page asks for beyond what a search by name gives.
LAST_DETAIL = "sex"
# Among the details: the references of those of whom the user said that they are somebody else.
RULED_OUT = "ruled_out"


@dataclass(frozen=True)
class Journey:
    """All that the pages of a draft go by."""

    draft: ReferralDraft
    people: list[Person]
    is_by_number: bool
    commissioners: list[Commissioner]
    commissioner: Commissioner | None
    screening: DraftScreening | None
    progress: Progress


def draft_for(user: User, reference: uuid.UUID) -> ReferralDraft | None:
    """The user's own draft with this reference, while the person is still theirs to refer."""
    rows = (
        ReferralDraft.objects.of(user)
        .about_people_of(user)
        .select_related("person__commissioner", "commissioner", "referral")
    )
    return rows.filter(reference=reference).first()


def drafts_of(user: User, limit: int) -> list[ReferralDraft]:
    """The user's unfinished drafts, the latest touched first."""
    return list(ReferralDraft.objects.of(user).about_people_of(user).unfinished().select_related("person")[:limit])


def journey_of(draft: ReferralDraft, user: User) -> Journey:
    """Everything about a draft that its pages need, read once."""
    holder = holder_of_number(draft, user)
    people = [holder] if holder else people_alike(draft, user)
    commissioners = commissioners_for_referral(user, draft.person, draft.received_on)
    commissioner = _settled_commissioner(draft, commissioners)
    born_on = draft_born_on(draft)
    screening = screening_of(draft, commissioner, born_on) if commissioner and born_on else None
    details = draft.details
    progress = Progress(
        is_searched=draft.person is not None
        or bool(details.get("nhs_number") or details.get("nhs_number_missing_reason")),
        has_people_to_confirm=bool(people),
        is_person_settled=draft.is_person_confirmed or (draft.is_new_person and not people),
        has_details=draft.is_person_confirmed or LAST_DETAIL in details,
        # Without a screening the day of receipt cannot stand: nobody was responsible, or the person was not born yet.
        has_commissioner=screening is not None,
        has_questions_left=screening is not None and screening.has_questions_left,
    )
    return Journey(draft, people, holder is not None, commissioners, commissioner, screening, progress)


def holder_of_number(draft: ReferralDraft, user: User) -> Person | None:
    """Who has the NHS number that was typed, until the user has said whether it is the person."""
    number = draft.details.get("nhs_number")
    if not number or draft.is_person_confirmed or draft.is_new_person:
        return None
    return person_with_number(user, number, Permission.MAKE_REFERRALS)


def people_alike(draft: ReferralDraft, user: User) -> list[Person]:
    """Whom the user has to tell apart from the person described: those alike, but for those ruled out already.

    The holder of the NHS number is not among them: if somebody registers it meanwhile, submitting finds that out.
    """
    details = draft.details
    if draft.is_person_confirmed or not details.get("family_name") or not details.get("born_on"):
        return []
    alike = people_like(
        user,
        family_name=details["family_name"],
        given_name=details["given_name"],
        born_on=dt.date.fromisoformat(details["born_on"]),
        permission=Permission.MAKE_REFERRALS,
    )
    others, number = details.get(RULED_OUT, "").split(), details.get("nhs_number")
    return [each for each in alike if str(each.reference) not in others and (not number or each.nhs_number != number)]


def identity_in_search(draft: ReferralDraft) -> dict[str, str]:
    """The name and date of birth of somebody looked for by these; empty where the NHS number was given."""
    if not draft.details.get("nhs_number_missing_reason"):
        return {}
    return {name: draft.details[name] for name in ("given_name", "family_name", "born_on") if name in draft.details}


def draft_born_on(draft: ReferralDraft) -> dt.date | None:
    """The date of birth: the confirmed person's, or as described."""
    if draft.person is not None:
        return draft.person.born_on
    typed = draft.details.get("born_on")
    return dt.date.fromisoformat(typed) if typed else None


def screening_of(draft: ReferralDraft, commissioner: Commissioner, born_on: dt.date) -> DraftScreening | None:
    """Screen what is answered so far; None where the date of birth lies after the day of receipt."""
    if born_on > draft.received_on:
        return None
    return forming_answer(rule_book(commissioner, draft.received_on), draft.facts, born_on)


def screening_with(journey: Journey, picked: Mapping[str, Any]) -> DraftScreening:
    """The answer as it would be with answers that are picked and not kept yet."""
    born_on = draft_born_on(journey.draft)
    if journey.commissioner is None or born_on is None:
        raise ValueError("The draft cannot be screened yet")
    return forming_answer(
        rule_book(journey.commissioner, journey.draft.received_on), {**journey.draft.facts, **picked}, born_on
    )


def _settled_commissioner(draft: ReferralDraft, candidates: list[Commissioner]) -> Commissioner | None:
    """The one chosen, if it still fits; the only one there is; otherwise it has to be asked."""
    if draft.commissioner in candidates:
        return draft.commissioner
    return candidates[0] if len(candidates) == 1 else None
