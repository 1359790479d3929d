"""Rate cards: what a commissioner or partnership pays for care, a version for each time it changes."""

import datetime as dt
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from budgets.rules.rate_card_states import RateCardStatus, allowed_jumps
from budgets.rules.rate_cards import VALUE_BY_CODE, Rates, RateValue, ValueSpec
from eligibility.models.transitions import Transition
from phb_register.models import Commissioner, User
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet, commissioner_ids

from . import planning_guards


class RateCardQuerySet(ScopedQuerySet["RateCard"]):
    """Reads of rate cards."""

    scope_permission = Permission.VIEW_BUDGETS

    def visible_to(self, user: Any, permission: Permission | None = None) -> Self:
        """Those of the user's commissioners, and to read those of the partnerships these are or were members of."""
        wanted = permission or self.scope_permission
        ids = commissioner_ids(user, wanted)
        if not ids:
            return self.none()
        own = Q(commissioner__in=ids)
        if wanted == Permission.WRITE_RATE_CARDS:
            return self.filter(own)
        return self.filter(own | Q(commissioner__in=Commissioner.objects.filter(members__member__in=ids)))

    def in_force_on(self, day: dt.date) -> Self:
        """Those that were put in force and apply by `day`, the one that counts of each commissioner first.

        That is the one with the latest first day; of several with the same one, the latest version.
        """
        return self.filter(status=RateCardStatus.IN_FORCE, applies_from__lte=day).order_by("-applies_from", "-number")


@pghistory.track()
class RateCard(models.Model):
    """One version of what a commissioner or partnership pays for care, from `applies_from` until another applies.

    It is written as a draft, with the values as rows of their own, and never changes once it is put in force. Of a
    partnership it holds for its members.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("version")
    status = models.CharField(
        "status", max_length=12, choices=RateCardStatus.choices, default=RateCardStatus.DRAFT.value
    )
    applies_from = models.DateField("applies from")
    note = models.TextField("what changes, and why", blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    objects: ClassVar[RateCardQuerySet] = RateCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["commissioner", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "number"], name="rate_card_number_once"),
            models.UniqueConstraint(
                fields=["commissioner"], condition=Q(status=RateCardStatus.DRAFT), name="rate_card_one_draft"
            ),
            models.CheckConstraint(name="rate_card_numbered", condition=Q(number__gte=1)),
            models.CheckConstraint(name="rate_card_known_status", condition=Q(status__in=RateCardStatus.values)),
        ]
        indexes = [
            models.Index(
                fields=["commissioner", "-applies_from", "-number"],
                condition=Q(status=RateCardStatus.IN_FORCE),
                name="rate_card_in_force",
            )
        ]
        triggers = [
            no_delete("rate_card"),
            no_truncate("rate_card"),
            pgtrigger.FSM(name="rate_card_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(name="rate_card_fixed", fields=["commissioner", "number", "prepared_by"]),
            pgtrigger.Protect(
                name="rate_card_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'draft'"),
            ),
            planning_guards.CARD_IS_FROZEN,
        ]

    def __str__(self) -> str:
        return f"Rate card of {self.commissioner}, version {self.number}"

    def as_rates(self) -> Rates:
        """The values as the pure rules take them."""
        values = {each.code: RateValue(each.amount, each.source) for each in self.values.all()}
        return Rates(f"Version {self.number} of the rate card", values)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RateCardValue(models.Model):
    """One value of a rate card, with its source. What the codes are is said by `budgets.rules.rate_cards`."""

    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="values")
    code = models.CharField("value", max_length=40)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=4)
    source = models.CharField("where it comes from", max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rate_card", "code"], name="rate_card_value_once"),
            models.CheckConstraint(name="rate_card_value_known", condition=Q(code__in=list(VALUE_BY_CODE))),
            models.CheckConstraint(name="rate_card_value_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="rate_card_value_has_a_source", condition=~Q(source="")),
        ]
        triggers = [planning_guards.VALUES_ARE_FROZEN, no_truncate("rate_card_value")]

    def __str__(self) -> str:
        return f"{self.spec.label}: {self.amount}"

    @property
    def spec(self) -> ValueSpec:
        """What the value is."""
        return VALUE_BY_CODE[self.code]


class RateCardTransition(Transition):
    """One step of a rate card: who, when, from, to. Append-only."""

    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=12, choices=RateCardStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=12, choices=RateCardStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("rate_card_transition")
