"""What rule sets put on pages that are not theirs: an entry of the navigation, worklists on the home page."""

import datetime as dt

from eligibility.demonstration import implications, rule_sets
from eligibility.presenters.rule_sets import approval_item, sent_back_item
from eligibility.selectors.rule_set_pages import sent_back, waiting_for_approval
from phb_register import slots
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, NavigationItem, WorkItem, Worklist

# Each leads to the version itself; a commissioner has a handful on their way at a time.
LONGEST_WORKLIST = 20


def rule_sets_to_approve(user: User, today: dt.date) -> list[WorkItem]:
    """Versions that wait for this user's approval, the longest waiting first."""
    return [approval_item(version) for version in waiting_for_approval(user)[:LONGEST_WORKLIST]]


def rule_sets_sent_back(user: User, today: dt.date) -> list[WorkItem]:
    """The user's own versions that came back, with the reason."""
    return [sent_back_item(step) for step in sent_back(user)[:LONGEST_WORKLIST]]


NAVIGATION = (NavigationItem("Rule sets", "eligibility:rule-sets", Permission.VIEW_RULES, order=58),)
WORKLISTS = (
    Worklist(
        "rule-sets-to-approve",
        "Rule sets waiting for approval",
        Permission.APPROVE_RULES,
        rule_sets_to_approve,
        empty="No rule set waits for your approval.",
        order=45,
    ),
    Worklist(
        "rule-sets-sent-back",
        "Rule sets sent back to you",
        Permission.WRITE_RULES,
        rule_sets_sent_back,
        empty="No rule set was sent back to you.",
        order=46,
    ),
)


def fill() -> None:
    """Put all of these into the slots they are for."""
    for item in NAVIGATION:
        slots.navigation.add(item)
    for worklist in WORKLISTS:
        slots.worklists.add(worklist)
    slots.demonstration_steps.add(DemonstrationStep("A rule set that waits for approval", rule_sets.load, order=65))
    slots.demonstration_steps.add(DemonstrationStep("What that rule set would change", implications.load, order=66))
