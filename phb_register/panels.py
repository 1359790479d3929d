"""What this room shows in places that it keeps for every room: the home page, and the timeline of a person."""

import datetime as dt

from phb_register.merge_presenters import merge_item
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.selectors.merges import merges_to_review
from phb_register.slots import TimelineSource, WorkItem, Worklist
from phb_register.timeline import merge_events, person_events, representative_events

LONGEST_WORKLIST = 20


def merges_for_review(user: User, today: dt.date) -> list[WorkItem]:
    """Merges and reversals that somebody else of the team asked for."""
    return [merge_item(each) for each in merges_to_review(user, LONGEST_WORKLIST)]


MERGES_TO_REVIEW = Worklist(
    "merges-to-review",
    "Merges to review",
    Permission.MERGE_PEOPLE,
    merges_for_review,
    empty="No merge of two records is waiting for your review.",
    order=60,
)
TIMELINE = (
    TimelineSource("The record and its corrections", Permission.VIEW_PEOPLE, person_events, order=10),
    TimelineSource("Who acts for the person", Permission.VIEW_PEOPLE, representative_events, order=15),
    TimelineSource("Merges of records", Permission.VIEW_PEOPLE, merge_events, order=90),
)
