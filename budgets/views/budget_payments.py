"""The payments of one PHB: its schedules, what was paid, the ledger, and corrections."""

import datetime as dt
import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.payments import ConfirmForm, CorrectionForm, ReasonForm, ScheduleForm, StopScheduleForm
from budgets.models import Payment, PaymentCorrection, PersonalHealthBudget
from budgets.payment_enums import CorrectionStatus, PaymentState, RunStatus
from budgets.presenters import payments as says
from budgets.presenters.payment_schedules import schedule_columns
from budgets.presenters.sections import sections_of
from budgets.selectors import ledger, payment_schedules
from budgets.selectors import payments as selectors
from budgets.selectors.personal_health_budgets import budget_for
from budgets.services import payment_corrections
from budgets.services import payments as services
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of

FORMS = ["GET", "POST"]
COMING = dt.timedelta(days=92)
LEDGER_SHOWN = 50


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def budget_payments(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The schedules of a PHB, its payments, those to come, and its ledger. The read is logged."""
    user, phb, today = cast(User, request.user), _budget(request, reference), clock.today()
    audit.record_read(user, phb, person=phb.person)
    page = page_of(request, selectors.payments_of(user, phb))
    entries = ledger.entries_of(user, phb)
    may_pay = can(user, Permission.PREPARE_PAYMENTS, phb.commissioner)
    corrections = selectors.corrections_of(user, phb)
    schedules = payment_schedules.schedules_of(user, phb)
    coming = list(payment_schedules.due_between([phb.pk], today, today + COMING))
    context = {
        "phb": phb,
        "sections": sections_of(user, phb.referral, "payments", phb=phb),
        "totals": says.year_rows(ledger.by_year(phb), ledger.balance(phb, dt.date.max)),
        "schedules": _table(schedule_columns(may_stop=may_pay), schedules, "Payment schedules"),
        "coming": _table(says.COMING_COLUMNS, coming, "Due in the next three months"),
        "payments": _table(says.PAYMENT_COLUMNS, page.object_list, "Payments, the latest first"),
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "ledger": says.ledger_table(entries[:LEDGER_SHOWN]),
        "corrections": _table(says.CORRECTION_COLUMNS, corrections, "Corrections"),
        "can_schedule": may_pay and phb.ended_on is None,
    }
    return TemplateResponse(request, "budgets/payments/budget.html", context)


def _table(columns: Any, rows: Any, caption: str) -> dict[str, Any] | None:
    return table_params(columns, rows, caption=caption) if rows else None


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def make_schedule(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say how a method of a PHB is paid."""
    user, phb = cast(User, request.user), _budget(request, reference, Permission.PREPARE_PAYMENTS)
    providers = payment_schedules.providers_for(phb, clock.today())
    form = ScheduleForm(_posted(request), phb=phb, providers=providers, today=clock.today())
    form.cancel_url = says.payments_url(phb)
    if form.is_valid():
        try:
            services.make_schedule(phb=phb, by=user, **form.schedule())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The payment schedule is made")
            return redirect(says.payments_url(phb))
    return _form(request, form, phb, "Make a payment schedule")


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def stop_schedule(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Stop what is paid for one method of a PHB."""
    user, phb = cast(User, request.user), _budget(request, reference, Permission.PREPARE_PAYMENTS)
    schedule = or_404(payment_schedules.schedule_for(user, phb, pk), "payment schedule")
    form = StopScheduleForm(_posted(request), today=clock.today())
    form.cancel_url = says.payments_url(phb)
    if form.is_valid():
        try:
            services.stop_schedules(phb=phb, by=user, method=schedule.method, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The payments stop")
            return redirect(says.payments_url(phb))
    return _form(request, form, phb, f"Stop payments: {schedule}")


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def payment(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """One payment with what makes up its amount. The read is logged."""
    user, phb = cast(User, request.user), _budget(request, reference)
    found = _payment(user, phb, pk)
    audit.record_read(user, phb, person=phb.person)
    stands = found.run.status == RunStatus.RELEASED and found.state == PaymentState.INCLUDED
    corrections = [each for each in selectors.corrections_of(user, phb) if each.payment_id == found.pk]
    context = {
        "phb": phb,
        "payment": found,
        "tag": says.payment_tag(found),
        "rows": says.payment_rows(found),
        "run_url": says.run_url(found.run),
        "corrections": _table(says.CORRECTION_COLUMNS, corrections, "Corrections"),
        "can_correct": stands and can(user, Permission.PREPARE_PAYMENTS, phb.commissioner),
        "back_url": says.payments_url(phb),
    }
    return TemplateResponse(request, "budgets/payments/payment.html", context)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def correct_payment(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Say that money of a payment came back; somebody else confirms it."""
    user, phb = cast(User, request.user), _budget(request, reference, Permission.PREPARE_PAYMENTS)
    found = _payment(user, phb, pk)
    form = CorrectionForm(_posted(request), today=clock.today())
    form.cancel_url = says.payment_url(found)
    if form.is_valid():
        try:
            asked = payment_corrections.ask_for_correction(
                payment=found, by=user, on=clock.today(), **form.correction()
            )
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The correction waits for somebody else to confirm it")
            return redirect("budgets:payment-correction", asked.reference)
    return _form(request, form, phb, f"Correct payment {found.label}", rows=says.payment_rows(found))


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def correction(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One correction, and what is to be decided. The read is logged."""
    user, found = cast(User, request.user), _correction(request, reference, Permission.VIEW_PAYMENTS)
    phb = found.payment.phb
    audit.record_read(user, phb, person=phb.person)
    is_open = found.status == CorrectionStatus.ASKED
    may_decide = is_open and can(user, Permission.RELEASE_PAYMENTS, phb.commissioner)
    context = {
        "phb": phb,
        "correction": found,
        "rows": says.correction_rows(found),
        "can_decide": may_decide and found.asked_by_id != user.pk,
        "is_own": may_decide and found.asked_by_id == user.pk,
        "back_url": says.payment_url(found.payment),
    }
    return TemplateResponse(request, "budgets/payments/correction.html", context)


@requires(Permission.RELEASE_PAYMENTS)
@require_http_methods(FORMS)
def confirm_correction(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Confirm a correction that somebody else asked for."""
    user, found = cast(User, request.user), _correction(request, reference, Permission.RELEASE_PAYMENTS)
    form = ConfirmForm(_posted(request))
    if form.is_valid():
        try:
            payment_corrections.confirm_correction(correction=found, by=user, on=clock.today())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The correction stands in the ledger")
            return redirect("budgets:payment-correction", reference)
    return _form(request, form, found.payment.phb, "Confirm the correction", rows=says.correction_rows(found))


@requires(Permission.RELEASE_PAYMENTS)
@require_http_methods(FORMS)
def refuse_correction(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Refuse a correction: the payment stands."""
    user, found = cast(User, request.user), _correction(request, reference, Permission.RELEASE_PAYMENTS)
    form = ReasonForm(_posted(request), button="Refuse the correction")
    if form.is_valid():
        try:
            payment_corrections.refuse_correction(correction=found, by=user, on=clock.today(), **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The correction is refused. The payment stands")
            return redirect("budgets:payment-correction", reference)
    return _form(request, form, found.payment.phb, "Refuse the correction", rows=says.correction_rows(found))


def _form(request: HttpRequest, form: Any, phb: PersonalHealthBudget, heading: str, **more: Any) -> HttpResponse:
    context = {"heading": heading, "caption": phb.person, "back_url": says.payments_url(phb), **more}
    return form_page(request, "budgets/payments/form.html", form, context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _budget(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS
) -> PersonalHealthBudget:
    found: PersonalHealthBudget = or_404(
        budget_for(cast(User, request.user), reference, permission), "personal health budget"
    )
    return found


def _payment(user: User, phb: PersonalHealthBudget, pk: int) -> Payment:
    found: Payment = or_404(selectors.payment_of_budget(user, phb, pk), "payment")
    return found


def _correction(request: HttpRequest, reference: uuid.UUID, permission: Permission) -> PaymentCorrection:
    found: PaymentCorrection = or_404(
        selectors.correction_for(cast(User, request.user), reference, permission), "correction"
    )
    return found
