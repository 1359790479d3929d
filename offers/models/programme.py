"""The programme behind a local offer: who governs it, who leads what, what is due, and how many may have a budget."""

from typing import Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from offers.programme_enums import Certainty, ToolKind, WorkStatus
from offers.rules.programme_states import WORK
from phb_register.models import User

from .cohorts import Cohort
from .offers import LocalOffer
from .programme_guards import entry_constraints, entry_triggers, known_choices, no_loop_of_bodies, status_triggers
from .timeline import Phase

ONE_A_LINE = "Write one on each line."
BY_ROLE = "Write the role, not a name: people change."


class EntryQuerySet(models.QuerySet[Any]):
    """Reads of the entries of one tool."""

    def of(self, offer: LocalOffer) -> Self:
        """Those of an offer that were not removed."""
        return self.filter(local_offer=offer, removed_at__isnull=True)

    def removed_from(self, offer: LocalOffer) -> Self:
        """Those of an offer that were."""
        return self.filter(local_offer=offer, removed_at__isnull=False)


class ProgrammeEntry(models.Model):
    """One entry of one tool. Its number stays its own: a board paper may name “risk 3” long after it was removed.

    `version` goes up by one with each save, so that two who write at once do not overwrite each other.
    """

    tool: ClassVar[ToolKind]

    local_offer = models.ForeignKey(LocalOffer, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("number")
    is_in_board_pack = models.BooleanField("Include it in the board pack", default=True)
    version = models.PositiveIntegerField("version", default=1)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("saved at")
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField("removed at", null=True, blank=True)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True


@pghistory.track()
class GovernanceBody(ProgrammeEntry):
    """A group that decides on the programme, or advises those who do, and to whom it passes what it cannot settle."""

    tool = ToolKind.BODIES

    name = models.CharField("name", max_length=120)
    role = models.TextField("what it does in the programme", max_length=1000)
    accountabilities = models.TextField("what it answers for", max_length=2000, blank=True, help_text=ONE_A_LINE)
    frequency = models.CharField(
        "how often it meets", max_length=120, help_text="For example, monthly, on the second Thursday"
    )
    members = models.TextField("who is on it", max_length=2000, blank=True, help_text=f"{ONE_A_LINE} {BY_ROLE}")
    escalates_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="escalates to"
    )

    class Meta:
        ordering = ["number"]
        verbose_name = "governance body"
        constraints = [
            *entry_constraints("body", "name", "role", "frequency"),
            models.UniqueConstraint(
                fields=["local_offer", "name"],
                condition=Q(removed_at__isnull=True),
                name="body_name_once",
                violation_error_message="There is a governance body of this name already. Choose another name",
            ),
        ]
        triggers = [*entry_triggers("body", ("escalates_to_id", "offers_governancebody")), no_loop_of_bodies()]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Workstream(ProgrammeEntry):
    """A part of the work that somebody leads and answers for to a governance body."""

    tool = ToolKind.WORKSTREAMS

    title = models.CharField("title", max_length=120)
    purpose = models.TextField("what it is for", max_length=1000)
    lead_role = models.CharField("who leads it", max_length=160, help_text=BY_ROLE)
    body = models.ForeignKey(
        GovernanceBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="governance body it reports to",
    )

    class Meta:
        ordering = ["number"]
        verbose_name = "workstream"
        constraints = [
            *entry_constraints("workstream", "title", "purpose", "lead_role"),
            models.UniqueConstraint(
                fields=["local_offer", "title"],
                condition=Q(removed_at__isnull=True),
                name="workstream_title_once",
                violation_error_message="There is a workstream of this title already. Choose another title",
            ),
        ]
        triggers = entry_triggers("workstream", ("body_id", "offers_governancebody"))

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Deliverable(ProgrammeEntry):
    """Something that is to be there by a day."""

    tool = ToolKind.DELIVERABLES

    title = models.CharField("title", max_length=200)
    workstream = models.ForeignKey(
        Workstream, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="workstream"
    )
    owner_role = models.CharField("who sees to it", max_length=160, help_text=BY_ROLE)
    due_on = models.DateField("due on", null=True, blank=True)
    timing = models.CharField(
        "when, in words",
        max_length=120,
        blank=True,
        help_text="Where there is no date, for example: in the first months of the year",
    )
    done_when = models.TextField("how you will know it is done", max_length=1000, blank=True)
    status = models.CharField("status", max_length=10, choices=WorkStatus.choices, default=WorkStatus.PLANNED)
    done_on = models.DateField("done on", null=True, blank=True, editable=False)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "number"]
        verbose_name = "deliverable"
        constraints = [
            *entry_constraints("deliverable", "title", "owner_role"),
            known_choices("deliverable", "status", WorkStatus.values),
            models.CheckConstraint(
                name="deliverable_done_on_a_day",
                condition=Q(status=WorkStatus.DONE, done_on__isnull=False)
                | ~Q(status=WorkStatus.DONE) & Q(done_on__isnull=True),
            ),
        ]
        triggers = [
            *entry_triggers("deliverable", ("workstream_id", "offers_workstream")),
            *status_triggers("deliverable", WORK, WorkStatus.PLANNED),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class PhaseCap(ProgrammeEntry):
    """At most so many budgets while a phase runs: a limit of the plan, never a reason to refuse somebody with a right.

    A phase that is taken off the timeline leaves its cap behind, without it.
    """

    tool = ToolKind.CAPS

    phase = models.ForeignKey(
        Phase, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="year or phase"
    )
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cohort",
        help_text="Leave it empty for a cap on all cohorts together.",
    )
    people = models.PositiveIntegerField("at most, people with a budget at one time")
    certainty = models.CharField("how sure it is", max_length=10, choices=Certainty.choices, default=Certainty.AGREED)
    reason = models.TextField("why there is a cap", max_length=1000, blank=True)
    source = models.CharField("source", max_length=200, help_text="The paper and paragraph it rests on.")

    class Meta:
        ordering = [F("phase__position").asc(nulls_last=True), "number"]
        verbose_name = "phase cap"
        constraints = [
            *entry_constraints("cap", "source"),
            known_choices("cap", "certainty", Certainty.values),
            models.CheckConstraint(name="cap_of_somebody", condition=Q(people__gte=1)),
            models.UniqueConstraint(
                fields=["phase", "cohort"],
                condition=Q(removed_at__isnull=True, phase__isnull=False),
                name="cap_once",
                nulls_distinct=False,
                violation_error_message="This year or phase has a cap for them already. Change that one",
            ),
        ]
        triggers = entry_triggers("cap", ("phase_id", "offers_phase"), ("cohort_id", "offers_cohort"))

    def __str__(self) -> str:
        whose = f" of {self.cohort}" if self.cohort else ""
        return f"At most {self.people}{whose} in {self.phase.name if self.phase else 'a phase that was removed'}"
