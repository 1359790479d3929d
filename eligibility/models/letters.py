"""Letters to people, and the templates they are written from."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from eligibility.enums import DECISION_LETTERS, LetterKind, LetterWording, SendingMethod
from phb_register.models import Commissioner, CommunicationFormat, Person, StoredDocument, belongs_to_no_partnership
from phb_register.models.guards import append_only, follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .reconsiderations import Reconsideration
from .referrals import Decision, Referral

# The language of every letter so far; kept with each, so that another can come beside it.
LANGUAGE = "en-GB"


class LetterTemplate(models.Model):
    """One version of the wording that a commissioner or partnership uses for one kind of letter. Never changed.

    The newest version is the one in use. Where there is none, the register's own wording is.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("kind", max_length=24, choices=LetterKind.choices)
    wording = models.CharField("wording", max_length=12, choices=LetterWording.choices)
    version = models.PositiveIntegerField("version")
    heading = models.CharField("heading", max_length=160)
    body = models.TextField("text")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at", auto_now_add=True)

    class Meta:
        ordering = ["commissioner", "kind", "wording", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "kind", "wording", "version"], name="letter_template_version_once"
            ),
            models.CheckConstraint(name="letter_template_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(name="letter_template_has_text", condition=~Q(heading="") & ~Q(body="")),
            models.CheckConstraint(name="letter_template_known_kind", condition=Q(kind__in=LetterKind.values)),
        ]
        triggers = append_only("letter_template")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_wording_display()}, version {self.version}"


class LetterQuerySet(ScopedQuerySet["Letter"]):
    """Reads of letters; always begun with ``visible_to``."""

    scope_path = "commissioner_id"
    scope_permission = Permission.VIEW_REFERRALS

    def current(self) -> "LetterQuerySet":
        """Those that no other letter replaces."""
        return self.filter(replaced_by__isnull=True)

    def to_send(self) -> "LetterQuerySet":
        """Those in use that nobody has sent yet, the oldest first."""
        return self.current().filter(sendings__isnull=True).order_by("written_on", "pk")


@pghistory.track()
class Letter(models.Model):
    """A letter as it was written: its words, the values put into them, the format its reader needed that day.

    Nothing of it changes afterwards. The PDF is made by a job a moment later; a letter with a mistake in it is
    replaced by another, with the reason. ``template`` is empty where the register's own wording was used.
    ``writing_key`` is the key of the page it was written on, so that pressing twice writes one letter.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    writing_key = models.UUIDField("writing key", unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reconsideration = models.ForeignKey(
        Reconsideration, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("kind", max_length=24, choices=LetterKind.choices)
    wording = models.CharField("wording", max_length=12, choices=LetterWording.choices)
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    communication_format = models.CharField("format", max_length=16, choices=CommunicationFormat.choices)
    language = models.CharField("language", max_length=12, default=LANGUAGE)
    address = models.TextField("name and address")
    heading = models.CharField("heading", max_length=160)
    body = models.TextField("text")
    source = models.TextField("text before its slots were filled")
    values = models.JSONField("values put into the text")
    written_on = models.DateField("date of the letter")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at", auto_now_add=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    replacement_reason = models.TextField("why it replaces another", blank=True)
    pdf = models.OneToOneField(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[LetterQuerySet] = ScopedManager.from_queryset(LetterQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="letter_has_text", condition=~Q(heading="") & ~Q(body="") & ~Q(address="")),
            models.CheckConstraint(name="letter_known_kind", condition=Q(kind__in=LetterKind.values)),
            models.CheckConstraint(
                name="letter_belongs_to_a_case", condition=Q(referral__isnull=False) | Q(kind=LetterKind.BUDGET_OFFER)
            ),
            models.CheckConstraint(
                name="letter_of_a_decision_names_it",
                condition=Q(kind__in=DECISION_LETTERS, decision__isnull=False)
                | (~Q(kind__in=DECISION_LETTERS) & Q(decision__isnull=True)),
            ),
            models.CheckConstraint(
                name="letter_of_a_reconsideration_names_it",
                condition=Q(kind=LetterKind.RECONSIDERATION_OUTCOME, reconsideration__isnull=False)
                | (~Q(kind=LetterKind.RECONSIDERATION_OUTCOME) & Q(reconsideration__isnull=True)),
            ),
            models.CheckConstraint(
                name="letter_replaces_with_a_reason",
                condition=Q(replaces__isnull=True, replacement_reason="")
                | (Q(replaces__isnull=False) & ~Q(replacement_reason="")),
            ),
            # With `replaces` one to one: one letter in use for each decision, and for each reconsideration.
            models.UniqueConstraint(
                fields=["decision", "kind"],
                condition=Q(decision__isnull=False, replaces__isnull=True),
                name="letter_of_a_decision_once",
            ),
            models.UniqueConstraint(
                fields=["reconsideration"],
                condition=Q(reconsideration__isnull=False, replaces__isnull=True),
                name="letter_of_a_reconsideration_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-written_on"], name="letter_by_person"),
            models.Index(fields=["commissioner", "written_on"], name="letter_by_commissioner"),
        ]
        triggers = [
            # Two records found to be of one person are joined, and their letters with them.
            pgtrigger.ReadOnly(name="letter_fixed", exclude=["pdf", "person"]),
            pgtrigger.Protect(
                name="letter_one_pdf",
                operation=pgtrigger.UpdateOf("pdf_id"),
                condition=pgtrigger.Q(old__pdf__isnull=False),
            ),
            no_delete("letter"),
            follows_merges("letter"),
            belongs_to_no_partnership("letter"),
        ]

    def __str__(self) -> str:
        return f"Letter: {self.heading}"


class LetterSending(models.Model):
    """That a letter was sent: when, how and by whom, as somebody recorded it. Append-only."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="sendings")
    sent_on = models.DateField("sent on")
    how = models.CharField("how it was sent", max_length=12, choices=SendingMethod.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        ordering = ["sent_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["letter", "sent_on", "how"], name="letter_sending_once")]
        triggers = append_only("letter_sending")

    def __str__(self) -> str:
        return f"{self.get_how_display()} on {self.sent_on}"
