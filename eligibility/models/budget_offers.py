"""The offer of a personal health budget to somebody, which everyone eligible must have had."""

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from eligibility.enums import AsksFor, OfferChannel, OfferInformation, OfferResponse, WhyNot
from phb_register.models import Commissioner, CommunicationFormat, Person
from phb_register.models.guards import belongs_to_no_partnership, follows_merges, no_delete
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from .referrals import Referral

_ANSWERED = (OfferResponse.ACCEPTED, OfferResponse.NOT_NOW, OfferResponse.DECLINED)
_NOT_WANTED = (OfferResponse.NOT_NOW, OfferResponse.DECLINED)


class BudgetOfferQuerySet(ScopedQuerySet["BudgetOffer"]):
    """Reads of offers of a budget."""

    scope_path = "commissioner_id"
    scope_permission = Permission.VIEW_REFERRALS

    def current(self) -> "BudgetOfferQuerySet":
        """Without those that a correction took the place of: each offer once, as it is now known."""
        return self.filter(is_current=True)


@pghistory.track()
class BudgetOffer(models.Model):
    """One offer of a personal health budget to a person, with what they were told and what they said.

    ``response`` is recorded once, then or later. Anything else that is wrong is put right by another row that
    ``corrects`` it; only the last of such a line is ``is_current``, so a count over ``is_current`` counts each offer
    once. ``commissioner`` is who was responsible for the person when the offer was made.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    offered_on = models.DateField("offered on")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField("how", max_length=12, choices=OfferChannel.choices)
    information_given = ArrayField(
        models.CharField(max_length=16, choices=OfferInformation.choices), verbose_name="information given"
    )
    other_information = models.CharField("what else", max_length=200, blank=True)
    communication_format = models.CharField("format", max_length=16, choices=CommunicationFormat.choices)
    methods_discussed = ArrayField(
        models.CharField(max_length=16, choices=AsksFor.choices), verbose_name="methods discussed"
    )
    response = models.CharField(
        "answer", max_length=16, choices=OfferResponse.choices, default=OfferResponse.NOT_ANSWERED
    )
    responded_on = models.DateField("answered on", null=True, blank=True)
    why_not = models.CharField("why not", max_length=16, choices=WhyNot.choices, blank=True)
    why_not_note = models.TextField("more about why not", blank=True)
    next_offer_on = models.DateField("offer again on", null=True, blank=True)
    is_current = models.BooleanField("no correction took its place", default=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction_note = models.TextField("what was wrong", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[BudgetOfferQuerySet] = ScopedManager.from_queryset(BudgetOfferQuerySet)()  # type: ignore[assignment]

    class Meta:
        ordering = ["-offered_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="budget_offer_gives_information", condition=Q(information_given__len__gt=0)),
            models.CheckConstraint(
                name="budget_offer_known_information",
                condition=Q(information_given__contained_by=OfferInformation.values),
            ),
            models.CheckConstraint(
                name="budget_offer_known_methods", condition=Q(methods_discussed__contained_by=AsksFor.values)
            ),
            models.CheckConstraint(
                name="budget_offer_names_other",
                condition=~Q(information_given__contains=[OfferInformation.OTHER]) | ~Q(other_information=""),
            ),
            models.CheckConstraint(
                name="budget_offer_answer_dated",
                condition=Q(response__in=_ANSWERED, responded_on__isnull=False, responded_on__gte=F("offered_on"))
                | Q(response=OfferResponse.NOT_ANSWERED, responded_on__isnull=True),
            ),
            models.CheckConstraint(
                name="budget_offer_why_not",
                condition=Q(response__in=_NOT_WANTED) & ~Q(why_not="")
                | ~Q(response__in=_NOT_WANTED) & Q(why_not="", why_not_note=""),
            ),
            models.CheckConstraint(
                name="budget_offer_next_is_later",
                condition=Q(next_offer_on__isnull=True) | Q(next_offer_on__gt=F("offered_on")),
            ),
            models.CheckConstraint(
                name="budget_offer_correction_says_why",
                condition=Q(corrects__isnull=True, correction_note="")
                | Q(corrects__isnull=False) & ~Q(correction_note=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["commissioner", "offered_on"], condition=Q(is_current=True), name="offer_by_commissioner"
            ),
            models.Index(fields=["person", "-offered_on"], condition=Q(is_current=True), name="offer_by_person"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="budget_offer_fixed",
                fields=[
                    "reference",
                    "commissioner",
                    "referral",
                    "offered_on",
                    "offered_by",
                    "channel",
                    "information_given",
                    "other_information",
                    "communication_format",
                    "methods_discussed",
                    "corrects",
                    "correction_note",
                    "recorded_by",
                    "recorded_at",
                ],
            ),
            pgtrigger.Protect(
                name="budget_offer_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.response <> 'not_answered'"
                    " AND (OLD.response, OLD.responded_on, OLD.why_not, OLD.why_not_note, OLD.next_offer_on)"
                    " IS DISTINCT FROM"
                    " (NEW.response, NEW.responded_on, NEW.why_not, NEW.why_not_note, NEW.next_offer_on)"
                ),
            ),
            pgtrigger.Protect(
                name="budget_offer_corrected_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT OLD.is_current AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id'"
                ),
            ),
            no_delete("budget_offer"),
            follows_merges("budget_offer"),
            belongs_to_no_partnership("budget_offer"),
        ]

    def __str__(self) -> str:
        return f"Budget offered on {self.offered_on}"
