"""Background jobs as rows: what was asked for, how far it is, what went wrong."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from .commissioners import Commissioner
from .guards import no_delete
from .users import User


class JobState(models.TextChoices):
    """Where a job is."""

    QUEUED = "queued", "Waiting to start"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


#: Nothing more happens to these by themselves.
FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """A job is seen by whoever asked for it."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()

    def unfinished(self) -> "JobQuerySet":
        """Those still to run, or said to be running."""
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class Job(models.Model):
    """One piece of background work. Written in the transaction of what asked for it; found by its ``key``."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("kind", max_length=60)
    key = models.CharField("key", max_length=200, unique=True, help_text="Asking twice with one key makes one job.")
    parameters = models.JSONField("parameters", default=dict)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField("state", max_length=9, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField("steps done", default=0)
    total = models.PositiveIntegerField("steps in all", default=0)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    error = models.TextField("what went wrong", blank=True)
    is_cancel_asked = models.BooleanField(
        "asked to stop", default=False, help_text="A running one stops when it next says how far it is."
    )
    result_url = models.CharField("where the result is", max_length=300, blank=True)
    requested_at = models.DateTimeField("asked for at", auto_now_add=True)
    sent_at = models.DateTimeField("last sent to a worker at", null=True)
    started_at = models.DateTimeField("started at", null=True)
    finished_at = models.DateTimeField("finished at", null=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="job_finished_has_a_time",
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at"], name="job_unfinished", condition=Q(state__in=["queued", "running"]))
        ]
        triggers = [
            no_delete("job"),
            pgtrigger.FSM(
                name="job_states",
                field="state",
                transitions=[
                    ("queued", "running"),
                    ("queued", "failed"),
                    ("running", "done"),
                    ("running", "failed"),
                    ("running", "queued"),
                    ("failed", "queued"),
                    ("queued", "cancelled"),
                    ("running", "cancelled"),
                    ("cancelled", "queued"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in FINISHED
