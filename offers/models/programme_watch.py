"""What a programme watches: its indicators with what was read of them, and its risks with how they were scored."""

from textwrap import shorten
from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from offers.programme_enums import Direction, Impact, Likelihood, RiskStatus, ToolKind
from offers.rules.programme_states import RISK
from phb_register.models import User
from phb_register.models.guards import append_only

from .programme import BY_ROLE, ProgrammeEntry, Workstream
from .programme_guards import entry_constraints, entry_triggers, known_choices, status_triggers

_SCORES = [1, 2, 3, 4, 5]


@pghistory.track()
class Indicator(ProgrammeEntry):
    """A key performance indicator: read by hand, or a figure that the register counts itself.

    `figure` is the code of such a figure (`offers.figures`); it then takes no readings.
    """

    tool = ToolKind.INDICATORS

    title = models.CharField("title", max_length=160)
    definition = models.TextField("what is counted, and how", max_length=1000)
    unit = models.CharField("unit", max_length=40, help_text="For example: people, %, days")
    direction = models.CharField(
        "which way it should move", max_length=4, choices=Direction.choices, default=Direction.UP
    )
    baseline = models.DecimalField("where it started", max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("target", max_digits=12, decimal_places=2, null=True, blank=True)
    target_on = models.DateField("target to be reached by", null=True, blank=True)
    figure = models.CharField(
        "figure of the register",
        max_length=60,
        blank=True,
        help_text="Choose one and the register keeps the indicator up to date.",
    )
    frequency = models.CharField("how often it is read", max_length=80, help_text="For example, monthly")
    owner_role = models.CharField("who reads it", max_length=160, help_text=BY_ROLE)

    class Meta:
        ordering = ["number"]
        verbose_name = "key performance indicator"
        constraints = [
            *entry_constraints("indicator", "title", "definition", "unit", "frequency", "owner_role"),
            known_choices("indicator", "direction", Direction.values),
            models.CheckConstraint(
                name="indicator_target_before_its_day",
                condition=Q(target_on__isnull=True) | Q(target__isnull=False),
                violation_error_message="Enter the target, or leave out the day it is to be reached by",
            ),
        ]
        triggers = entry_triggers("indicator")

    def __str__(self) -> str:
        return self.title


class IndicatorReading(models.Model):
    """What an indicator said at the end of a day. A wrong one is put right by another of the same day."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    read_on = models.DateField("as at")
    value = models.DecimalField("value", max_digits=12, decimal_places=2)
    note = models.CharField("note", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("entered at")

    objects: ClassVar[models.Manager["IndicatorReading"]] = models.Manager()

    class Meta:
        ordering = ["indicator", "read_on", "pk"]
        triggers = [
            *append_only("indicator_reading"),
            pgtrigger.Trigger(
                name="indicator_reading_by_hand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM offers_indicator WHERE id = NEW.indicator_id AND figure <> '') THEN
                        RAISE EXCEPTION 'The register counts this indicator itself'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'indicator_reading_by_hand';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} on {self.read_on}"


@pghistory.track()
class Risk(ProgrammeEntry):
    """Something that may go wrong, scored 1 to 25 as it stands, and as it should stand once it is dealt with."""

    tool = ToolKind.RISKS

    description = models.TextField(
        "what may happen", max_length=600, help_text="Say what may happen, why, and what it would lead to."
    )
    workstream = models.ForeignKey(
        Workstream, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="workstream"
    )
    likelihood = models.PositiveSmallIntegerField("how likely it is now", choices=Likelihood.choices)
    impact = models.PositiveSmallIntegerField("how much it would matter", choices=Impact.choices)
    mitigation = models.TextField("what is done about it", max_length=2000)
    likelihood_after = models.PositiveSmallIntegerField(
        "how likely once that is done", choices=Likelihood.choices, null=True, blank=True
    )
    impact_after = models.PositiveSmallIntegerField(
        "how much it would matter then", choices=Impact.choices, null=True, blank=True
    )
    owner_role = models.CharField("who owns it", max_length=160, help_text=BY_ROLE)
    review_on = models.DateField("look at it again on", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=RiskStatus.choices, default=RiskStatus.OPEN)

    class Meta:
        ordering = [(F("likelihood") * F("impact")).desc(), "number"]
        verbose_name = "risk"
        constraints = [
            *entry_constraints("risk", "description", "mitigation", "owner_role"),
            known_choices("risk", "status", RiskStatus.values),
            *(known_choices("risk", field, _SCORES) for field in ("likelihood", "impact")),
            models.CheckConstraint(
                name="risk_after_scored_whole",
                condition=Q(likelihood_after__isnull=True, impact_after__isnull=True)
                | Q(likelihood_after__isnull=False, impact_after__isnull=False)
                & Q(likelihood_after__in=_SCORES, impact_after__in=_SCORES),
                violation_error_message="Select both how likely it is and how much it would matter then, or neither",
            ),
        ]
        triggers = [
            *entry_triggers("risk", ("workstream_id", "offers_workstream")),
            *status_triggers("risk", RISK, RiskStatus.OPEN),
        ]

    def __str__(self) -> str:
        return shorten(self.description, 90, placeholder=" …")


class RiskScore(models.Model):
    """How a risk was scored from a moment on: the first time, and each time it changed."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="scores")
    likelihood = models.PositiveSmallIntegerField("likelihood", choices=Likelihood.choices)
    impact = models.PositiveSmallIntegerField("impact", choices=Impact.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("scored at")

    objects: ClassVar[models.Manager["RiskScore"]] = models.Manager()

    class Meta:
        ordering = ["risk", "at", "pk"]
        constraints = [known_choices("risk_score", field, _SCORES) for field in ("likelihood", "impact")]
        triggers = append_only("risk_score")

    def __str__(self) -> str:
        return f"{self.risk}: {self.likelihood} × {self.impact}"
