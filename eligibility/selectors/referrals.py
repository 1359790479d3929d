"""Composed reads of referrals. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q, prefetch_related_objects

from eligibility.enums import DecisionOutcome
from eligibility.models.referrals import Decision, Referral, ReferralQuerySet, ReferralTransition, Screening
from eligibility.rules.outcomes import Outcome
from offers.models import Cohort
from phb_register.models import Commissioner, Person, User
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.selectors.commissioners import responsible_commissioners
from phb_register.selectors.settings import settings_of

from .worklists import page_key

PAGE_LENGTH = 25
RECONSIDERATION = (
    "You can ask us to look at this decision again. Tell us why you think it is wrong, and send anything new that we "
    "should know. We will give you the outcome and our reasons in writing. If you still disagree, you can complain to "
    "us and then to the Parliamentary and Health Service Ombudsman."
)


@dataclass(frozen=True)
class ReferralRecord:
    """All that the page of one referral shows."""

    referral: Referral
    screening: Screening | None
    decisions: list[Decision]
    transitions: list[ReferralTransition]


@dataclass(frozen=True)
class ReferralPage:
    """One page of a list, and the key from which the next one starts."""

    rows: list[Referral]
    next_after: str | None


def referrals_for(user: User, words: str = "") -> ReferralQuerySet:
    """The referrals a user may see, the newest first; by ``words``, those of people found by name or NHS number."""
    rows = Referral.objects.visible_to(user).select_related("person", "commissioner", "cohort", "allocated_to")
    if words.strip():
        rows = rows.filter(person__in=Person.objects.search(words).values("pk"))
    return rows


def page_of_referrals(rows: ReferralQuerySet, after: str | None, length: int = PAGE_LENGTH) -> ReferralPage:
    """The page that follows the key ``after`` (``2026-11-22.17``); the first page for none or a wrong one.

    By key rather than number, so that the last page costs what the first does.
    """
    key = page_key(after)
    if key is not None:
        received_on, pk = key
        rows = rows.filter(Q(received_on__lt=received_on) | Q(received_on=received_on, pk__lt=pk))
    found = list(newest_first(rows)[: length + 1])
    has_more = len(found) > length
    shown = found[:length]
    last = shown[-1] if shown else None
    return ReferralPage(shown, f"{last.received_on.isoformat()}.{last.pk}" if has_more and last else None)


def newest_first(rows: ReferralQuerySet) -> ReferralQuerySet:
    """The rows in the order of the list."""
    return rows.order_by("-received_on", "-pk")


def referral_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_REFERRALS
) -> Referral | None:
    """The referral with this reference, if the user has the permission for it: by default, to see it."""
    rows = Referral.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related(
        "person__commissioner", "commissioner", "cohort", "referred_by", "allocated_to", "acknowledged_by"
    ).first()


def referral_record(referral: Referral) -> ReferralRecord:
    """What hangs on a referral, for its page."""
    prefetch_related_objects([referral], "pauses__started_by")
    return ReferralRecord(
        referral=referral,
        screening=latest_screening(referral),
        decisions=decisions_of(referral),
        transitions=list(ReferralTransition.objects.select_related("made_by").filter(referral=referral)),
    )


def referrals_of(user: User, person: Person) -> list[Referral]:
    """A person's referrals that the user may see, the newest first."""
    return list(Referral.objects.visible_to(user).select_related("cohort", "commissioner").filter(person=person))


def latest_screening(referral: Referral) -> Screening | None:
    """The screening that counts: the last one made."""
    return Screening.objects.filter(referral=referral).first()


def decisions_of(referral: Referral) -> list[Decision]:
    """Every decision on a referral, the one that counts first: a reconsideration may have made a further one."""
    rows = Decision.objects.select_related("cohort", "decided_by").filter(referral=referral)
    return list(rows.order_by("-number"))


def current_decision(referral: Referral) -> Decision | None:
    """The decision that counts: the last one made."""
    return next(iter(decisions_of(referral)), None)


def accepted_on(referral: Referral) -> dt.date | None:
    """The day a referral was accepted, in whole or in part: when first decided, or when reconsidered."""
    accepting = Decision.objects.filter(referral=referral).exclude(outcome=DecisionOutcome.DECLINED)
    return accepting.order_by("number").values_list("decided_on", flat=True).first()


def cohorts_found(screening: Screening | None) -> list[str]:
    """The codes of the cohorts in which screening found that the person has, or may have, a budget now.

    The strongest basis first, each cohort once. One that the local offer covers only later is not among them.
    """
    bases = screening.answer["bases"] if screening else []
    now = [basis["cohort"] for basis in bases if basis["outcome"] != Outcome.NOT_YET_OFFERED]
    return list(dict.fromkeys(now))


def has_right_to_have(screening: Screening | None) -> bool:
    """Whether the screening found that the person has a right to have a personal health budget."""
    return screening is not None and screening.outcome == Outcome.RIGHT_TO_HAVE


def cohorts_to_choose(referral: Referral, screening: Screening | None) -> list[Cohort]:
    """The cohorts a referral may be accepted into: those found, or all that its commissioner uses where none was."""
    codes = cohorts_found(screening)
    cohorts = {cohort.code: cohort for cohort in Cohort.objects.used_by([referral.commissioner_id])}
    return [cohorts[code] for code in codes if code in cohorts] or list(cohorts.values())


def reconsideration_route(referral: Referral) -> str:
    """How a person can have a refusal looked at again, to start a letter from: the general words, then who to ask."""
    how_to_ask = settings_of(referral.commissioner, referral.received_on).how_to_ask
    return f"{RECONSIDERATION}\n\n{how_to_ask}".strip()


def commissioners_for_referral(user: User, person: Person | None, on: dt.date) -> list[Commissioner]:
    """The user's commissioners that could be responsible for a referral received on a date.

    For somebody on the register: their own, or the one that has taken over from it by then. For anybody else, or
    where neither was open: every one of the user's that was open that day.
    """
    candidates = list(responsible_commissioners(user, Permission.MAKE_REFERRALS, on).order_by("name"))
    if person is None or len(candidates) < 2:
        return candidates
    own = [body for body in candidates if person.commissioner_id in counted_ids([body.pk], on)]
    return own or candidates
