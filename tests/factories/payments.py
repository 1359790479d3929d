"""Budgets that can be paid, their schedules, and payment runs walked to their release through the services."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import transaction

from budgets.enums import EndReason, Funder, Method, SupportKind
from budgets.models import (
    AgreedBudget,
    BudgetProposal,
    MethodPart,
    PaymentRun,
    PaymentSchedule,
    PersonalHealthBudget,
    SupportOrganisation,
)
from budgets.payment_enums import CorrectionKind, FileKind, Frequency, PaidWhen
from budgets.rules.agreement import Share
from budgets.selectors.partner_invoices import Partner
from budgets.selectors.payments import control_totals
from budgets.services.agreed_budgets import add_agreed_budget
from budgets.services.partner_invoices import issue_invoice
from budgets.services.payment_corrections import ask_for_correction
from budgets.services.payment_files import make_file
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import ask_for_run, check_run, release_run
from budgets.services.payments import make_schedule
from eligibility.models import Referral
from offers.models import Cohort
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.arrangements import SupportOrganisationFactory
from tests.factories.budgets import NHS_ONLY
from tests.factories.phb_register import PersonFactory, UserFactory

APRIL = dt.date(2026, 4, 1)
PAYS_ON = dt.date(2026, 4, 1)


def make_finance(commissioner: Commissioner) -> User:
    """Somebody of finance."""
    user: User = UserFactory(role=Role.FINANCE, role__commissioner=commissioner)
    return user


@transaction.atomic
def payable_budget(
    commissioner: Commissioner,
    *,
    by: User | None = None,
    started_on: dt.date = APRIL,
    ended_on: dt.date | None = None,
    annual_amount: Decimal = Decimal("12000.00"),
    one_off_amount: Decimal = Decimal("0.00"),
    method: Method = Method.NOTIONAL,
    shares: Sequence[Share] = NHS_ONLY,
    is_one_off: bool = False,
) -> PersonalHealthBudget:
    """The rows of a PHB in place whose agreed budget an approved proposal confirmed. Of one method."""
    user = by or UserFactory()
    person = PersonFactory(commissioner=commissioner)
    cohort = Cohort.objects.get(code="chc")
    referral = Referral.objects.create(
        submission_key=uuid.uuid4(), person=person, commissioner=commissioner, cohort=cohort, status="accepted",
        received_on=started_on, decision_days=28, decision_days_counted="calendar", decision_due_on=started_on,
        referred_by=user,
    )  # fmt: skip
    phb = PersonalHealthBudget.objects.create(
        person=person, commissioner=commissioner, cohort=cohort, referral=referral, agreed_on=started_on,
        agreed_by=user, started_on=started_on, ended_on=ended_on, end_reason=EndReason.MOVED if ended_on else "",
        annual_amount=annual_amount, is_one_off=is_one_off,
    )  # fmt: skip
    MethodPart.objects.create(
        phb=phb, method=method, starts_on=started_on, ends_on=ended_on, annual_amount=annual_amount
    )
    agree(phb, user, started_on, annual_amount, shares, one_off_amount=one_off_amount, one_off_method=method)
    return phb


def agree(
    phb: PersonalHealthBudget,
    by: User,
    applies_from: dt.date,
    annual_amount: Decimal,
    shares: Sequence[Share] = NHS_ONLY,
    *,
    one_off_amount: Decimal = Decimal("0.00"),
    one_off_method: str = "",
) -> AgreedBudget:
    """An agreed budget behind which an approved proposal stands; how it was approved is tested elsewhere."""
    held = {
        "applies_from": applies_from,
        "annual_amount": annual_amount,
        "one_off_amount": one_off_amount,
        "one_off_method": one_off_method if one_off_amount else "",
    }
    with pgtrigger.ignore("budgets.BudgetProposal:proposal_begins_as_draft"):
        proposal = BudgetProposal.objects.create(
            submission_key=uuid.uuid4(), referral=phb.referral, number=phb.agreed_budgets.count() + 1, kind="first",
            status="approved", changed_at=dt.datetime.now(dt.UTC), reason="For a test", prepared_by=by,
            prepared_on=applies_from, submitted_by=by, submitted_on=applies_from, decided_by=UserFactory(),
            decided_on=applies_from, **held,
        )  # fmt: skip
    return add_agreed_budget(phb, by=by, shares=shares, proposal=proposal, **held)


@transaction.atomic
def change_amount(phb: PersonalHealthBudget, by: User, on: dt.date, annual_amount: Decimal) -> None:
    """Agree another amount from a day on."""
    part = phb.method_parts.get(ends_on__isnull=True)
    MethodPart.objects.filter(pk=part.pk).update(ends_on=max(on, part.starts_on))
    MethodPart.objects.create(phb=phb, method=part.method, starts_on=on, annual_amount=annual_amount)
    PersonalHealthBudget.objects.filter(pk=phb.pk).update(annual_amount=annual_amount)
    agree(phb, by, on, annual_amount)


def make_provider(commissioner: Commissioner, **given: Any) -> SupportOrganisation:
    """A provider of care that the finance system knows."""
    organisation: SupportOrganisation = SupportOrganisationFactory(
        commissioner=commissioner, kinds=[SupportKind.PROVIDER.value], **given
    )
    return organisation


def scheduled(
    phb: PersonalHealthBudget,
    by: User,
    *,
    frequency: Frequency = Frequency.MONTHLY,
    starts_on: dt.date | None = None,
    paid_when: PaidWhen = PaidWhen.ADVANCE,
    wait_days: int = 0,
    one_off_amount: Decimal | None = None,
    provider: SupportOrganisation | None = None,
) -> PaymentSchedule:
    """A schedule that pays a provider for the notional part of a PHB, monthly on the first day of each month."""
    return make_schedule(
        phb=phb,
        method=Method.NOTIONAL,
        frequency=frequency,
        starts_on=starts_on or phb.started_on or APRIL,
        by=by,
        paid_when=paid_when,
        wait_days=wait_days,
        one_off_amount=one_off_amount,
        provider=provider or make_provider(phb.commissioner),
    )


def prepared(commissioner: Commissioner, by: User, *, pays_on: dt.date = PAYS_ON, frequency: str = "") -> PaymentRun:
    """A run worked out and waiting to be checked."""
    run = ask_for_run(commissioner=commissioner, pays_on=pays_on, by=by, today=pays_on, frequency=frequency)
    return prepare(run=run)


def check(run: PaymentRun, by: User) -> int:
    """Check a run as it stands."""
    totals = control_totals(run)
    return check_run(run=run, by=by, on=run.pays_on, count=totals.count, amount=totals.amount)


def released(commissioner: Commissioner, by: User, other: User, *, pays_on: dt.date = PAYS_ON) -> PaymentRun:
    """A run that one prepared and another checked and released."""
    run = prepared(commissioner, by, pays_on=pays_on)
    assert check(run, other) == 0
    assert release_run(run=run, by=other, on=pays_on) == 0
    return PaymentRun.objects.get(pk=run.pk)


def payment_records(commissioner: Commissioner) -> dict[str, dict[str, Any]]:
    """A record behind every address about payments, by the name of the address."""
    one, other = make_finance(commissioner), make_finance(commissioner)
    shares = [Share(Funder.NHS, Decimal(60)), Share(Funder.LOCAL_AUTHORITY, Decimal(40), "Testing Council")]
    phb = payable_budget(commissioner, shares=shares)
    schedule = scheduled(phb, one)
    run = released(commissioner, one, other)
    payment = run.payments.get()
    for kind in FileKind:
        make_file(run=run, kind=kind, by=one, on=PAYS_ON)
    correction = ask_for_correction(
        payment=payment, kind=CorrectionKind.RETURNED, reason="Returned", came_back_on=PAYS_ON, by=one, on=PAYS_ON
    )
    partner = Partner(Funder.LOCAL_AUTHORITY, "Testing Council")
    invoice = issue_invoice(
        commissioner=commissioner, partner=partner, period_first=PAYS_ON, period_last=PAYS_ON, by=one, on=PAYS_ON
    )
    of_run, of_budget = {"reference": run.reference}, {"reference": phb.reference}
    corrected, invoiced = {"reference": correction.reference}, {"reference": invoice.reference}
    return {
        **{f"budgets:{step}payment-run": of_run for step in ("", "check-", "release-", "send-back-", "abandon-")},
        **{f"budgets:{step}-payment": {**of_run, "number": payment.number} for step in ("hold", "include")},
        "budgets:payment-file": {**of_run, "kind": "bank"},
        "budgets:payment-file-layout": {"code": commissioner.code, "kind": "bank"},
        "budgets:budget-payments": of_budget,
        "budgets:make-payment-schedule": of_budget,
        "budgets:stop-payment-schedule": {**of_budget, "pk": schedule.pk},
        "budgets:payment": {**of_budget, "pk": payment.pk},
        "budgets:correct-payment": {**of_budget, "pk": payment.pk},
        **{f"budgets:{step}payment-correction": corrected for step in ("", "confirm-", "refuse-")},
        **{f"budgets:{step}partner-invoice": invoiced for step in ("", "cancel-")},
    }
