"""Reviews of budgets: what asks for one, what is being written, and what was found (regulation 14)."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from budgets.rules.review_request_states import RequestStatus, allowed_jumps
from budgets.rules.reviews import MUST_REVIEW, ReviewKind, ReviewOutcome, ReviewReason, ReviewWay, TookPart
from eligibility.models.transitions import Transition
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import review_guards
from .personal_health_budgets import PersonalHealthBudget


class ReviewQuerySet(ScopedQuerySet["Review"]):
    """Reads of reviews, which belong where the budget belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def that_count(self) -> "ReviewQuerySet":
        """Without those that a further one corrects."""
        return self.filter(correction__isnull=True)


class Review(models.Model):
    """One completed review of a PHB. Never changed: a mistake is put right by a further review that corrects it.

    `due_on` is the day by which it was due when it was completed, `next_due_on` what followed. `number` counts the
    reviews of the PHB. Each question has its answer and, beside a “no” always, what follows from it.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("number")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="correction", verbose_name="corrects"
    )
    kind = models.CharField("kind", max_length=12, choices=ReviewKind.choices)
    reason = models.CharField("why now", max_length=24, choices=ReviewReason.choices, blank=True)
    planned_for = models.DateField("planned for", null=True, blank=True)
    due_on = models.DateField("was due by")
    held_on = models.DateField("held on")
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField("how", max_length=8, choices=ReviewWay.choices)
    took_part = ArrayField(
        models.CharField(max_length=16, choices=TookPart.choices), verbose_name="who took part", default=list
    )
    took_part_words = models.CharField("who they are", max_length=300, blank=True)
    is_plan_right = models.BooleanField("the plan still fits the needs")
    is_plan_right_follows = models.TextField("what follows", blank=True)
    is_used_well = models.BooleanField("used effectively")
    is_used_well_follows = models.TextField("what follows", blank=True)
    is_amount_enough = models.BooleanField("the amount is enough")
    is_amount_enough_follows = models.TextField("what follows", blank=True)
    is_complied_with = models.BooleanField("obligations kept")
    is_complied_with_follows = models.TextField("what follows", blank=True)
    outcomes = ArrayField(
        models.CharField(max_length=24, choices=ReviewOutcome.choices), verbose_name="what follows from the review"
    )
    notes = models.TextField("notes", blank=True)
    next_due_on = models.DateField("next due on")
    completed_on = models.DateField("completed on")
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[ReviewQuerySet] = ScopedManager.from_queryset(ReviewQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["phb", "number"], name="review_number_once"),
            models.CheckConstraint(name="review_known_kind", condition=Q(kind__in=ReviewKind.values)),
            models.CheckConstraint(name="review_known_way", condition=Q(way__in=ReviewWay.values)),
            models.CheckConstraint(
                name="review_unscheduled_says_why",
                condition=Q(kind=ReviewKind.UNSCHEDULED, reason__in=ReviewReason.values)
                | ~Q(kind=ReviewKind.UNSCHEDULED) & Q(reason=""),
            ),
            models.CheckConstraint(name="review_completed_once_held", condition=Q(held_on__lte=F("completed_on"))),
            models.CheckConstraint(name="review_next_is_later", condition=Q(next_due_on__gt=F("held_on"))),
            models.CheckConstraint(
                name="review_has_outcomes",
                condition=Q(outcomes__len__gte=1, outcomes__contained_by=ReviewOutcome.values)
                & (Q(outcomes__len=1) | ~Q(outcomes__contains=[ReviewOutcome.CONTINUE])),
            ),
            *(
                models.CheckConstraint(
                    name=f"review_{name}_no_follows", condition=Q(**{name: True}) | ~Q(**{f"{name}_follows": ""})
                )
                for name in ("is_plan_right", "is_used_well", "is_amount_enough", "is_complied_with")
            ),
            models.CheckConstraint(
                name="review_plan_must_change",
                condition=Q(is_plan_right=True) | Q(outcomes__overlap=["change_plan", "stop_direct_payment", "end"]),
            ),
            models.CheckConstraint(
                name="review_amount_must_change",
                condition=Q(is_amount_enough=True)
                | Q(outcomes__overlap=["change_amount", "change_plan", "stop_direct_payment", "end"]),
            ),
        ]
        indexes = [
            models.Index(fields=["phb", "-held_on"], name="review_latest"),
            models.Index(fields=["due_on", "held_on", "phb"], name="review_on_time"),
        ]
        triggers = [
            *append_only("review"),
            review_guards.REVIEW_OF_BUDGET_IN_PLACE,
            review_guards.REVIEW_MOVES_NEXT,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.held_on}"


class ReviewDraft(models.Model):
    """A review that is being written or only planned: one for a PHB at a time, whoever writes it.

    `typed` holds the form as it stands, unchecked. `revision` rises with each save, so that nobody saves over what
    they have not seen. It is gone once the review is completed.
    """

    phb = models.OneToOneField(PersonalHealthBudget, on_delete=models.PROTECT, related_name="review_draft")
    corrects = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    planned_for = models.DateField("planned for", null=True, blank=True)
    typed = models.JSONField("typed so far", default=dict)
    revision = models.PositiveIntegerField("revision", default=1)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("started at", auto_now_add=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("saved at")

    class Meta:
        constraints = [models.CheckConstraint(name="review_draft_counts", condition=Q(revision__gte=1))]
        indexes = [
            models.Index(fields=["planned_for"], condition=Q(planned_for__isnull=False), name="review_draft_planned")
        ]

    def __str__(self) -> str:
        return f"Review being written since {self.started_at:%d/%m/%Y}"


class ReviewRequestQuerySet(ScopedQuerySet["ReviewRequest"]):
    """Reads of requests for a review."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def waiting(self) -> "ReviewRequestQuerySet":
        """Those nobody answered, the longest waiting first."""
        return self.filter(status=RequestStatus.OPEN).order_by("asked_on", "pk")


@pghistory.track()
class ReviewRequest(models.Model):
    """Something happened after which a PHB must, or may have to, be reviewed before its time.

    Each reason waits once for a PHB at a time. The next review answers it. One that must not be left (`MUST_REVIEW`)
    is answered in no other way; any other may be set aside with a reason.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("why", max_length=24, choices=ReviewReason.choices)
    note = models.TextField("what happened", blank=True)
    status = models.CharField("status", max_length=12, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    asked_on = models.DateField("asked for on")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[ReviewRequestQuerySet] = ScopedManager.from_queryset(ReviewRequestQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phb", "reason"], condition=Q(status=RequestStatus.OPEN), name="review_request_once"
            ),
            models.CheckConstraint(name="review_request_known_reason", condition=Q(reason__in=ReviewReason.values)),
            models.CheckConstraint(
                name="review_request_answered_by_review",
                condition=Q(status=RequestStatus.ANSWERED, review__isnull=False)
                | ~Q(status=RequestStatus.ANSWERED) & Q(review__isnull=True),
            ),
            models.CheckConstraint(
                name="review_request_must_be_answered",
                condition=~Q(status=RequestStatus.SET_ASIDE, reason__in=sorted(MUST_REVIEW)),
            ),
        ]
        indexes = [
            models.Index(fields=["asked_on", "phb"], condition=Q(status=RequestStatus.OPEN), name="review_request_open")
        ]
        triggers = [
            pgtrigger.FSM(name="review_request_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="review_request_fixed",
                fields=["reference", "phb", "reason", "note", "asked_on", "asked_by", "recorded_at"],
            ),
            no_delete("review_request"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.asked_on:%d/%m/%Y}"


class ReviewRequestTransition(Transition):
    """One step of a request for a review. Append-only."""

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=RequestStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=RequestStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("review_request_transition")
