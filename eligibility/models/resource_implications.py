"""What a version of a rule set would change for people, and what that would cost: worked out once, then kept."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from eligibility.rules.resource_implications import Change
from offers.models import Cohort
from phb_register.models import Commissioner, Job, Person
from phb_register.models.guards import no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .rule_sets import RuleSetVersion


class ResourceImplicationsQuerySet(ScopedQuerySet["ResourceImplications"]):
    """Reads of resource implications; always begun with ``visible_to``."""

    scope_permission = Permission.VIEW_RULES

    def finished(self) -> "ResourceImplicationsQuerySet":
        """Those that are worked out, the latest first."""
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")


class ResourceImplications(models.Model):
    """One version tried on the people a commissioner or partnership counts on a date, and on those it was referred.

    ``commissioner`` is whose people they are; ``period_from`` and ``period_to``, both included, bound the day a
    referral was received. ``result`` holds the counts by commissioner and cohort with the average budgets they are
    costed by, in the form of `eligibility.rules.implications_result`. What is finished never changes: another day,
    period or revision of the version makes another row.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField("revision of the version")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField("as at")
    period_from = models.DateField("referrals received from")
    period_to = models.DateField("referrals received to")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("asked on")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    facts_used = models.JSONField("facts used", null=True)
    result = models.JSONField("result", null=True)
    finished_at = models.DateTimeField("finished at", null=True)

    objects: ClassVar[ResourceImplicationsQuerySet] = ScopedManager.from_queryset(  # type: ignore[assignment]
        ResourceImplicationsQuerySet
    )()

    class Meta:
        verbose_name_plural = "resource implications"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "commissioner", "as_at", "period_from", "period_to", "asked_on"],
                name="resource_implications_once_a_day",
            ),
            models.CheckConstraint(
                name="resource_implications_period_in_order", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="resource_implications_whole_or_not_at_all",
                condition=Q(finished_at__isnull=True, result__isnull=True, facts_used__isnull=True)
                | Q(finished_at__isnull=False, result__isnull=False, facts_used__isnull=False),
            ),
        ]
        triggers = [
            no_delete("resource_implications"),
            no_truncate("resource_implications"),
            pgtrigger.ReadOnly(
                name="resource_implications_fixed",
                exclude=["facts_used", "result", "finished_at"],
            ),
            pgtrigger.Protect(
                name="resource_implications_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Resource implications of {self.version} on {self.as_at}"

    @property
    def is_finished(self) -> bool:
        """Whether it is worked out."""
        return self.finished_at is not None


class ResourceImplicationsPersonQuerySet(ScopedQuerySet["ResourceImplicationsPerson"]):
    """Reads of the people whom a version would change something for; always begun with ``visible_to``."""

    scope_permission = Permission.VIEW_PEOPLE_BEHIND_FIGURES


class ResourceImplicationsPerson(models.Model):
    """A person for whom a version would change something, as it stood when it was worked out.

    ``commissioner`` is accountable for the person on the as-at date. ``missing`` are the facts on which a change
    hangs that is not settled. ``has_budget`` says that they hold a PHB of the cohort already.
    ``estimated_annual_amount`` is the change of what is spent on the person, in pounds a year: above nought where a
    budget would be added, below where one would end; None where no average budget is known. Rows stand in the order
    of names, so that a page follows another by key. They stay as they are when records are merged later.
    """

    stays_on_merge = True

    implications = models.ForeignKey(ResourceImplications, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    change = models.CharField("change", max_length=12, choices=[(each.value, each.words) for each in Change])
    from_outcome = models.CharField("outcome now", max_length=32)
    to_outcome = models.CharField("outcome then", max_length=32)
    missing = models.JSONField("facts missing", default=list)
    was_referred = models.BooleanField("referred in the period")
    has_budget = models.BooleanField("has a budget of the cohort")
    estimated_annual_amount = models.DecimalField("estimated annual amount", max_digits=12, decimal_places=2, null=True)

    objects: ClassVar[ResourceImplicationsPersonQuerySet] = ScopedManager.from_queryset(  # type: ignore[assignment]
        ResourceImplicationsPersonQuerySet
    )()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["implications", "person"], name="resource_implications_person_once"),
            models.CheckConstraint(
                name="resource_implications_person_known_change",
                condition=Q(change__in=[each.value for each in Change]),
            ),
            models.CheckConstraint(
                name="resource_implications_person_missing_if_not_settled",
                condition=Q(change=Change.NOT_SETTLED.value) & ~Q(missing=[])
                | ~Q(change=Change.NOT_SETTLED.value) & Q(missing=[]),
            ),
        ]
        indexes = [
            models.Index(fields=["implications", "change", "id"], name="implications_person_by_change"),
        ]
        triggers = [
            pgtrigger.Protect(name="implications_person_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            no_truncate("implications_person"),
            # By statement, not by row: there may be a hundred thousand rows.
            pgtrigger.Trigger(
                name="implications_person_only_before_the_end",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM new_rows
                        JOIN eligibility_resourceimplications worked_out ON worked_out.id = new_rows.implications_id
                        WHERE worked_out.finished_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'Nobody is added to what is worked out'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_change_display()}"
