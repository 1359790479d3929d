"""Rule sets and their dated versions. The criteria are data; `eligibility.rules` says what they mean."""

import datetime as dt
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value

from eligibility.enums import ApprovalStatus, VersionPart
from eligibility.rules import Layer, Outcome, RuleSetStatus, RulesRefused, read_rule_set
from eligibility.rules import RuleSet as Rules
from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet, commissioner_ids

from .rule_set_guards import version_is_frozen, version_states


class InclusiveDateRange(Func):
    """PostgreSQL's ``daterange(from, to, '[]')``: both days are in; no last day means until further notice."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, starts: str, ends: str) -> None:
        super().__init__(F(starts), F(ends), Value("[]"))


class RuleSetQuerySet(ScopedQuerySet["RuleSet"]):
    """Reads of rule sets."""

    scope_permission = Permission.VIEW_RULES

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Those of the user's commissioners, and of the partnerships these are or were members of.

        The national ones belong to the law: everybody who may read rule sets reads them, and nobody writes them.
        """
        wanted = permission or self.scope_permission
        ids = commissioner_ids(user, wanted)
        if not ids:
            return self.none()
        own = Q(commissioner__in=ids) | Q(commissioner__in=Commissioner.objects.filter(members__member__in=ids))
        return self.filter(own | Q(commissioner__isnull=True) if wanted == Permission.VIEW_RULES else own)


@pghistory.track()
class RuleSet(models.Model):
    """Who may have a personal health budget on one ground: a national right, or a local offer of a commissioner.

    Without a commissioner it is national. A local one may belong to a partnership and then holds for its members.
    """

    code = models.SlugField("code", max_length=60, unique=True)
    title = models.CharField("title", max_length=160)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RuleSetQuerySet] = RuleSetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="rule_set_has_a_code", condition=~Q(code="")),
            models.CheckConstraint(name="rule_set_has_a_title", condition=~Q(title="")),
        ]
        triggers = [
            no_delete("rule_set"),
            pgtrigger.ReadOnly(name="rule_set_fixed", fields=["code", "cohort", "commissioner"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_national(self) -> bool:
        """Whether it is the law's, which nobody here edits."""
        return self.commissioner_id is None

    @property
    def layer(self) -> Layer:
        """Whether this is the law's or a commissioner's."""
        return Layer.NATIONAL if self.commissioner_id is None else Layer.LOCAL


class RuleSetVersionQuerySet(models.QuerySet["RuleSetVersion"]):
    """Reads of versions."""

    def approved(self) -> "RuleSetVersionQuerySet":
        """Those a second person approved, or that came with the product: nobody is screened by any other."""
        return self.filter(approval_status=ApprovalStatus.APPROVED)

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

    `content` is the JSON that `eligibility.rules.read_rule_set` reads: criteria or readings, reasons, warnings;
    `cases` are its worked cases, each as a case file lists it. It is edited while a draft, and by nobody once
    submitted; approved by somebody who had no hand in it, and then only given a last day when another version takes
    over. `revision` goes up at every edit, so that nobody writes over what they have not seen. A version that nobody
    prepared came with the product.
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
    source = models.CharField(
        "source", max_length=300, blank=True, help_text="Paper and paragraph, or law and regulation."
    )
    content = models.JSONField("content")
    cases = models.JSONField("worked cases", default=list, blank=True)
    change_note = models.TextField("what changes, and why", blank=True)
    approval_status = models.CharField(
        "approval", max_length=12, choices=ApprovalStatus.choices, default=ApprovalStatus.DRAFT
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField("last edited", null=True, blank=True)
    revision = models.PositiveIntegerField("revision", default=1)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("approved at", null=True, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supersedes_until = models.DateField(
        "last day of the superseded version before", null=True, blank=True, help_text="None: until further notice."
    )

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
            models.CheckConstraint(
                name="rule_set_version_has_a_source",
                condition=Q(approval_status__in=[ApprovalStatus.DRAFT, ApprovalStatus.WITHDRAWN]) | ~Q(source=""),
            ),
            models.CheckConstraint(
                name="rule_set_version_known_approval", condition=Q(approval_status__in=ApprovalStatus.values)
            ),
            models.CheckConstraint(
                name="rule_set_version_not_approved_by_preparer",
                condition=Q(approved_by__isnull=True)
                | (Q(prepared_by__isnull=False) & ~Q(approved_by=F("prepared_by"))),
            ),
            models.CheckConstraint(
                name="rule_set_version_approved_by_and_at",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            # One that nobody prepared came with the product, approved.
            models.CheckConstraint(
                name="rule_set_version_approved_by_somebody",
                condition=Q(approval_status=ApprovalStatus.APPROVED, prepared_by__isnull=True)
                | Q(approval_status=ApprovalStatus.APPROVED, approved_by__isnull=False)
                | Q(approval_status=ApprovalStatus.WITHDRAWN, prepared_by__isnull=False)
                | Q(
                    approval_status__in=[ApprovalStatus.DRAFT, ApprovalStatus.SUBMITTED],
                    prepared_by__isnull=False,
                    approved_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="rule_set_version_supersedes_whole",
                condition=Q(supersedes__isnull=False) | Q(supersedes_until__isnull=True),
            ),
            ExclusionConstraint(
                name="rule_set_version_one_in_force",
                expressions=[
                    ("rule_set", RangeOperators.EQUAL),
                    (InclusiveDateRange("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status=RuleSetStatus.IN_FORCE, approval_status=ApprovalStatus.APPROVED),
                violation_error_message="Another version is in force on some of these days. Give it a last day first",
            ),
        ]
        triggers = [
            no_delete("rule_set_version"),
            no_truncate("rule_set_version"),
            version_is_frozen(),
            *version_states(),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set}, version {self.number}"

    def is_effective_on(self, on: dt.date) -> bool:
        """Whether its dates hold a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

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


class RuleSetVersionTransition(models.Model):
    """One change of a version's approval status: who, when, from, to and why. Append-only."""

    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField("action", max_length=12)
    from_status = models.CharField("from", max_length=12, choices=ApprovalStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=ApprovalStatus.choices)
    reason = models.TextField("reason", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made at")

    objects: ClassVar[models.Manager["RuleSetVersionTransition"]] = models.Manager()

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = append_only("rule_set_version_transition")

    def __str__(self) -> str:
        return f"{self.version}: {self.action}"


class RuleSetVersionEdit(models.Model):
    """One saved edit of a draft: who, when and which part. Append-only; nobody named here may approve the version."""

    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField("revision")
    part = models.CharField("part", max_length=12, choices=VersionPart.choices)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField("edited at")

    objects: ClassVar[models.Manager["RuleSetVersionEdit"]] = models.Manager()

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["version", "revision"], name="rule_set_version_revision_once"),
            models.CheckConstraint(name="rule_set_version_edit_known_part", condition=Q(part__in=VersionPart.values)),
        ]
        triggers = append_only("rule_set_version_edit")

    def __str__(self) -> str:
        return f"{self.version}, revision {self.revision}"
