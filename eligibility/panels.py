"""What this room shows on pages that are not its own: worklists on the home page, a part of a person's page."""

import datetime as dt
from typing import Any

from django.urls import reverse

from eligibility.presenters.referrals import decision_item, draft_item, more_to_decide_item, person_referrals_table
from eligibility.selectors.drafts import drafts_of
from eligibility.selectors.referrals import referrals_of, referrals_to_decide
from offers.slots import ReaderLink
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import NavigationItem, PersonPanel, WorkItem, Worklist

# The most urgent ones; the list of referrals has the rest.
LONGEST_WORKLIST = 20


def unfinished_referrals(user: User, today: dt.date) -> list[WorkItem]:
    """The user's own drafts, the latest touched first."""
    return [draft_item(draft) for draft in drafts_of(user, LONGEST_WORKLIST)]


def referrals_due(user: User, today: dt.date) -> list[WorkItem]:
    """Referrals that wait for a decision, the first due first, and the way to the rest where there are more."""
    waiting = referrals_to_decide(user, LONGEST_WORKLIST + 1)
    items = [decision_item(referral, today) for referral in waiting[:LONGEST_WORKLIST]]
    return items if len(waiting) <= LONGEST_WORKLIST else [*items, more_to_decide_item()]


def person_panel(user: User, person: Person) -> dict[str, Any]:
    """A person's referrals, the newest first."""
    referrals = referrals_of(user, person)
    return {
        "table": person_referrals_table(referrals) if referrals else None,
        "can_refer": can(user, Permission.MAKE_REFERRALS, person.commissioner),
    }


NAVIGATION = (
    NavigationItem("Make a referral", "eligibility:new", Permission.MAKE_REFERRALS, order=15),
    NavigationItem("Referrals", "eligibility:referrals", Permission.VIEW_REFERRALS, order=20),
)
WORKLISTS = (
    Worklist(
        "unfinished-referrals",
        "Your unfinished referrals",
        Permission.MAKE_REFERRALS,
        unfinished_referrals,
        empty="You have no unfinished referrals.",
        order=10,
    ),
    Worklist(
        "referrals-to-decide",
        "Referrals to decide",
        Permission.DECIDE_REFERRALS,
        referrals_due,
        empty="No referral is waiting for a decision.",
        order=20,
    ),
)
SELF_CHECK_LINK = ReaderLink(
    "Check whether you can have a personal health budget",
    lambda offer: reverse("eligibility:self-check", args=[offer.slug]),
)
PERSON_PANEL = PersonPanel(
    "Referrals", "eligibility/person_panel.html", person_panel, Permission.VIEW_REFERRALS, order=20
)
