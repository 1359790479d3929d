"""What follows a decision, on pages that are not its own: worklists, parts of a person's page, timeline events."""

import datetime as dt
from typing import Any

from django.urls import reverse

from eligibility.demonstration import follow_up as demonstration
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from eligibility.presenters import budget_offers as offer_words
from eligibility.presenters import reconsiderations as reconsideration_words
from eligibility.presenters import transfers as transfer_words
from eligibility.selectors.budget_offers import not_yet_offered, offers_of, offers_to_answer
from eligibility.selectors.reconsiderations import (
    notices_to_give,
    person_reconsiderations,
    reconsiderations_to_decide,
)
from eligibility.selectors.transfers import (
    checks_of,
    checks_to_answer,
    open_check_of,
    open_transfer_of,
    person_transfers,
    transfers_sent,
    transfers_to_answer,
)
from eligibility.services.transfers import person_changed
from eligibility.slots import ReferralAction, ReferralLink, referral_actions
from phb_register import slots
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import DemonstrationStep, PersonListener, PersonPanel, TimelineEvent, TimelineSource, WorkItem

# The most urgent ones; each list empties from the top.
LONGEST_WORKLIST = 20


def reconsiderations_due(user: User, today: dt.date) -> list[WorkItem]:
    """Refusals to look at again, the first due first; then outcomes that nobody was told yet."""
    waiting = reconsiderations_to_decide(user, LONGEST_WORKLIST)
    told = notices_to_give(user, LONGEST_WORKLIST)
    return [
        *(reconsideration_words.reconsideration_item(each, user, today) for each in waiting),
        *(reconsideration_words.notice_item(each) for each in told),
    ]


def people_to_offer(user: User, today: dt.date) -> list[WorkItem]:
    """People who must be offered a budget and were not, the longest waiting first."""
    return [offer_words.to_offer_item(each) for each in not_yet_offered(user, today, LONGEST_WORKLIST)]


def offers_open(user: User, today: dt.date) -> list[WorkItem]:
    """Offers without an answer, and those to be made again by now."""
    return [offer_words.to_answer_item(each, today) for each in offers_to_answer(user, today, LONGEST_WORKLIST)]


def transfers_due(user: User, today: dt.date) -> list[WorkItem]:
    """Transfers that wait for this side, those sent outside the register, and people to check."""
    return [
        *(transfer_words.transfer_item(each) for each in transfers_to_answer(user, LONGEST_WORKLIST)),
        *(transfer_words.sent_item(each) for each in transfers_sent(user, LONGEST_WORKLIST)),
        *(transfer_words.check_item(each) for each in checks_to_answer(user, LONGEST_WORKLIST)),
    ]


def offers_panel(user: User, person: Person) -> dict[str, Any]:
    """A person's offers of a budget, the latest first."""
    offers = offers_of(user, person)
    may_record = can(user, Permission.MAKE_REFERRALS, person.commissioner)
    return {
        "table": offer_words.offers_table(offers) if offers else None,
        "record_url": reverse("eligibility:record-budget-offer", args=[person.reference]) if may_record else None,
    }


def transfers_panel(user: User, person: Person) -> dict[str, Any]:
    """Who is responsible for a person: an open check, and the transfers there were."""
    transfers, check = person_transfers(user, person), open_check_of(person)
    caption = "Transfers of this person"
    is_open = open_transfer_of(person) is not None
    return {
        "why": transfer_words.check_words(check) if check else "",
        "check_url": reverse("eligibility:check-responsible", args=[person.reference]),
        "table": transfer_words.transfers_table(transfers, caption, shows_name=lambda row: True) if transfers else None,
        "propose_url": None if is_open else reverse("eligibility:propose-transfer", args=[person.reference]),
    }


def offer_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath a referral: where an offer of a budget is recorded, while the person has not moved."""
    if referral.status == ReferralStatus.WITHDRAWN or not can(
        user, Permission.MAKE_REFERRALS, referral.person.commissioner
    ):
        return None
    url = reverse("eligibility:record-budget-offer", args=[referral.person.reference])
    return ReferralLink("Record an offer of a budget", url)


def transfer_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath a referral that waits: where the person is moved to another commissioner."""
    may_move = can(user, Permission.DECIDE_REFERRALS, referral.person.commissioner)
    if referral.status != ReferralStatus.SUBMITTED or not may_move:
        return None
    url = reverse("eligibility:propose-transfer", args=[referral.person.reference])
    return ReferralLink("Move this person to another commissioner", url)


def open_on_both(kept: Person, merged: Person) -> list[str]:
    """Why two records cannot be read as one yet: of each, the same thing waits for somebody."""
    found = []
    if open_transfer_of(kept) and open_transfer_of(merged):
        found.append("A transfer of each waits for an answer. Cancel one of them first")
    if open_check_of(kept) and open_check_of(merged):
        found.append("Who is responsible waits to be checked for each. Confirm it for one of them first")
    return found


def reconsideration_events(user: User, person: Person) -> list[TimelineEvent]:
    """When refusals were looked at again."""
    return reconsideration_words.reconsideration_events(person_reconsiderations(user, person))


def offer_events(user: User, person: Person) -> list[TimelineEvent]:
    """When a budget was offered, and what was said."""
    return offer_words.offer_events(offers_of(user, person))


def transfer_events(user: User, person: Person) -> list[TimelineEvent]:
    """When a person moved between commissioners, or it was checked whether they should."""
    is_linked = can(user, Permission.DECIDE_REFERRALS, person.commissioner)
    return transfer_words.transfer_events(person_transfers(user, person), checks_of(person), is_linked=is_linked)


def fill() -> None:
    """Put all of these into the slots they are for."""
    decides, makes = Permission.DECIDE_REFERRALS, Permission.MAKE_REFERRALS
    for code, title, permission, rows, empty, order in (
        (
            "reconsiderations-to-decide",
            "Reconsiderations to decide",
            decides,
            reconsiderations_due,
            "No refusal waits to be looked at again.",
            25,
        ),
        (
            "budgets-to-offer",
            "Eligible and not yet offered",
            makes,
            people_to_offer,
            "Everybody who must be offered a budget was offered one, or has one.",
            30,
        ),
        ("budget-offers-open", "Offers to follow up", makes, offers_open, "Every offer has its answer.", 31),
        (
            "transfers-to-answer",
            "Transfers, and who is responsible",
            decides,
            transfers_due,
            "No transfer waits for you, and nobody’s commissioner has to be checked.",
            35,
        ),
    ):
        slots.worklists.add(slots.Worklist(code, title, permission, rows, empty=empty, order=order))
    panels = (
        PersonPanel(
            "Offers of a budget",
            "eligibility/budget_offers/panel.html",
            offers_panel,
            Permission.VIEW_REFERRALS,
            order=22,
        ),
        PersonPanel("Responsible commissioner", "eligibility/transfers/panel.html", transfers_panel, decides, order=60),
    )
    for panel in panels:
        slots.person_panels.add(panel)
    views = Permission.VIEW_REFERRALS
    slots.timeline.add(TimelineSource("Reconsiderations", views, reconsideration_events, order=30))
    slots.timeline.add(TimelineSource("Offers of a budget", views, offer_events, order=32))
    slots.timeline.add(TimelineSource("Transfers", views, transfer_events, order=34))
    referral_actions.add(ReferralAction("budget-offer", makes, offer_link, order=50))
    referral_actions.add(ReferralAction("transfer", decides, transfer_link, order=60))
    slots.merge_checks.add(slots.MergeCheck("transfers", open_on_both, order=35))
    slots.person_listeners.add(PersonListener("responsible-commissioner", person_changed))
    slots.demonstration_steps.add(
        DemonstrationStep("Reconsiderations, offers of a budget and transfers", demonstration.load, order=68)
    )
