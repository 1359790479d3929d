"""People who may hold a personal health budget, and those who act for them."""

import datetime as dt
import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Greatest, Lower

from phb_register import rules
from phb_register.enums import CommunicationFormat, EthnicCategory, NhsNumberMissingReason, Sex
from phb_register.roles import Permission

from .commissioners import Commissioner
from .guards import belongs_to_no_partnership, follows_merges, merged_by_review, no_delete
from .scope import ScopedManager, ScopedQuerySet

# Names are alike from PostgreSQL's own threshold on; nearly the same allows for a letter or two.
ALIKE = 0.3
NEARLY_THE_SAME = 0.6


class _IsAnyOf(Func):
    """``column = ANY(array)``, which an index serves also as one side of a choice; ``IN (subquery)`` none does."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class PersonQuerySet(ScopedQuerySet["Person"]):
    """Reads of people."""

    scope_permission = Permission.VIEW_PEOPLE

    def current(self) -> "PersonQuerySet":
        """Those that count: a record merged into another is shown only from that one."""
        return self.filter(merged_into__isnull=True)

    def with_nhs_number(self, nhs_number: str) -> "PersonQuerySet":
        """The one person with this NHS number, given as ten digits, on their record or on one merged into it."""
        holder = Person.objects.filter(nhs_number=nhs_number).order_by()
        return self.filter(pk__in=holder.values(counted=Coalesce("merged_into_id", "pk")))

    def search(self, words: str) -> "PersonQuerySet":
        """People whose name contains every word, or whose NHS number it is, also on a record merged into theirs."""
        digits = rules.nhs_number_digits(words)
        if digits and digits.isdigit():
            return self.with_nhs_number(digits) if len(digits) == 10 else self.none()
        named = Q()
        for word in words.lower().split():
            named &= Q(family_name_lower__contains=word) | Q(given_name_lower__contains=word)
        lowered = {"family_name_lower": Lower("family_name"), "given_name_lower": Lower("given_name")}
        merged = Person.objects.order_by().filter(merged_into__isnull=False).annotate(**lowered).filter(named)
        # Read once, as an array, so that both sides of the choice are found by an index.
        is_kept = _IsAnyOf(F("pk"), ArraySubquery(merged.values("merged_into_id")))
        return self.annotate(**lowered).filter(Q(merged_into__isnull=True) & named | Q(is_kept))

    def like(self, *, family_name: str, given_name: str, born_on: dt.date) -> "PersonQuerySet":
        """People who may be the same as one of this name and date of birth, the likest first.

        Born that day: the family names are alike, or the given names are (people marry), or one is the other (they
        were typed in each other's place). Born on the day that is got by exchanging day and month: both are alike.
        The date of birth leaves a handful of rows, read by its index.
        """
        family, given = _likeness("family_name", family_name), _likeness("given_name", given_name)
        crossed = _likeness("family_name", given_name) + _likeness("given_name", family_name)
        same, *exchanged = rules.dates_like(born_on)
        measured = self.current().annotate(family_likeness=family, given_likeness=given, crossed_likeness=crossed)
        return measured.filter(
            Q(born_on=same)
            & (
                Q(family_likeness__gte=ALIKE)
                | Q(given_likeness__gte=NEARLY_THE_SAME)
                | Q(crossed_likeness__gte=2 * NEARLY_THE_SAME)
            )
            | Q(born_on__in=exchanged)
            & (Q(family_likeness__gte=ALIKE, given_likeness__gte=ALIKE) | Q(crossed_likeness__gte=2 * NEARLY_THE_SAME)),
            born_on__in=rules.dates_like(born_on),
        ).order_by(Greatest(F("family_likeness") + F("given_likeness"), "crossed_likeness").desc(), "pk")


def _likeness(field: str, name: str) -> Func:
    """How alike a person's name is to another, from 0 to 1, by the groups of three letters they share."""
    return TrigramSimilarity(field, name)


@pghistory.track(pghistory.InsertEvent(level=pghistory.Statement), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Person(models.Model):
    """Somebody who holds, was referred for or may hold a personal health budget."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(
        Commissioner, on_delete=models.PROTECT, related_name="+", verbose_name="responsible commissioner"
    )
    nhs_number = models.CharField("NHS number", max_length=10, null=True, blank=True, unique=True)
    nhs_number_missing_reason = models.CharField(
        "why there is no NHS number", max_length=20, choices=NhsNumberMissingReason.choices, blank=True
    )
    family_name = models.CharField("family name", max_length=100)
    given_name = models.CharField("given name", max_length=100)
    born_on = models.DateField("date of birth")
    died_on = models.DateField("date of death", null=True, blank=True)
    sex = models.CharField("sex", max_length=16, choices=Sex.choices, default=Sex.NOT_KNOWN)
    ethnic_category = models.CharField(
        "ethnic category", max_length=2, choices=EthnicCategory.choices, default=EthnicCategory.NOT_KNOWN
    )
    postcode = models.CharField("postcode", max_length=8, blank=True)
    gp_practice = models.CharField("GP practice code", max_length=6, blank=True)
    communication_format = models.CharField(
        "format for letters",
        max_length=16,
        choices=CommunicationFormat.choices,
        default=CommunicationFormat.STANDARD,
    )

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="record it was merged into",
    )

    objects: ClassVar[PersonQuerySet] = ScopedManager.from_queryset(PersonQuerySet)()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["family_name", "given_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="person_nhs_number_or_reason",
                condition=(Q(nhs_number__isnull=False) & Q(nhs_number_missing_reason=""))
                | (Q(nhs_number__isnull=True) & ~Q(nhs_number_missing_reason="")),
                violation_error_message="Enter an NHS number, or select why there is none",
            ),
            models.CheckConstraint(
                name="person_nhs_number_ten_digits",
                condition=Q(nhs_number__isnull=True) | Q(nhs_number__regex=r"^[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="person_dies_after_birth",
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("born_on")),
                violation_error_message="The date of death must be on or after the date of birth",
            ),
            models.CheckConstraint(name="person_has_a_name", condition=~Q(family_name="") & ~Q(given_name="")),
            models.CheckConstraint(
                name="person_merged_into_another", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk"))
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "family_name", "given_name"], name="person_by_commissioner"),
            models.Index(fields=["born_on"], name="person_by_birth"),
            # Whether somebody is a child, without reading the row.
            models.Index(fields=["id"], include=["born_on"], name="person_birth_of"),
            # The list of people of somebody who works for many commissioners.
            models.Index(fields=["family_name", "given_name", "id"], name="person_by_name"),
            GinIndex(OpClass(Lower("family_name"), name="gin_trgm_ops"), name="person_family_name_trgm"),
            GinIndex(OpClass(Lower("given_name"), name="gin_trgm_ops"), name="person_given_name_trgm"),
        ]
        triggers = [
            no_delete("person"),
            belongs_to_no_partnership("person"),
            merged_by_review(),
            # It shows what was entered under it, and a reversal brings it back as it was.
            pgtrigger.Protect(
                name="person_merged_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__merged_into_id__isnull=False, new__merged_into_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Family name in capitals first, as NHS records are read aloud: ``KESTREL, Testa``."""
        return rules.display_name(self.family_name, self.given_name)

    @property
    def display_nhs_number(self) -> str:
        """The NHS number as 3-3-4, or why there is none."""
        if self.nhs_number:
            return rules.nhs_number_in_groups(self.nhs_number)
        return f"Not known: {self.get_nhs_number_missing_reason_display().lower()}"

    @property
    def display_line(self) -> str:
        """The person in one line, enough to tell them from another."""
        number = self.display_nhs_number
        said = f"NHS number {number if self.nhs_number else number[:1].lower() + number[1:]}"
        return f"{self.display_name}, born {self.born_on:%-d %B %Y}, {said}"

    def age_on(self, day: dt.date) -> int:
        """Age in whole years at the end of ``day``."""
        return rules.age_on(self.born_on, day)


class LegalBasis(models.TextChoices):
    """What lets somebody act for a person (2013 Regulations, regs 4 to 6; domain paper 1.2)."""

    PARENTAL_RESPONSIBILITY = "parental_responsibility", "Parental responsibility"
    DEPUTY = "deputy", "Deputy appointed by the Court of Protection"
    LASTING_POWER_OF_ATTORNEY = "lasting_power_of_attorney", "Lasting power of attorney"
    ENDURING_POWER_OF_ATTORNEY = "enduring_power_of_attorney", "Enduring power of attorney"
    APPOINTED = "appointed", "Appointed by the commissioner"
    NOMINEE = "nominee", "Nominated by the person"


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    """Reads of representatives."""

    def acting_on(self, day: dt.date) -> "RepresentativeQuerySet":
        """Those acting at the end of ``day``."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


@pghistory.track()
class Representative(models.Model):
    """Somebody who acts for a person, by what right, from ``starts_on`` until the day before ``ends_on``."""

    # Recorded on both records of one person, the second says nothing new (see ``services.merges``).
    same_row_stays_on_merge = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="representatives")
    name = models.CharField("name", max_length=200)
    relationship = models.CharField("relationship to the person", max_length=100)
    legal_basis = models.CharField("legal basis", max_length=32, choices=LegalBasis.choices)
    evidence_seen_on = models.DateField("evidence seen on")
    starts_on = models.DateField("acts from")
    ends_on = models.DateField("acts until", null=True, blank=True)

    objects: ClassVar[RepresentativeQuerySet] = RepresentativeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                name="representative_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The last day must be on or after the first",
            ),
            models.UniqueConstraint(
                fields=["person", "name", "legal_basis", "starts_on"],
                name="representative_once",
                violation_error_message="This representative is recorded already",
            ),
        ]
        triggers = [no_delete("representative"), follows_merges("representative")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_legal_basis_display()})"
