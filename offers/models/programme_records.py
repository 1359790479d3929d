"""What happened to the entries of a programme, and which of its tools go into the board pack."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from offers.programme_enums import ToolKind
from offers.rules.programme_states import TABLES
from phb_register.models import User
from phb_register.models.guards import append_only, no_delete

from .offers import LocalOffer
from .programme import Deliverable, GovernanceBody, PhaseCap, ProgrammeEntry, Workstream
from .programme_guards import known_choices, step_is_of_an_entry
from .programme_people import DevelopmentNeed, EngagementEvent, StakeholderNeed
from .programme_start import SwocOption, Vision
from .programme_watch import Indicator, Risk

#: The table of each tool.
PROGRAMME: dict[str, type[ProgrammeEntry]] = {
    model.tool: model
    for model in (
        Vision,
        SwocOption,
        GovernanceBody,
        Workstream,
        Deliverable,
        PhaseCap,
        Indicator,
        Risk,
        EngagementEvent,
        StakeholderNeed,
        DevelopmentNeed,
    )
}


class ProgrammeTransition(models.Model):
    """One step of an entry, as it happened, with its note. Never changed, never removed."""

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="+")
    tool = models.CharField("tool", max_length=30, choices=ToolKind.choices)
    number = models.PositiveIntegerField("number of the entry")
    action = models.CharField("what was done", max_length=12)
    from_status = models.CharField("from", max_length=10)
    to_status = models.CharField("to", max_length=10)
    on = models.DateField("on")
    note = models.TextField("note", max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("at")

    objects: ClassVar[models.Manager["ProgrammeTransition"]] = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            known_choices("programme_transition", "tool", [str(tool) for tool in TABLES]),
            models.CheckConstraint(name="programme_transition_has_a_note", condition=~Q(note="")),
        ]
        indexes = [models.Index(fields=["local_offer", "tool", "number"], name="programme_transition_of")]
        triggers = [
            *append_only("programme_transition"),
            step_is_of_an_entry({str(tool): PROGRAMME[tool]._meta.db_table for tool in TABLES}),
        ]

    def __str__(self) -> str:
        return f"{self.get_tool_display()} {self.number}: {self.action}"


@pghistory.track()
class ToolChoice(models.Model):
    """Whether a tool goes into the board pack, where somebody chose otherwise than it stands at first."""

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="+")
    tool = models.CharField("tool", max_length=30, choices=ToolKind.choices)
    is_in_board_pack = models.BooleanField("in the board pack")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("saved at")

    objects: ClassVar[models.Manager["ToolChoice"]] = models.Manager()

    class Meta:
        ordering = ["tool"]
        constraints = [
            models.UniqueConstraint(fields=["local_offer", "tool"], name="tool_choice_once"),
            known_choices("tool_choice", "tool", ToolKind.values),
        ]
        triggers = [no_delete("tool_choice")]

    def __str__(self) -> str:
        return f"{self.get_tool_display()} of {self.local_offer}"
