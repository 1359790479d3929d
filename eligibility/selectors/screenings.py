"""The screenings of a referral: the stored ones, and one that is being made again."""

import uuid
from dataclasses import dataclass

from eligibility.models import Referral, Screening, ScreeningDraft
from eligibility.rules.fact_words import changed_facts
from phb_register.models import User

from .forming import DraftScreening, forming_answer
from .rule_sets import rule_book


@dataclass(frozen=True)
class ScreeningStep:
    """A stored screening, the one before it, and the codes of the facts known differently since."""

    screening: Screening
    before: Screening | None
    changed: list[str]


@dataclass(frozen=True)
class ScreeningAgain:
    """A half-filled screening, with the answer as it forms and what has changed since the last one."""

    draft: ScreeningDraft
    forming: DraftScreening
    last: Screening | None
    changed: list[str]


def screening_for(user: User, reference: uuid.UUID) -> Screening | None:
    """The stored screening with this reference, if the user may see its referral."""
    rows = Screening.objects.filter(reference=reference, referral__in=Referral.objects.visible_to(user))
    return rows.select_related("referral__person__commissioner", "referral__commissioner", "screened_by").first()


def screenings_of(referral: Referral) -> list[ScreeningStep]:
    """Every screening of a referral, the newest first, each with what changed since the one before it."""
    rows = list(Screening.objects.filter(referral=referral).select_related("screened_by"))
    # One more than the rows where there are none: a referral that was imported has no screening.
    steps = zip(rows, [*rows[1:], None], strict=False)
    return [
        ScreeningStep(each, before, changed_facts(before.facts, each.facts) if before else []) for each, before in steps
    ]


def screening_drafts_of(user: User, limit: int) -> list[ScreeningDraft]:
    """The user's unfinished screenings of referrals that they may still see, the latest touched first."""
    rows = ScreeningDraft.objects.of(user).filter(referral__in=Referral.objects.visible_to(user))
    return list(rows.select_related("referral__person")[:limit])


def screening_draft_for(user: User, reference: uuid.UUID) -> ScreeningDraft | None:
    """The user's own unfinished screening with this reference, if they may still see the referral."""
    rows = ScreeningDraft.objects.of(user).filter(referral__in=Referral.objects.visible_to(user))
    return rows.select_related("referral__person", "referral__commissioner").filter(reference=reference).first()


def screening_draft_of(user: User, referral: Referral) -> ScreeningDraft | None:
    """The user's unfinished screening of a referral."""
    return ScreeningDraft.objects.of(user).filter(referral=referral).first()


def screening_again(draft: ScreeningDraft) -> ScreeningAgain:
    """Everything that the pages of an unfinished screening go by."""
    last = Screening.objects.filter(referral=draft.referral).first()
    return ScreeningAgain(
        draft=draft,
        forming=forming_again(draft, draft.facts),
        last=last,
        changed=[code for code in changed_facts(last.facts if last else {}, draft.facts) if code != "born_on"],
    )


def forming_again(draft: ScreeningDraft, facts: dict[str, object]) -> DraftScreening:
    """The answer as it forms with these facts, on the day the draft is for."""
    book = rule_book(draft.referral.commissioner, draft.assessed_on)
    return forming_answer(book, facts, draft.referral.person.born_on)
