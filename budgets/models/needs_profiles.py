"""Needs profiles: the levels of the Decision Support Tool, as a team found them, beside an indicative budget."""

import datetime as dt
import uuid
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q

from budgets.rules.needs_profiles import LEVEL_CHOICES, Domain, Suggestion, read_suggestions
from eligibility.models import Referral
from phb_register.models import User
from phb_register.models.guards import append_only, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import planning_guards


class NeedsToolQuerySet(models.QuerySet["NeedsTool"]):
    """Reads of tools."""

    def in_use_on(self, day: dt.date) -> Self:
        """Those that were in use on a day."""
        return self.filter(applies_from__lte=day).filter(Q(applies_to__isnull=True) | Q(applies_to__gte=day))


@pghistory.track()
class NeedsTool(models.Model):
    """One version of the Decision Support Tool, for adults or children, on the days it was in use.

    Reference data: it arrives with `migrate`. `suggestions` is what levels suggest, as
    `budgets.rules.needs_profiles.read_suggestions` reads it; `verified_by` says who held all of it against the source,
    and is empty until somebody has.
    """

    code = models.SlugField("code", max_length=40, unique=True)
    title = models.CharField("title", max_length=120)
    version = models.CharField("version", max_length=80)
    is_for_children = models.BooleanField("for people aged 17 or under")
    applies_from = models.DateField("in use from")
    applies_to = models.DateField("in use to", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    verified_by = models.CharField("verified by", max_length=200, blank=True)
    suggestions = models.JSONField("what the levels suggest", default=list, blank=True)

    objects: ClassVar[NeedsToolQuerySet] = NeedsToolQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["is_for_children", "-applies_from"]
        constraints = [
            models.CheckConstraint(name="needs_tool_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="needs_tool_ends_after_start",
                condition=Q(applies_to__isnull=True) | Q(applies_to__gte=F("applies_from")),
            ),
        ]
        triggers = [no_delete("needs_tool")]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"

    def as_domains(self) -> tuple[Domain, ...]:
        """Its domains as the pure rules take them, in the tool's order."""
        return tuple(Domain(each.code, each.name, tuple(each.levels), each.source) for each in self.domains.all())

    def as_suggestions(self) -> tuple[Suggestion, ...]:
        """What levels suggest, the strongest first."""
        return read_suggestions(self.suggestions)


@pghistory.track()
class NeedsDomain(models.Model):
    """One domain of a tool, and the levels it has: the last is its ceiling."""

    tool = models.ForeignKey(NeedsTool, on_delete=models.PROTECT, related_name="domains")
    code = models.SlugField("code", max_length=40)
    name = models.CharField("name", max_length=120)
    position = models.PositiveSmallIntegerField("place in the tool")
    levels = models.JSONField("levels")
    source = models.CharField("source", max_length=300)
    verified_by = models.CharField("verified by", max_length=200, blank=True)

    class Meta:
        ordering = ["tool", "position"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "code"], name="needs_domain_once"),
            models.UniqueConstraint(fields=["tool", "position"], name="needs_domain_place_once"),
            models.CheckConstraint(name="needs_domain_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(name="needs_domain_has_levels", condition=~Q(levels=[])),
        ]
        triggers = [no_delete("needs_domain")]

    def __str__(self) -> str:
        return self.name


class NeedsProfileQuerySet(ScopedQuerySet["NeedsProfile"]):
    """Reads of needs profiles; they belong where the referral belongs."""

    scope_path = "referral__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS


class NeedsProfile(models.Model):
    """The levels that were found in one assessment; a correction or a later assessment is a further number.

    `submission_key` is the form's: sent twice, it makes one.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    submission_key = models.UUIDField(unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("number")
    tool = models.ForeignKey(NeedsTool, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField("assessed on")
    assessed_by = models.CharField("who assessed", max_length=300)
    note = models.TextField("note", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[NeedsProfileQuerySet] = ScopedManager.from_queryset(NeedsProfileQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["referral", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="needs_profile_number_once"),
            models.CheckConstraint(name="needs_profile_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(name="needs_profile_says_who", condition=~Q(assessed_by="")),
        ]
        triggers = [
            *append_only("needs_profile"),
            planning_guards.of_an_accepted_referral("needs_profile"),
            planning_guards.EVERY_DOMAIN_HAS_A_LEVEL,
        ]

    def __str__(self) -> str:
        return f"Needs profile {self.number}"

    def levels_by_domain(self) -> dict[str, str]:
        """The levels, by the code of the domain."""
        return {each.domain.code: each.level for each in self.levels.all()}


class NeedsProfileLevel(models.Model):
    """The level found in one domain, or that it was not assessed. Append-only."""

    profile = models.ForeignKey(NeedsProfile, on_delete=models.PROTECT, related_name="levels")
    domain = models.ForeignKey(NeedsDomain, on_delete=models.PROTECT, related_name="+")
    level = models.CharField("level", max_length=12, choices=LEVEL_CHOICES)

    class Meta:
        ordering = ["domain__position"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "domain"], name="needs_level_once"),
            models.CheckConstraint(
                name="needs_level_known", condition=Q(level__in=[value for value, _ in LEVEL_CHOICES])
            ),
        ]
        triggers = [*append_only("needs_level"), planning_guards.LEVEL_IS_OF_THE_DOMAIN]

    def __str__(self) -> str:
        return f"{self.domain}: {self.get_level_display()}"
