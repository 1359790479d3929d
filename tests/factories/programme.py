"""Entries of a programme, made by the service with the least that each tool asks."""

from typing import Any

from offers.models import LocalOffer
from offers.programme_tools import TOOLS
from offers.services.programme import add_entry
from phb_register.models import User
from phb_register.roles import Role
from tests.factories.phb_register import UserFactory

#: What each tool must be told; the rest may stay empty.
LEAST: dict[str, dict[str, Any]] = {
    "vision": {
        "headline": "Everybody plans their own care",
        "for_people": "They choose",
        "for_staff": "They help",
        "for_system": "It follows the person",
        "first_steps": "Begin\nLearn",
        "signs": "People say so",
        "asked_of_leaders": "Time",
    },
    "swoc": {"title": "Short breaks", "place": "undecided"},
    "governance-bodies": {"name": "Reference group", "role": "Decides", "frequency": "Monthly"},
    "workstreams": {"title": "Care planning", "purpose": "To plan well", "lead_role": "Lead nurse"},
    "deliverables": {"title": "A template in use", "owner_role": "Project manager"},
    "phase-caps": {"people": 20, "certainty": "agreed", "source": "Paper, section 7"},
    "key-performance-indicators": {
        "title": "Budgets in place",
        "definition": "People with a budget.",
        "unit": "people",
        "direction": "up",
        "frequency": "Monthly",
        "owner_role": "Analyst",
    },
    "risks": {
        "description": "Nobody has the time",
        "likelihood": 4,
        "impact": 5,
        "mitigation": "Ask for it",
        "owner_role": "Chair",
    },
    "engagement-events": {"title": "A day together", "audience": "Everybody", "purpose": "To listen"},
    "stakeholder-needs": {
        "who": "Governing bodies",
        "interest": "medium",
        "influence": "high",
        "needs": "The timeline",
        "message": "It has begun",
        "way": "A paper",
        "lead_role": "Chair",
    },
    "development-needs": {
        "who": "Nurses",
        "depth": "skill",
        "needs": "To plan with people",
        "way": "Shadowing",
        "time_asked": "Half a day",
        "provider": "Champions",
    },
}


def details_of(tool: str, **given: Any) -> dict[str, Any]:
    """Everything that the service is told of an entry: what is given, the least it must be told, and nothing else."""
    model = TOOLS[tool]
    empty = {"is_in_board_pack": True, "needs_outside_help": False}
    nothing = {name: empty.get(name, _nothing(name)) for name in (*model.fields, "is_in_board_pack")}
    return nothing | LEAST[tool] | given


def make_entry(offer: LocalOffer, tool: str, *, by: User | None = None, **given: Any) -> Any:
    """An entry of a tool."""
    writer = by or UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)
    return add_entry(offer=offer, tool=TOOLS[tool], details=details_of(tool, **given), by=writer)


def _nothing(name: str) -> Any:
    nulls = ("cohort", "workstream", "body", "escalates_to", "phase", "people", "people_came", "baseline", "target")
    return None if name in nulls or name.endswith(("_on", "_after")) else ""
