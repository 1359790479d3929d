"""What letters show on pages that are not their own: a worklist, a part of a person's page, events of a timeline."""

import datetime as dt
from typing import Any

from django.urls import reverse

from eligibility.demonstration import letters as demonstration
from eligibility.presenters.letters import letter_item, letters_table, timeline_events, write_url
from eligibility.selectors.letters import case_of_person, letters_of_person, letters_to_send
from phb_register import slots
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.scope import can

LONGEST_WORKLIST = 20


def to_send(user: User, today: dt.date) -> list[slots.WorkItem]:
    """Letters that nobody has sent yet, the oldest first, with what their format needs."""
    return [letter_item(letter) for letter in letters_to_send(user, LONGEST_WORKLIST)]


def person_panel(user: User, person: Person) -> dict[str, Any]:
    """A person's letters, the newest first."""
    may_write = can(user, Permission.DECIDE_REFERRALS, person.commissioner)
    return {
        "table": letters_table(letters_of_person(user, person), "Letters to this person"),
        "write_url": write_url(case_of_person(person)) if may_write else None,
    }


def events(user: User, person: Person) -> list[slots.TimelineEvent]:
    """When letters were written and sent."""
    return timeline_events(letters_of_person(user, person))


def templates_url(commissioner: Commissioner) -> str:
    """Where the templates of a commissioner's letters are written."""
    return reverse("eligibility:letter-templates", args=[commissioner.code])


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.worklists.add(
        slots.Worklist(
            "letters-to-send",
            "Letters to send",
            Permission.DECIDE_REFERRALS,
            to_send,
            empty="Every letter is recorded as sent.",
            order=40,
        )
    )
    slots.person_panels.add(
        slots.PersonPanel(
            "Letters", "eligibility/letters/panel.html", person_panel, Permission.VIEW_REFERRALS, order=25
        )
    )
    slots.timeline.add(slots.TimelineSource("Letters", Permission.VIEW_REFERRALS, events, order=40))
    slots.settings_links.add(slots.SettingsLink("Templates of letters", templates_url, order=10))
    slots.demonstration_steps.add(slots.DemonstrationStep("Letters about some referrals", demonstration.load, order=67))
