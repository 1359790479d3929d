"""How the money of a PHB reaches who uses it: the arrangement behind a direct payment, a third party, a wheelchair.

Facts are entered once. Whatever changes later is another arrangement, from the day it changes; the one before ends.
"""

import datetime as dt
import uuid
from decimal import Decimal
from typing import ClassVar, Self, TypeVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from budgets.enums import (
    AccountKind,
    ArrangementEnd,
    CapacityBasis,
    PayeeKind,
    WheelchairOption,
    WheelchairOwner,
    WheelchairRepairer,
)
from budgets.rules.agreement import DIRECT_PAYMENTS_BEGAN_ON
from budgets.rules.one_off import MOST_ITEMS
from phb_register.models import Representative
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet

from . import arrangement_guards as guards
from .personal_health_budgets import PersonalHealthBudget
from .support_organisations import SupportOrganisation

OWN_CONSENT = (CapacityBasis.PRESUMED, CapacityBasis.ASSESSED)
ANOTHERS_CONSENT = (CapacityBasis.CHILD, CapacityBasis.LACKS)

_Row = TypeVar("_Row", bound="Arrangement")


class ArrangementQuerySet(ScopedQuerySet[_Row]):
    """Reads of arrangements; they belong where their PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_BUDGETS

    def in_force_on(self, day: dt.date) -> Self:
        """Begun by the end of a day and not over by then."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Arrangement(models.Model):
    """What every arrangement holds: from `starts_on` until the day before `ends_on`, and why it ended."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="The first day it is no longer used.")
    end_reason = models.CharField("why it ended", max_length=16, choices=ArrangementEnd.choices, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-starts_on", "-pk"]

    def is_in_force_on(self, day: dt.date) -> bool:
        """Whether it had begun by the end of a day and was not over by then."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


@pghistory.track()
class DirectPaymentArrangement(Arrangement):
    """To whom a direct payment is made, by whose consent, and into what account (2013 Regulations, 3 to 7, 10, 11).

    `capacity_basis` says who consents: the person, or their `representative`, who then also is the payee or chose
    the nominee. A nominee is paid once the nominee and the commissioner have both agreed, with a DBS certificate
    seen where the nominee is nobody close. Of the account only the last four digits are kept.
    """

    payee = models.CharField("payee", max_length=16, choices=PayeeKind.choices)
    capacity_basis = models.CharField("ground of consent", max_length=12, choices=CapacityBasis.choices)
    capacity_assessed_on = models.DateField("capacity assessed on", null=True, blank=True)
    representative = models.ForeignKey(
        Representative, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_given_on = models.DateField("consent given on", null=True, blank=True)
    nominee_name = models.CharField("name of the nominee", max_length=200, blank=True)
    nominee_relationship = models.CharField("relationship of the nominee", max_length=100, blank=True)
    nominee_is_close = models.BooleanField("close family, household or a friend who helps with care", null=True)
    nominated_on = models.DateField("nominated on", null=True, blank=True)
    nominee_agreed_on = models.DateField("nominee agreed on", null=True, blank=True)
    commissioner_agreed_on = models.DateField("commissioner agreed to the nominee on", null=True, blank=True)
    dbs_seen_on = models.DateField("enhanced DBS certificate seen on", null=True, blank=True)
    nomination_withdrawn_on = models.DateField("nomination withdrawn on", null=True, blank=True)
    withdrawal_note = models.TextField("why the nomination was withdrawn", blank=True)
    account_kind = models.CharField("account", max_length=16, choices=AccountKind.choices, blank=True)
    account_last_four = models.CharField("last four digits", max_length=4, blank=True)
    account_names = ArrayField(
        models.CharField(max_length=200), verbose_name="persons named on the account", default=list, blank=True
    )
    account_holder = models.ForeignKey(
        SupportOrganisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    one_off_items = models.PositiveSmallIntegerField("items or services of the one-off", null=True, blank=True)
    payee_reference = models.CharField("payee’s reference in the finance system", max_length=40, blank=True)
    account_approved_on = models.DateField("account approved on", null=True, blank=True)
    account_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[ArrangementQuerySet["DirectPaymentArrangement"]] = ScopedManager.from_queryset(
        ArrangementQuerySet
    )()  # type: ignore[assignment]

    class Meta(Arrangement.Meta):
        constraints = [
            *guards.dated_constraints("dp_arrangement"),
            models.CheckConstraint(
                name="dp_arrangement_after_regulations", condition=Q(starts_on__gte=DIRECT_PAYMENTS_BEGAN_ON)
            ),
            models.CheckConstraint(name="dp_arrangement_known_payee", condition=Q(payee__in=PayeeKind.values)),
            models.CheckConstraint(
                name="dp_arrangement_who_consents",
                condition=Q(capacity_basis__in=OWN_CONSENT, representative__isnull=True)
                & ~Q(payee=PayeeKind.REPRESENTATIVE)
                | Q(capacity_basis__in=ANOTHERS_CONSENT, representative__isnull=False) & ~Q(payee=PayeeKind.PATIENT),
            ),
            models.CheckConstraint(
                name="dp_arrangement_capacity_assessed",
                condition=Q(capacity_basis__in=(CapacityBasis.ASSESSED, CapacityBasis.LACKS))
                & Q(capacity_assessed_on__isnull=False)
                | Q(capacity_basis__in=(CapacityBasis.PRESUMED, CapacityBasis.CHILD))
                & Q(capacity_assessed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="dp_arrangement_names_nominee",
                condition=Q(payee=PayeeKind.NOMINEE, nominee_is_close__isnull=False, nominated_on__isnull=False)
                & ~Q(nominee_name="")
                & ~Q(nominee_relationship="")
                | ~Q(payee=PayeeKind.NOMINEE)
                & Q(
                    nominee_name="",
                    nominee_relationship="",
                    nominee_is_close__isnull=True,
                    nominated_on__isnull=True,
                    nominee_agreed_on__isnull=True,
                    commissioner_agreed_on__isnull=True,
                    dbs_seen_on__isnull=True,
                    nomination_withdrawn_on__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="dp_arrangement_agreed_after_nominated",
                condition=(Q(nominee_agreed_on__isnull=True) | Q(nominee_agreed_on__gte=F("nominated_on")))
                & (Q(commissioner_agreed_on__isnull=True) | Q(commissioner_agreed_on__gte=F("nominated_on")))
                & (Q(nomination_withdrawn_on__isnull=True) | Q(nomination_withdrawn_on__gte=F("nominated_on"))),
            ),
            models.CheckConstraint(
                name="dp_arrangement_withdrawn_says_why",
                condition=Q(nomination_withdrawn_on__isnull=True, withdrawal_note="")
                | Q(nomination_withdrawn_on__isnull=False) & ~Q(withdrawal_note=""),
            ),
            models.CheckConstraint(
                name="dp_arrangement_account_whole",
                condition=Q(
                    account_kind="",
                    account_last_four="",
                    payee_reference="",
                    account_names=[],
                    account_approved_on__isnull=True,
                    account_approved_by__isnull=True,
                )
                | Q(
                    account_kind__in=AccountKind.values,
                    account_last_four__regex=r"^[0-9]{4}$",
                    account_names__len__gt=0,
                    account_approved_on__isnull=False,
                    account_approved_by__isnull=False,
                )
                & ~Q(payee_reference=""),
            ),
            models.CheckConstraint(
                name="dp_arrangement_managed_by_somebody",
                condition=Q(account_kind=AccountKind.MANAGED, account_holder__isnull=False)
                | ~Q(account_kind=AccountKind.MANAGED) & Q(account_holder__isnull=True),
            ),
            models.CheckConstraint(
                name="dp_arrangement_own_account_for_one_off",
                condition=Q(account_kind=AccountKind.OWN, one_off_items__gte=1, one_off_items__lte=MOST_ITEMS)
                | ~Q(account_kind=AccountKind.OWN) & Q(one_off_items__isnull=True),
            ),
        ]
        indexes = [
            # Nominations that were withdrawn and wait to be looked at: few rows.
            models.Index(
                fields=["nomination_withdrawn_on"],
                condition=Q(nomination_withdrawn_on__isnull=False, ends_on__isnull=True),
                name="dp_arrangement_withdrawn",
            )
        ]
        triggers = [
            guards.REPRESENTATIVE_OF_THE_PERSON,
            *guards.dated_triggers(
                "dp_arrangement",
                (
                    "payee",
                    "capacity_basis",
                    "capacity_assessed_on",
                    "representative_id",
                    "consent_given_on",
                    "nominee_name",
                    "nominee_relationship",
                    "nominee_is_close",
                    "nominated_on",
                    "nominee_agreed_on",
                    "commissioner_agreed_on",
                    "dbs_seen_on",
                    "nomination_withdrawn_on",
                    "withdrawal_note",
                    "account_kind",
                    "account_last_four",
                    "account_names",
                    "account_holder_id",
                    "one_off_items",
                    "payee_reference",
                    "account_approved_on",
                    "account_approved_by_id",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Direct payment arrangement from {self.starts_on:%d/%m/%Y}"

    @property
    def payee_name(self) -> str:
        """The name of the payee."""
        if self.payee == PayeeKind.NOMINEE:
            return self.nominee_name
        return self.representative.name if self.representative else self.phb.person.display_name

    @property
    def account_name(self) -> str:
        """In whose name the money is received: the organisation's, where it holds a managed account."""
        return self.account_holder.name if self.account_holder else self.payee_name


@pghistory.track()
class ThirdPartyArrangement(Arrangement):
    """The organisation that holds a third-party part: the person's individual service fund.

    `agreed_on` is the day the organisation and the commissioner signed; nothing is paid before it.
    """

    organisation = models.ForeignKey(SupportOrganisation, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField("agreement signed on", null=True, blank=True)

    objects: ClassVar[ArrangementQuerySet["ThirdPartyArrangement"]] = ScopedManager.from_queryset(ArrangementQuerySet)()  # type: ignore[assignment]

    class Meta(Arrangement.Meta):
        constraints = guards.dated_constraints("tp_arrangement")
        triggers = [
            guards.ORGANISATION_IS_A_THIRD_PARTY,
            *guards.dated_triggers("tp_arrangement", ("organisation_id", "agreed_on")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} from {self.starts_on:%d/%m/%Y}"


@pghistory.track()
class WheelchairArrangement(Arrangement):
    """A wheelchair of a personal wheelchair budget, until its period ends on `expires_on`.

    `contribution_amount` is the person's own money, in pounds: it is no part of the budget and never counts as what
    the NHS spends. `repair_amount` is what a third-party budget holds for repairs, and part of it.
    """

    option = models.CharField("option", max_length=16, choices=WheelchairOption.choices)
    owner = models.CharField("owner", max_length=8, choices=WheelchairOwner.choices)
    repairer = models.CharField("who repairs it", max_length=8, choices=WheelchairRepairer.choices)
    supplier = models.ForeignKey(SupportOrganisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contribution_amount = models.DecimalField(
        "what the person adds", max_digits=10, decimal_places=2, default=Decimal(0)
    )
    repair_amount = models.DecimalField("for repairs", max_digits=10, decimal_places=2, default=Decimal(0))
    expires_on = models.DateField("end of the period")

    objects: ClassVar[ArrangementQuerySet["WheelchairArrangement"]] = ScopedManager.from_queryset(ArrangementQuerySet)()  # type: ignore[assignment]

    class Meta(Arrangement.Meta):
        constraints = [
            *guards.dated_constraints("wheelchair"),
            models.CheckConstraint(
                name="wheelchair_terms",
                condition=Q(
                    option=WheelchairOption.NOTIONAL,
                    owner=WheelchairOwner.NHS,
                    repairer=WheelchairRepairer.NHS,
                    contribution_amount=0,
                    repair_amount=0,
                )
                | Q(
                    option=WheelchairOption.CONTRIBUTION,
                    owner=WheelchairOwner.NHS,
                    repairer=WheelchairRepairer.SHARED,
                    contribution_amount__gt=0,
                    repair_amount=0,
                )
                | Q(
                    option=WheelchairOption.THIRD_PARTY,
                    owner=WheelchairOwner.PERSON,
                    repairer=WheelchairRepairer.PERSON,
                    contribution_amount=0,
                    repair_amount__gte=0,
                ),
            ),
            models.CheckConstraint(name="wheelchair_expires_after_start", condition=Q(expires_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="wheelchair_third_party_named",
                condition=~Q(option=WheelchairOption.THIRD_PARTY) | Q(supplier__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], condition=Q(ends_on__isnull=True), name="wheelchair_expiring")]
        triggers = [
            guards.IN_THE_WHEELCHAIR_COHORT,
            *guards.dated_triggers(
                "wheelchair",
                (
                    "option",
                    "owner",
                    "repairer",
                    "supplier_id",
                    "contribution_amount",
                    "repair_amount",
                    "expires_on",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Wheelchair from {self.starts_on:%d/%m/%Y}"
