"""Rule sets and their dated versions. The criteria are data; `eligibility.rules` says what they mean."""

import datetime as dt
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value

from eligibility.rules import Layer, Outcome, RuleSetStatus, RulesRefused, read_rule_set
from eligibility.rules import RuleSet as Rules
from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete, no_truncate


class InclusiveDateRange(Func):
    """PostgreSQL's ``daterange(from, to, '[]')``: both days are in; no last day means until further notice."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, starts: str, ends: str) -> None:
        super().__init__(F(starts), F(ends), Value("[]"))


@pghistory.track()
class RuleSet(models.Model):
    """Who may have a personal health budget on one ground: a national right, or a local offer of a commissioner.

    Without a commissioner it is national. A local one may belong to a partnership and then holds for its members.
    """

    code = models.SlugField("code", max_length=60, unique=True)
    title = models.CharField("title", max_length=160)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["RuleSet"]] = models.Manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="rule_set_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(name="rule_set_has_a_title", condition=~Q(title="")),
        ]
        triggers = [no_delete("rule_set")]

    def __str__(self) -> str:
        return self.title

    @property
    def layer(self) -> Layer:
        """Whether this is the law's or a commissioner's."""
        return Layer.NATIONAL if self.commissioner_id is None else Layer.LOCAL


class RuleSetVersionQuerySet(models.QuerySet["RuleSetVersion"]):
    """Reads of versions."""

    def for_date(self, on: dt.date) -> "RuleSetVersionQuerySet":
        """Those whose dates hold `on`, both the first and the last day included."""
        return self.filter(effective_from__lte=on).filter(Q(effective_to__isnull=True) | Q(effective_to__gte=on))

    def for_commissioners(self, commissioners: list[int]) -> "RuleSetVersionQuerySet":
        """The national ones, and the local ones of these commissioners or partnerships."""
        national = Q(rule_set__commissioner__isnull=True)
        return self.filter(national | Q(rule_set__commissioner__in=commissioners))


@pghistory.track()
class RuleSetVersion(models.Model):
    """A rule set as it holds from `effective_from` to `effective_to`, both included.

    `content` is the JSON that `eligibility.rules.read_rule_set` reads: criteria or readings, reasons, warnings. Once
    in force a version is never edited; it can only be given a last day, when another takes over.
    """

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    effective_from = models.DateField("first day")
    effective_to = models.DateField("last day", null=True, blank=True)
    status = models.CharField(
        "status", max_length=12, choices=[(RuleSetStatus.IN_FORCE, "In force"), (RuleSetStatus.PROPOSED, "Proposed")]
    )
    outcome = models.CharField(
        "gives", max_length=32, choices=[(outcome.value, outcome.words.capitalize()) for outcome in Outcome]
    )
    source = models.CharField("source", max_length=300, help_text="Paper and paragraph, or law and regulation.")
    content = models.JSONField("content")

    objects: ClassVar[RuleSetVersionQuerySet] = RuleSetVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["rule_set", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="rule_set_version_number_once"),
            models.CheckConstraint(name="rule_set_version_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="rule_set_version_ends_after_start",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                violation_error_message="The last day must be on or after the first day",
            ),
            models.CheckConstraint(
                name="rule_set_version_known_status", condition=Q(status__in=[each.value for each in RuleSetStatus])
            ),
            models.CheckConstraint(
                name="rule_set_version_gives_something",
                condition=Q(
                    outcome__in=[
                        Outcome.RIGHT_TO_HAVE,
                        Outcome.RIGHT_TO_ASK,
                        Outcome.MAY_REQUEST,
                        Outcome.MAY_BE_CONSIDERED,
                    ]
                ),
            ),
            models.CheckConstraint(name="rule_set_version_has_a_source", condition=~Q(source="")),
            ExclusionConstraint(
                name="rule_set_version_one_in_force",
                expressions=[
                    ("rule_set", RangeOperators.EQUAL),
                    (InclusiveDateRange("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status=RuleSetStatus.IN_FORCE),
                violation_error_message="Another version is in force on some of these days. Give it a last day first",
            ),
        ]
        triggers = [
            no_delete("rule_set_version"),
            no_truncate("rule_set_version"),
            pgtrigger.Trigger(
                name="rule_set_version_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=RuleSetStatus.IN_FORCE.value),
                func="""
                    IF to_jsonb(NEW) - 'effective_to' IS DISTINCT FROM to_jsonb(OLD) - 'effective_to'
                        OR (OLD.effective_to IS NOT NULL AND NEW.effective_to IS DISTINCT FROM OLD.effective_to)
                    THEN
                        RAISE EXCEPTION 'A version in force is never edited: end it and add another'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set}, version {self.number}"

    def clean(self) -> None:
        """Refuse content that the rules cannot read, with the path and remedy of every fault."""
        try:
            self.as_rules()
        except RulesRefused as refused:
            raise ValidationError({"content": [str(problem) for problem in refused.problems]}) from refused

    def as_rules(self) -> Rules:
        """The version as the pure rules take it. Raises ``RulesRefused``."""
        return read_rule_set(
            {
                **self.content,
                "code": self.rule_set.code,
                "title": self.rule_set.title,
                "layer": self.rule_set.layer,
                "cohort": self.rule_set.cohort.code,
                "number": self.number,
                "effective_from": self.effective_from,
                "effective_to": self.effective_to,
                "status": self.status,
                "outcome": self.outcome,
                "source": self.source,
            },
            path=f"{self.rule_set.code}, version {self.number}",
        )
