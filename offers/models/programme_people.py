"""The people a programme has to reach: events, what stakeholders need to hear, what staff need to learn."""

import pghistory
from django.db import models
from django.db.models import F, Q

from offers.programme_enums import Depth, EventStatus, Level, ToolKind, WorkStatus
from offers.rules.programme_states import EVENT, WORK

from .programme import BY_ROLE, ProgrammeEntry
from .programme_guards import entry_constraints, entry_triggers, known_choices, status_triggers

_WHEN = "Where there is no date, for example: each month at the team meeting"


@pghistory.track()
class EngagementEvent(ProgrammeEntry):
    """A meeting at which people help to shape the offer. What they said and what came of it is written down."""

    tool = ToolKind.EVENTS

    title = models.CharField("title", max_length=160)
    takes_place_on = models.DateField("takes place on", null=True, blank=True)
    timing = models.CharField("when, in words", max_length=120, blank=True, help_text=_WHEN)
    audience = models.TextField("who is invited", max_length=1000)
    purpose = models.TextField("what it is for", max_length=1000)
    people_came = models.PositiveIntegerField("how many people came", null=True, blank=True)
    heard = models.TextField("what was said", max_length=3000, blank=True)
    changed = models.TextField("what came of it", max_length=3000, blank=True)
    status = models.CharField("status", max_length=10, choices=EventStatus.choices, default=EventStatus.PLANNED)

    class Meta:
        ordering = [F("takes_place_on").asc(nulls_last=True), "number"]
        verbose_name = "engagement event"
        constraints = [
            *entry_constraints("event", "title", "audience", "purpose"),
            known_choices("event", "status", EventStatus.values),
            models.CheckConstraint(
                name="event_held_on_a_day",
                condition=~Q(status=EventStatus.HELD) | Q(takes_place_on__isnull=False),
            ),
        ]
        triggers = [*entry_triggers("event"), *status_triggers("event", EVENT, EventStatus.PLANNED)]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class StakeholderNeed(ProgrammeEntry):
    """What one group of people outside the team needs to hear, by which message, how and when."""

    tool = ToolKind.STAKEHOLDERS

    who = models.CharField("who", max_length=160, help_text="A group or a role, not a name")
    interest = models.CharField("their interest", max_length=6, choices=Level.choices)
    influence = models.CharField("their influence", max_length=6, choices=Level.choices)
    needs = models.TextField("what they need to know or decide", max_length=1000)
    message = models.TextField("the message", max_length=1000)
    way = models.CharField("how they get it", max_length=200, help_text="For example, one person’s story at a meeting")
    lead_role = models.CharField("who sees to it", max_length=160, help_text=BY_ROLE)
    due_on = models.DateField("by", null=True, blank=True)
    timing = models.CharField("when, in words", max_length=120, blank=True, help_text=_WHEN)
    status = models.CharField("status", max_length=10, choices=WorkStatus.choices, default=WorkStatus.PLANNED)

    class Meta:
        ordering = ["number"]
        verbose_name = "stakeholder need"
        constraints = [
            *entry_constraints("stakeholder", "who", "needs", "message", "way", "lead_role"),
            known_choices("stakeholder", "status", WorkStatus.values),
            *(known_choices("stakeholder", field, Level.values) for field in ("interest", "influence")),
        ]
        triggers = [*entry_triggers("stakeholder"), *status_triggers("stakeholder", WORK, WorkStatus.PLANNED)]

    def __str__(self) -> str:
        return self.who


@pghistory.track()
class DevelopmentNeed(ProgrammeEntry):
    """What one group of staff needs to learn: from whom, how, in how much of their time, and who speaks for it."""

    tool = ToolKind.DEVELOPMENT

    who = models.CharField("who", max_length=160, help_text="A group or a role, not a name")
    depth = models.CharField("how much they need", max_length=10, choices=Depth.choices)
    needs = models.TextField("what they need to learn", max_length=1000)
    way = models.CharField("how they learn it", max_length=200, help_text="For example, half a day of shadowing")
    time_asked = models.CharField(
        "time it takes of them", max_length=120, help_text="For example, an hour in a meeting they have anyway"
    )
    provider = models.CharField("who teaches it", max_length=160, help_text=BY_ROLE)
    needs_outside_help = models.BooleanField("Outside help is needed", default=False)
    champion = models.CharField(
        "their champion", max_length=160, blank=True, help_text="The role among them that speaks for budgets"
    )
    due_on = models.DateField("by", null=True, blank=True)
    timing = models.CharField("when, in words", max_length=120, blank=True, help_text=_WHEN)
    status = models.CharField("status", max_length=10, choices=WorkStatus.choices, default=WorkStatus.PLANNED)

    class Meta:
        ordering = ["number"]
        verbose_name = "development need"
        constraints = [
            *entry_constraints("development", "who", "needs", "way", "time_asked", "provider"),
            known_choices("development", "status", WorkStatus.values),
            known_choices("development", "depth", Depth.values),
        ]
        triggers = [*entry_triggers("development"), *status_triggers("development", WORK, WorkStatus.PLANNED)]

    def __str__(self) -> str:
        return self.who
