"""The demonstration's reconsiderations, offers of a budget, transfer and check. Safe to run again.

Each part is made once: it is left alone as soon as there is one of its kind.
"""

import datetime as dt
from collections.abc import Callable

from eligibility.enums import OfferResponse, ReferralStatus
from eligibility.models import BudgetOffer, PersonTransfer, Reconsideration, Referral, ResponsibilityCheck
from eligibility.selectors.referrals import current_decision
from eligibility.services.budget_offers import NOT_ANSWERED, OfferAnswer, OfferMade, record_offer
from eligibility.services.reconsiderations import decide_reconsideration, give_notice, request_reconsideration
from eligibility.services.transfers import propose_transfer
from phb_register import clock
from phb_register.models import Commissioner, Person, User
from phb_register.services.people import correct_person

NURSE, TEAM, LEAD = "nurse@llr.example.nhs.uk", "team@llr.example.nhs.uk", "lead@llr.example.nhs.uk"
RECEIVER = "QSL"
# A practice code that no practice has.
ANOTHER_PRACTICE = "Z99998"


def load(progress: Callable[[int, int], None]) -> None:
    """Make what is not there yet."""
    users = {user.email: user for user in User.objects.filter(email__in=[NURSE, TEAM, LEAD])}
    parts = (_reconsiderations, _offers, _transfer, _check)
    for done, part in enumerate(parts, start=1):
        part(users)
        progress(done, len(parts))


def _referrals(users: dict[str, User], *statuses: ReferralStatus) -> list[Referral]:
    """A few of the newest referrals of people who have not moved, in these statuses."""
    rows = Referral.objects.visible_to(users[TEAM]).filter(status__in=statuses, person__died_on__isnull=True)
    return list(rows.select_related("person__commissioner", "commissioner").order_by("-received_on", "pk")[:12])


def _reconsiderations(users: dict[str, User]) -> None:
    """One that was decided by a colleague, and one that waits."""
    if Reconsideration.objects.exists():
        return
    declined = _referrals(users, ReferralStatus.DECLINED)[:2]
    for place, referral in enumerate(declined):
        decision = current_decision(referral)
        if decision is None:
            continue
        today = clock.today()
        asked_on = max(decision.decided_on, today - dt.timedelta(days=20 if place else 6))
        asked = request_reconsideration(
            decision=decision,
            refusal="whole",
            asked_by="person",
            statement="My care has changed since you looked, and I would like to choose who helps me.",
            new_information="A letter from the hospital." if place else "",
            by=users[NURSE],
            on=asked_on,
        )
        if place and decision.decided_by_id != users[LEAD].pk:
            decided = decide_reconsideration(
                reconsideration=asked,
                outcome="upheld",
                reasons="We read the new letter. It does not change which care you need.",
                by=users[LEAD],
                on=max(asked_on, today - dt.timedelta(days=5)),
            )
            give_notice(reconsideration=decided, by=users[LEAD], on=max(asked_on, today - dt.timedelta(days=4)))


def _offers(users: dict[str, User]) -> None:
    """Offers of a budget with each kind of answer."""
    if BudgetOffer.objects.exists():
        return
    today = clock.today()
    answers = (
        (OfferResponse.ACCEPTED, "", ""),
        (OfferResponse.NOT_NOW, "family", "After the move to the new flat."),
        (OfferResponse.DECLINED, "content", ""),
        (OfferResponse.NOT_ANSWERED, "", ""),
        (OfferResponse.DECLINED, "employing", ""),
    )
    found = _referrals(users, ReferralStatus.ACCEPTED)
    people = list({referral.person_id: referral for referral in found}.values())
    for place, (referral, (response, why_not, note)) in enumerate(zip(people, answers, strict=False)):
        offered_on = max(referral.received_on, today - dt.timedelta(days=60 - 9 * place))
        later = today + dt.timedelta(days=150) if response == OfferResponse.NOT_NOW else None
        answer = NOT_ANSWERED
        if response != OfferResponse.NOT_ANSWERED:
            answer = OfferAnswer(response, min(today, offered_on + dt.timedelta(days=7)), why_not, note, later)
        made = OfferMade(
            offered_on=offered_on,
            offered_by=users[NURSE],
            channel="in_person" if place % 2 else "phone",
            information_given=["written_guide", "talk"] if place % 2 else ["website", "peer_support"],
            communication_format=referral.person.communication_format,
            methods_discussed=["notional", "third_party", "direct_payment"],
        )
        record_offer(person=referral.person, made=made, answer=answer, referral=referral, by=users[NURSE])


def _transfer(users: dict[str, User]) -> None:
    """Somebody who moved to Somerset, whose transfer waits to be accepted there."""
    if PersonTransfer.objects.exists():
        return
    for referral in _referrals(users, ReferralStatus.SUBMITTED)[:1]:
        propose_transfer(
            person=referral.person,
            to_commissioner=Commissioner.objects.get(code=RECEIVER),
            reason="gp_changed",
            basis="gp_practice",
            effective_on=clock.today() - dt.timedelta(days=3),
            note="Registered with a practice in Taunton.",
            by=users[TEAM],
            on=clock.today() - dt.timedelta(days=2),
        )


def _check(users: dict[str, User]) -> None:
    """Somebody whose GP practice changed, so that it is checked who is responsible."""
    if ResponsibilityCheck.objects.exists():
        return
    moving = PersonTransfer.objects.values("person_id")
    people = Person.objects.visible_to(users[NURSE]).filter(died_on__isnull=True).exclude(pk__in=moving)
    for person in people.order_by("-pk")[:1]:
        correct_person(person=person, by=users[NURSE], gp_practice=ANOTHER_PRACTICE)
