"""Reads of offers of a budget. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from eligibility.enums import OfferResponse, ReferralStatus
from eligibility.models import BudgetOffer, Referral, Screening
from eligibility.rules.outcomes import Outcome
from eligibility.slots import holders
from phb_register import scope
from phb_register.models import Person, User
from phb_register.roles import Permission

#: Who must have been offered a budget: those whom the law, or a local offer that is live, gives something.
TO_BE_OFFERED = (Outcome.RIGHT_TO_HAVE, Outcome.RIGHT_TO_ASK, Outcome.MAY_REQUEST)
#: After so long an offer is made again.
OFFER_HOLDS_DAYS = 365
_WITH_ALL = ("person__commissioner", "commissioner", "referral", "offered_by", "recorded_by")


@dataclass(frozen=True)
class NotYetOffered:
    """A referral whose screening says that the person must be offered a budget, and nobody recorded that."""

    referral: Referral
    outcome: Outcome
    assessed_on: dt.date


def offers_of(user: User, person: Person) -> list[BudgetOffer]:
    """A person's offers that the user may see, corrected ones left out, the latest first."""
    rows = BudgetOffer.objects.visible_to(user).current().filter(person=person)
    return list(rows.select_related(*_WITH_ALL))


def offer_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_REFERRALS
) -> BudgetOffer | None:
    """The offer with this reference, if the user may see it."""
    rows = BudgetOffer.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related(*_WITH_ALL, "corrects", "corrected_by").first()


def is_answered(offer: BudgetOffer) -> bool:
    """Whether it is recorded what the person said."""
    return offer.response != OfferResponse.NOT_ANSWERED


def may_record(user: User, offer: BudgetOffer) -> bool:
    """Whether the user may record an answer to an offer, or correct it."""
    return offer.is_current and scope.can(user, Permission.MAKE_REFERRALS, offer.commissioner)


def may_write_letter(user: User, offer: BudgetOffer) -> bool:
    """Whether the user writes letters to the person, who has not moved since."""
    return offer.is_current and scope.can(user, Permission.DECIDE_REFERRALS, offer.person.commissioner)


def offers_to_answer(user: User, today: dt.date, limit: int) -> list[BudgetOffer]:
    """Offers without an answer, and those to be made again by now; the longest waiting first."""
    is_due = Q(response=OfferResponse.NOT_ANSWERED) | Q(next_offer_on__lte=today)
    rows = BudgetOffer.objects.visible_to(user).current().filter(is_due, person__died_on__isnull=True)
    later = BudgetOffer.objects.current().filter(person=OuterRef("person"), offered_on__gt=OuterRef("offered_on"))
    return list(rows.filter(~Exists(later)).select_related(*_WITH_ALL).order_by("offered_on", "pk")[:limit])


def not_yet_offered(user: User, today: dt.date, limit: int) -> list[NotYetOffered]:
    """People who must be offered a budget, were not within a year, and have none; the longest waiting first.

    By their latest referral with the user's commissioners, and its latest screening. Somebody whose referral was
    declined or withdrawn is not among them, nor who has a budget, or had one from that referral. Each of these is
    found by index for the referrals of those commissioners.
    """
    ids = scope.commissioner_ids(user, Permission.MAKE_REFERRALS)
    own = Referral.objects.visible_to(user, Permission.MAKE_REFERRALS).exclude(status=ReferralStatus.WITHDRAWN)
    later = own.filter(person=OuterRef("person")).filter(
        Q(received_on__gt=OuterRef("received_on")) | Q(received_on=OuterRef("received_on"), pk__gt=OuterRef("pk"))
    )
    within = today - dt.timedelta(days=OFFER_HOLDS_DAYS)
    offers = BudgetOffer.objects.filter(person=OuterRef("person"), commissioner__in=ids, offered_on__gt=within)
    rows = own.filter(person__commissioner__in=ids, person__died_on__isnull=True).exclude(
        status=ReferralStatus.DECLINED
    )
    rows = rows.filter(~Exists(later), ~Exists(offers.current()))
    for each in holders:
        has_one = each.open_budgets().filter(person_id=OuterRef("person_id"))
        had_one = each.ended_budgets().filter(referral_id=OuterRef("pk"))
        rows = rows.filter(~Exists(has_one), ~Exists(had_one))
    latest = Screening.objects.filter(referral=OuterRef("pk")).order_by("-screened_at", "-pk")
    screened: Any = rows.annotate(
        latest_outcome=Subquery(latest.values("outcome")[:1]), assessed_on=Subquery(latest.values("assessed_on")[:1])
    ).filter(latest_outcome__in=TO_BE_OFFERED)
    found = screened.select_related("person", "commissioner").order_by("received_on", "pk")[:limit]
    return [NotYetOffered(each, Outcome(each.latest_outcome), each.assessed_on) for each in found]
