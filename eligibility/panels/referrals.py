"""What this room shows on pages that are not its own: worklists on the home page, a part of a person's page."""

import datetime as dt
from functools import partial
from typing import Any

from django.urls import reverse

from eligibility.presenters.clocks import EMPTY, TITLES, work_item
from eligibility.presenters.referrals import draft_item, person_referrals_table
from eligibility.presenters.screenings import screening_draft_item
from eligibility.selectors.drafts import drafts_of
from eligibility.selectors.referrals import referrals_of
from eligibility.selectors.screenings import screening_drafts_of
from eligibility.selectors.worklists import WorklistCode, first_of_worklist, worklist
from offers.slots import ReaderLink, reader_links
from phb_register import slots
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import SHOWN_AT_MOST, FilteredList, NavigationItem, PersonPanel, WorkItem, Worklist

# The latest ones: nobody writes more at a time.
LONGEST_WORKLIST = 20


def unfinished_referrals(user: User, today: dt.date) -> list[WorkItem]:
    """The user's own drafts, the latest touched first; then screenings again that are half filled in."""
    screenings = [screening_draft_item(draft) for draft in screening_drafts_of(user, LONGEST_WORKLIST)]
    return [*(draft_item(draft) for draft in drafts_of(user, LONGEST_WORKLIST)), *screenings]


def referral_worklist(code: WorklistCode, order: int) -> Worklist:
    """One of the worklists of referrals, as the home page shows it."""

    def rows(user: User, today: dt.date) -> list[WorkItem]:
        return [work_item(code, each, today) for each in first_of_worklist(code, user, today, SHOWN_AT_MOST)]

    return Worklist(
        f"referrals-{code}",
        TITLES[code],
        Permission.DECIDE_REFERRALS,
        rows,
        empty=EMPTY[code],
        order=order,
        count=lambda user, today: worklist(code, user, today).count(),
        url=partial(reverse, f"eligibility:worklist-{code}"),
    )


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
    *(referral_worklist(code, 20 + place) for place, code in enumerate(WorklistCode)),
)
SELF_CHECK_LINK = ReaderLink(
    "Check whether you can have a personal health budget",
    lambda offer: reverse("eligibility:self-check", args=[offer.slug]),
)
FILTERED_LIST = FilteredList(
    "referrals", "Referrals", "eligibility:referrals", Permission.VIEW_REFERRALS, places=("after",), order=20
)
PERSON_PANEL = PersonPanel(
    "Referrals", "eligibility/person_panel.html", person_panel, Permission.VIEW_REFERRALS, order=20
)


def fill() -> None:
    """Put all of these into the slots they are for."""
    for item in NAVIGATION:
        slots.navigation.add(item)
    for each in WORKLISTS:
        slots.worklists.add(each)
    slots.filtered_lists.add(FILTERED_LIST)
    slots.person_panels.add(PERSON_PANEL)
    reader_links.add(SELF_CHECK_LINK)
