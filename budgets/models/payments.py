"""Payment schedules, the runs that pay what they say is due, and each payment of a run."""

import uuid
from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from budgets.enums import Method
from budgets.payment_enums import Frequency, PaidWhen, PaymentState, RunStatus
from budgets.rules.payment_run_states import OPEN_STATUSES, allowed_jumps
from eligibility.models.transitions import Transition
from phb_register.models import Commissioner, Job, StoredDocument, belongs_to_no_partnership
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

from . import payment_guards as guards
from .personal_health_budgets import PersonalHealthBudget
from .support_organisations import SupportOrganisation

#: A period of a schedule that has a payment in one of these states is not paid again.
STANDING = (PaymentState.INCLUDED, PaymentState.HELD, PaymentState.REVERSED)
LONGEST_WAIT_DAYS = 60


def money(name: str, **given: object) -> "models.DecimalField[Decimal, Decimal]":
    """A column of pounds and pence."""
    return models.DecimalField(name, max_digits=12, decimal_places=2, **given)  # type: ignore[arg-type]


class PaymentScheduleQuerySet(ScopedQuerySet["PaymentSchedule"]):
    """Reads of payment schedules. They belong where the PHB belongs."""

    scope_path = "phb__commissioner_id"
    scope_permission = Permission.VIEW_PAYMENTS


@pghistory.track()
class PaymentSchedule(models.Model):
    """When one method of a PHB is paid: in periods from `starts_on` until the day before `ends_on`, each due on a day.

    What a period is worth follows from what was agreed for its days (`rules.instalments`); only what is paid once
    names its amount. A notional part is paid to a `provider`; the payee of any other is its arrangement's. How it
    pays never changes: another schedule takes its place.
    """

    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="payment_schedules")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    frequency = models.CharField("how often", max_length=12, choices=Frequency.choices)
    starts_on = models.DateField("first day paid for")
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="The first day no longer paid for.")
    paid_when = models.CharField("paid", max_length=8, choices=PaidWhen.choices, default=PaidWhen.ADVANCE)
    wait_days = models.PositiveSmallIntegerField(
        "days", default=0, help_text="How many days before the period begins, or after its last day, it is due."
    )
    one_off_amount = models.DecimalField("amount paid once", max_digits=12, decimal_places=2, null=True, blank=True)
    provider = models.ForeignKey(
        SupportOrganisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="provider"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made at", auto_now_add=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stop_reason = models.CharField("why it stops", max_length=300, blank=True)

    objects: ClassVar[PaymentScheduleQuerySet] = PaymentScheduleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="schedule_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="schedule_known_method", condition=Q(method__in=Method.values)),
            models.CheckConstraint(name="schedule_known_frequency", condition=Q(frequency__in=Frequency.values)),
            models.CheckConstraint(name="schedule_known_when", condition=Q(paid_when__in=PaidWhen.values)),
            models.CheckConstraint(name="schedule_wait_sensible", condition=Q(wait_days__lte=LONGEST_WAIT_DAYS)),
            models.CheckConstraint(
                name="schedule_once_names_amount",
                condition=Q(frequency=Frequency.ONE_OFF, one_off_amount__gt=0, ends_on__isnull=False)
                & Q(ends_on__lte=F("starts_on") + 1)
                | ~Q(frequency=Frequency.ONE_OFF) & Q(one_off_amount__isnull=True),
            ),
            models.CheckConstraint(
                name="schedule_notional_has_provider",
                condition=Q(method=Method.NOTIONAL, provider__isnull=False)
                | ~Q(method=Method.NOTIONAL) & Q(provider__isnull=True),
            ),
            models.CheckConstraint(
                name="schedule_stop_has_reason", condition=Q(stopped_by__isnull=True) | ~Q(stop_reason="")
            ),
            ExclusionConstraint(
                name="schedule_once_at_a_time",
                condition=~Q(frequency=Frequency.ONE_OFF),
                expressions=[
                    ("phb", RangeOperators.EQUAL),
                    ("method", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="There is a payment schedule for that time already. Stop that one first",
            ),
        ]
        triggers = [
            no_delete("schedule"),
            no_truncate("schedule"),
            pgtrigger.ReadOnly(name="schedule_fixed", exclude=["ends_on", "stopped_by", "stop_reason"]),
            guards.SCHEDULE_ENDS_EARLIER_ONLY,
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.get_frequency_display().lower()} from {self.starts_on:%d/%m/%Y}"


class PaymentRunQuerySet(ScopedQuerySet["PaymentRun"]):
    """Reads of payment runs; always begun with ``visible_to``."""

    scope_permission = Permission.VIEW_PAYMENTS


@pghistory.track()
class PaymentRun(models.Model):
    """What one commissioner pays on one day: prepared by one person, checked and released by another.

    It counts the PHBs of the bodies it succeeded. `checked_count`, `checked_amount` (what goes to the bank) and
    `checked_totals` are the control totals as they were when it was checked. The two files are made once.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("number")
    pays_on = models.DateField("pays on")
    frequency = models.CharField(
        "which schedules", max_length=12, choices=Frequency.choices, blank=True, help_text="All where left empty."
    )
    status = models.CharField("status", max_length=10, choices=RunStatus.choices, default=RunStatus.PREPARING)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_count = models.PositiveIntegerField("payments checked", null=True, blank=True)
    checked_amount = models.DecimalField("amount checked", max_digits=12, decimal_places=2, null=True, blank=True)
    checked_totals = models.JSONField("amounts checked by method", null=True, blank=True)
    bank_file = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ledger_file = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[PaymentRunQuerySet] = PaymentRunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pays_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["commissioner"], condition=Q(status__in=OPEN_STATUSES), name="run_one_open_at_a_time"
            ),
            models.CheckConstraint(name="run_known_status", condition=Q(status__in=RunStatus.values)),
            models.CheckConstraint(
                name="run_known_frequency", condition=Q(frequency="") | Q(frequency__in=Frequency.values)
            ),
            models.CheckConstraint(
                name="run_checked_by_another", condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by"))
            ),
            models.CheckConstraint(
                name="run_released_by_another", condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by"))
            ),
            models.CheckConstraint(
                name="run_checked_whole",
                condition=Q(status__in=[RunStatus.CHECKED, RunStatus.RELEASED])
                & Q(checked_by__isnull=False, checked_count__isnull=False)
                & Q(checked_amount__isnull=False, checked_totals__isnull=False)
                | ~Q(status__in=[RunStatus.CHECKED, RunStatus.RELEASED])
                & Q(checked_by__isnull=True, checked_count__isnull=True)
                & Q(checked_amount__isnull=True, checked_totals__isnull=True),
            ),
            models.CheckConstraint(
                name="run_released_by_somebody",
                condition=Q(status=RunStatus.RELEASED, released_by__isnull=False)
                | ~Q(status=RunStatus.RELEASED)
                & Q(released_by__isnull=True, bank_file__isnull=True, ledger_file__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["status", "pays_on"], condition=Q(status__in=OPEN_STATUSES), name="run_open")]
        triggers = [
            no_delete("run"),
            no_truncate("run"),
            belongs_to_no_partnership("run"),
            pgtrigger.FSM(name="run_status_jump", field="status", transitions=allowed_jumps()),
            pgtrigger.ReadOnly(
                name="run_fixed",
                fields=["reference", "commissioner", "number", "pays_on", "frequency", "prepared_by"],
            ),
            guards.RUN_STAYS_AS_IT_ENDED,
            guards.RUN_RELEASED_WHOLE,
        ]

    def __str__(self) -> str:
        return f"Payment run {self.label}"

    @property
    def label(self) -> str:
        """How people name it: the commissioner's code and its number."""
        return f"{self.commissioner.code}-{self.number}"


class PaymentRunTransition(Transition):
    """One step of a payment run: who, when, from, to. Append-only."""

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="transitions")
    from_status = models.CharField("from", max_length=10, choices=RunStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=10, choices=RunStatus.choices)

    class Meta(Transition.Meta):
        triggers = append_only("run_transition")


@pghistory.track(pghistory.UpdateEvent())
class Payment(models.Model):
    """What one run pays for one period of one schedule, both days included, to a payee as it was on the day.

    `amount` is what goes to the bank: the instalment, what earlier payments were short or over
    (`adjustment_amount`), less what is set off (`offset_amount`). None of it ever changes; a payment is held, left
    out, or reversed.
    """

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveIntegerField("number in the run")
    schedule = models.ForeignKey(PaymentSchedule, on_delete=models.PROTECT, related_name="payments")
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField("method", max_length=16, choices=Method.choices)
    period_first = models.DateField("first day")
    period_last = models.DateField("last day")
    due_on = models.DateField("due on")
    instalment_amount = money("instalment")
    adjustment_amount = money("balance of earlier payments", default=Decimal(0))
    offset_amount = money("set off", default=Decimal(0))
    offsets = models.JSONField("what is set off", default=dict, help_text="Amounts by the number of the offset.")
    amount = money("amount")
    previous_amount = models.DecimalField("amount paid before", max_digits=12, decimal_places=2, null=True, blank=True)
    payee_name = models.CharField("payee", max_length=200, blank=True)
    payee_reference = models.CharField("payee’s reference in the finance system", max_length=40, blank=True)
    payee_last_four = models.CharField("last four digits of the account", max_length=4, blank=True)
    is_new_payee = models.BooleanField("new payee", default=False)
    is_changed = models.BooleanField("changed amount", default=False)
    state = models.CharField("state", max_length=10, choices=PaymentState.choices, default=PaymentState.INCLUDED)
    held_reason = models.TextField("why it is held", blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager["Payment"]] = models.Manager()

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["schedule", "period_first"],
                include=["period_last", "instalment_amount", "adjustment_amount"],
                condition=Q(state__in=STANDING),
                name="payment_once",
            ),
            models.CheckConstraint(name="payment_period_in_order", condition=Q(period_last__gte=F("period_first"))),
            models.CheckConstraint(
                name="payment_adds_up",
                condition=Q(amount=F("instalment_amount") + F("adjustment_amount") - F("offset_amount")),
            ),
            models.CheckConstraint(
                name="payment_not_negative",
                condition=Q(instalment_amount__gte=0) & Q(offset_amount__gte=0) & Q(amount__gte=0),
            ),
            models.CheckConstraint(name="payment_known_state", condition=Q(state__in=PaymentState.values)),
            models.CheckConstraint(name="payment_held_says_why", condition=~Q(state="held") | ~Q(held_reason="")),
            models.CheckConstraint(name="payment_to_somebody", condition=~Q(state="included") | ~Q(payee_name="")),
            models.CheckConstraint(
                name="payment_last_four_are_digits", condition=Q(payee_last_four__regex=r"^(\d{4})?$")
            ),
        ]
        indexes = [
            models.Index(fields=["phb", "period_first"], name="payment_of_phb"),
            # What a checker looks at first.
            models.Index(
                fields=["run", "number"],
                condition=Q(state="held") | Q(is_new_payee=True) | Q(is_changed=True),
                name="payment_exceptions",
            ),
        ]
        triggers = [
            no_delete("payment"),
            no_truncate("payment"),
            pgtrigger.ReadOnly(name="payment_fixed", exclude=["state", "held_reason", "held_by"]),
            guards.PAYMENT_IS_PREPARED,
            guards.PAYMENT_STATE_FOLLOWS_RUN,
        ]

    def __str__(self) -> str:
        return f"Payment {self.number} of run {self.run_id}"

    @property
    def label(self) -> str:
        """Its reference in files and on pages: that of the run and its number in it. Needs the run's commissioner."""
        return f"{self.run.label}-{self.number:05d}"

    @property
    def gross_amount(self) -> Decimal:
        """What the person is given credit for: what goes to the bank and what is set off."""
        return self.amount + self.offset_amount
