"""Healthcare tasks that a professional delegates to a personal assistant, and for how long they signed that off."""

import datetime as dt
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from budgets.enums import PlanStatus, Registration
from phb_register.models import User
from phb_register.models.guards import no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from . import plan_guards
from .plan_parts import EVENTS, PlanPart
from .support_plans import SupportPlan


@pghistory.track(*(event() for event in EVENTS))
class DelegatedTask(PlanPart):
    """One healthcare task that one personal assistant does for the person, once trained in it for this person."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="delegated_tasks")
    task = models.CharField("task", max_length=200)
    assistant_name = models.CharField("personal assistant", max_length=150)
    when_to_stop = models.TextField("when to stop and ask for help", blank=True)

    class Meta(PlanPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="delegated_task_once"),
            models.CheckConstraint(name="delegated_task_in_words", condition=~Q(task="") & ~Q(assistant_name="")),
        ]
        triggers = [plan_guards.written_while_draft("delegated_task"), no_truncate("delegated_task")]

    def __str__(self) -> str:
        return f"{self.task}, {self.assistant_name}"


class TaskSignOffQuerySet(ScopedQuerySet["TaskSignOff"]):
    """Reads of sign-offs. They belong where the plan belongs."""

    scope_path = "task__plan__referral__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def last_of_each(self) -> Self:
        """The last one made of each task."""
        later = TaskSignOff.objects.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))

    def of_plans_in_force_on(self, day: dt.date) -> Self:
        """Of signed plans whose time has not ended by the end of a day."""
        in_force = Q(task__plan__in_force_until__isnull=True) | Q(task__plan__in_force_until__gt=day)
        return self.filter(in_force, task__plan__status=PlanStatus.SIGNED)

    def running_out_by(self, day: dt.date) -> Self:
        """The last one of each task, where it is valid to the end of a day at most, the first to run out first."""
        return self.last_of_each().filter(valid_until__lte=day).order_by("valid_until", "pk")


@pghistory.track(*(event() for event in EVENTS))
class TaskSignOff(models.Model):
    """A registered professional's word that an assistant can do a task safely, until the end of `valid_until`.

    A further one renews it without another version of the plan; none is changed once the plan is no draft any more.
    """

    task = models.ForeignKey(DelegatedTask, on_delete=models.CASCADE, related_name="sign_offs")
    trained_by = models.CharField("trained by", max_length=150)
    trained_on = models.DateField("trained on")
    signed_off_by = models.CharField("signed off by", max_length=150)
    registration = models.CharField("registered with", max_length=8, choices=Registration.choices)
    registration_number = models.CharField("registration number", max_length=20)
    signed_off_on = models.DateField("signed off on")
    valid_until = models.DateField("valid until")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[TaskSignOffQuerySet] = TaskSignOffQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="task_sign_off_after_training", condition=Q(signed_off_on__gte=F("trained_on"))
            ),
            models.CheckConstraint(name="task_sign_off_lasts", condition=Q(valid_until__gt=F("signed_off_on"))),
            models.CheckConstraint(
                name="task_sign_off_known_register", condition=Q(registration__in=Registration.values)
            ),
            models.CheckConstraint(
                name="task_sign_off_names_them",
                condition=~Q(trained_by="") & ~Q(signed_off_by="") & ~Q(registration_number=""),
            ),
            models.UniqueConstraint(fields=["task", "signed_off_on", "valid_until"], name="task_sign_off_once"),
        ]
        indexes = [models.Index(fields=["valid_until"], name="task_sign_off_by_end")]
        triggers = [plan_guards.signed_off_while_it_counts(), no_truncate("task_sign_off")]

    def __str__(self) -> str:
        return f"{self.task}, until {self.valid_until:%d/%m/%Y}"
