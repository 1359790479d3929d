"""Commissioners of NHS care, what became of them, the partnerships they form and the people they serve."""

import datetime as dt
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.db.models import F, Func, Q

from phb_register.dates import DayCount
from phb_register.disclosure import DEFAULT_PROFILE, PROFILES

from .guards import no_delete


class CommissionerKind(models.TextChoices):
    """What sort of body a commissioner is.

    A partnership is a group that publishes one local offer. The nation is England: every body of the day together.
    """

    CCG = "ccg", "Clinical commissioning group"
    ICB = "icb", "Integrated care board"
    PARTNERSHIP = "partnership", "Partnership"
    NATION = "nation", "Nation"


#: Only these can be accountable for a person; the others add them up.
BODIES = (CommissionerKind.CCG, CommissionerKind.ICB)


class DateRange(Func):
    """PostgreSQL's ``daterange(from, to)``: the first day is in, the last is not."""

    function = "DATERANGE"
    output_field = DateRangeField()


class CommissionerQuerySet(models.QuerySet["Commissioner"]):
    """Reads of commissioners."""

    def bodies(self) -> "CommissionerQuerySet":
        """Only those that can be accountable for a person: CCGs and ICBs."""
        return self.filter(kind__in=BODIES)

    def open_on(self, day: dt.date) -> "CommissionerQuerySet":
        """Those that exist at the end of ``day``; the closing date is the last day of existence."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day))

    def counted_with(self, commissioner: "Commissioner", on: dt.date) -> "CommissionerQuerySet":
        """The bodies whose records count for ``commissioner`` on a date.

        A partnership counts its members of that date, the nation all that are open. Each body counts itself and those
        it succeeded, where they had closed by then (their main successor only, so nobody is counted twice). A body that
        had already closed itself counts nobody: its people are counted by its successor from the day after.
        """
        return self.bodies().filter(pk__in=counted_ids([commissioner.pk], on))


class Commissioner(models.Model):
    """A CCG, an ICB, or a partnership of them, from ``opened_on`` to ``closed_on`` (its last day)."""

    code = models.CharField("code", max_length=12, unique=True, help_text="The ODS code, or a partnership's own code.")
    name = models.CharField("name", max_length=200)
    kind = models.CharField("kind", max_length=12, choices=CommissionerKind.choices)
    opened_on = models.DateField("opened on")
    closed_on = models.DateField("closed on", null=True, blank=True, help_text="Its last day.")

    objects: ClassVar[CommissionerQuerySet] = CommissionerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="commissioner_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="The closing date must be on or after the opening date",
            )
        ]
        triggers = [no_delete("commissioner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_partnership(self) -> bool:
        """Whether this is a group of commissioners rather than a body in law."""
        return self.kind == CommissionerKind.PARTNERSHIP

    @property
    def is_nation(self) -> bool:
        """Whether this is England: all bodies together."""
        return self.kind == CommissionerKind.NATION

    @property
    def is_body(self) -> bool:
        """Whether this is a body in law, which can be accountable for a person."""
        return self.kind in BODIES

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it exists at the end of ``day``."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on >= day)


class Succession(models.Model):
    """One commissioner taking over from another. Not always one to one, hence ``is_main``."""

    predecessor = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="inheritances")
    took_effect_on = models.DateField("took effect on")
    is_main = models.BooleanField(
        "main successor", default=True, help_text="The successor that counts the predecessor's people."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.UniqueConstraint(fields=["predecessor"], condition=Q(is_main=True), name="succession_one_main"),
            models.CheckConstraint(name="succession_not_itself", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.successor} took over from {self.predecessor}"


class PartnershipMemberQuerySet(models.QuerySet["PartnershipMember"]):
    """Reads of memberships of partnerships."""

    def on(self, day: dt.date) -> "PartnershipMemberQuerySet":
        """Those in force at the end of ``day``."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class PartnershipMember(models.Model):
    """A commissioner's membership of a partnership, from ``starts_on`` until the day before ``ends_on``."""

    partnership = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="partnerships")
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="The first day it is no longer a member.")

    objects: ClassVar[PartnershipMemberQuerySet] = PartnershipMemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partnership_member_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(name="partnership_member_not_itself", condition=~Q(partnership=F("member"))),
            ExclusionConstraint(
                name="partnership_member_once_at_a_time",
                expressions=[
                    ("partnership", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.partnership}"

    def is_in_force_on(self, day: dt.date) -> bool:
        """Whether it is in force at the end of ``day``."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


class PopulationBasis(models.TextChoices):
    """How a population was counted. The two differ by tens of thousands and are never mixed."""

    REGISTERED = "registered", "Registered with a GP practice"
    RESIDENT = "resident", "Resident in the area"


class PopulationQuerySet(models.QuerySet["Population"]):
    """Reads of populations."""

    def latest_for(self, commissioner: Commissioner, on: dt.date) -> "Population | None":
        """The newest count of ``commissioner``'s own population made on or before a date."""
        return self.filter(commissioner=commissioner, counted_on__lte=on).order_by("-counted_on", "-pk").first()


@pghistory.track()
class Population(models.Model):
    """How many people a commissioner or partnership serves, by whom counted, and when."""

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="populations")
    basis = models.CharField("basis", max_length=12, choices=PopulationBasis.choices)
    counted_on = models.DateField("counted on")
    people = models.PositiveIntegerField("people")
    source = models.CharField("source", max_length=300, help_text="Where the count is published.")

    objects: ClassVar[PopulationQuerySet] = PopulationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-counted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "counted_on"],
                name="population_one_a_day",
                violation_error_message="There is a population for that date already. Change that one instead",
            ),
            models.CheckConstraint(name="population_has_people", condition=Q(people__gt=0)),
            models.CheckConstraint(name="population_has_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.commissioner}: {self.people:,} on {self.counted_on}"


@pghistory.track()
class CommissionerSettings(models.Model):
    """What a commissioner or partnership decides for itself; edited in the browser."""

    commissioner = models.OneToOneField(Commissioner, on_delete=models.PROTECT, related_name="settings")
    decision_days = models.PositiveSmallIntegerField(
        "days to decide a referral",
        default=28,
        help_text="The day the referral was received does not count.",
    )
    decision_days_counted = models.CharField(
        "which days count", max_length=8, choices=DayCount.choices, default=DayCount.CALENDAR
    )
    acknowledge_working_days = models.PositiveSmallIntegerField(
        "working days to acknowledge a referral", default=3, help_text="The day it was received does not count."
    )
    is_fast_track_routinely_offered = models.BooleanField(
        "fast track is routinely offered",
        default=False,
        help_text="A request from somebody on fast track is never blocked, whatever is chosen here.",
    )
    birthday_notice_months = models.PositiveSmallIntegerField(
        "months of notice before a birthday",
        default=6,
        help_text="How long before a 16th, 18th or 25th birthday that changes what applies it is to be reviewed.",
    )
    reconsideration_days = models.PositiveSmallIntegerField(
        "days to decide a reconsideration",
        default=28,
        help_text="Calendar days from the day somebody asked for a decision to be looked at again.",
    )
    disclosure_profile = models.CharField(
        "which numbers are hidden from readers who may not see people",
        max_length=12,
        choices=[(each.code, each.label) for each in PROFILES.values()],
        default=DEFAULT_PROFILE.code,
        help_text="Holds for figures that are shown for the first time from then on.",
    )
    how_to_ask = models.TextField(
        "how to ask for a personal health budget", blank=True, help_text="Plain English, shown to the public."
    )
    letter_contact = models.TextField(
        "contact details on letters",
        blank=True,
        help_text="The team’s name, address, phone number and e-mail address, each on a line of its own.",
    )

    class Meta:
        verbose_name_plural = "commissioner settings"
        constraints = [
            models.CheckConstraint(
                name="settings_decision_days_sensible",
                condition=Q(decision_days__gte=1) & Q(decision_days__lte=365),
                violation_error_message="Days to decide a referral must be between 1 and 365",
            ),
            models.CheckConstraint(
                name="settings_reconsideration_days_sensible",
                condition=Q(reconsideration_days__gte=1) & Q(reconsideration_days__lte=365),
                violation_error_message="Days to decide a reconsideration must be between 1 and 365",
            ),
            models.CheckConstraint(
                name="settings_birthday_notice_sensible",
                condition=Q(birthday_notice_months__gte=1) & Q(birthday_notice_months__lte=24),
                violation_error_message="Months of notice before a birthday must be between 1 and 24",
            ),
            models.CheckConstraint(
                name="settings_known_day_count", condition=Q(decision_days_counted__in=DayCount.values)
            ),
            models.CheckConstraint(
                name="settings_known_disclosure_profile", condition=Q(disclosure_profile__in=list(PROFILES))
            ),
            models.CheckConstraint(
                name="settings_acknowledge_days_sensible",
                condition=Q(acknowledge_working_days__gte=1) & Q(acknowledge_working_days__lte=60),
                violation_error_message="Working days to acknowledge a referral must be between 1 and 60",
            ),
        ]

    def __str__(self) -> str:
        return f"Settings of {self.commissioner}"


#: Bodies open on the day, members of partnerships on the day, all of a nation, and whoever each succeeded by then.
COUNTED = """
    WITH RECURSIVE counted (id) AS (
        SELECT id FROM phb_register_commissioner
        WHERE (id = ANY(%(ids)s::bigint[]) OR EXISTS (
                SELECT FROM phb_register_commissioner WHERE id = ANY(%(ids)s::bigint[]) AND kind = %(nation)s
            ))
            AND kind = ANY(%(bodies)s) AND opened_on <= %(on)s AND (closed_on IS NULL OR closed_on >= %(on)s)
        UNION
        SELECT member_id FROM phb_register_partnershipmember
        WHERE partnership_id = ANY(%(ids)s::bigint[]) AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on > %(on)s)
        UNION
        SELECT predecessor_id FROM phb_register_succession JOIN counted ON successor_id = counted.id
        WHERE is_main AND took_effect_on <= %(on)s
    )
    SELECT id FROM counted
"""


def counted_ids(commissioner_ids: list[int], on: dt.date) -> frozenset[int]:
    """The ids of all bodies whose records count for these commissioners on a date.

    See ``CommissionerQuerySet.counted_with``. One read, however many commissioners: nearly every page begins with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTED,
            {
                "ids": commissioner_ids,
                "on": on,
                "nation": CommissionerKind.NATION.value,
                "bodies": [kind.value for kind in BODIES],
            },
        )
        return frozenset(pk for (pk,) in cursor.fetchall())
