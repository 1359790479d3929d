"""Payment runs: the list, preparing one, its page, and the steps it takes."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.agreement import BudgetForm
from budgets.forms.payments import CheckRunForm, IncludeForm, PrepareRunForm, ReasonForm, ReleaseRunForm
from budgets.models import Payment, PaymentRun
from budgets.payment_enums import RunStatus
from budgets.presenters import payment_files as file_words
from budgets.presenters import payments as says
from budgets.selectors import payments as selectors
from budgets.services import payment_holding, payment_runs
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.presenters import counted, page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of

FORMS = ["GET", "POST"]
STEP_TEMPLATE = "budgets/payments/step.html"
WHICH = {"exceptions": "Exceptions", "held": "Not paid", "": "All payments"}


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def payment_runs_list(request: HttpRequest) -> HttpResponse:
    """The payment runs the user may see, the latest first."""
    user = cast(User, request.user)
    page = page_of(request, selectors.runs_of(user))
    context = {
        "table": table_params(says.RUN_COLUMNS, page.object_list, caption="Payment runs, the latest first"),
        "has_rows": bool(page.object_list),
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "can_prepare": can(user, Permission.PREPARE_PAYMENTS),
        "layouts": file_words.layout_links(user),
    }
    return TemplateResponse(request, "budgets/payments/runs.html", context)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def prepare_run(request: HttpRequest) -> HttpResponse:
    """Ask for a payment run; a job works it out."""
    user, today = cast(User, request.user), clock.today()
    commissioners = selectors.commissioners_that_pay(user, today)
    form = PrepareRunForm(_posted(request), commissioners=commissioners, today=today)
    form.cancel_url = says.runs_url()
    if form.is_valid():
        try:
            run = payment_runs.ask_for_run(
                commissioner=next(each for each in commissioners if each.code == form.cleaned_data["commissioner"]),
                pays_on=form.cleaned_data["pays_on"],
                frequency=form.chosen_frequency(),
                by=user,
                today=today,
            )
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            return redirect(says.run_url(run))
    context = {"heading": "Prepare a payment run", "back_url": says.runs_url()}
    return form_page(request, "budgets/payments/form.html", form, context)


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def payment_run(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One run: its control totals, what to look at first, and its payments. Whose payments were shown is logged."""
    user, run = cast(User, request.user), _run(request, reference)
    only = _which(request, run)
    page = page_of(request, selectors.payments_of_run(run, only=only))
    audit.record_list(user, "payments of a run", [payment.phb.person for payment in page.object_list])
    may_hold = run.status == RunStatus.PREPARED and can(user, Permission.PREPARE_PAYMENTS, run.commissioner)
    columns = says.run_payment_columns(may_hold=may_hold)
    context = {
        "run": run,
        "shown": only,
        "tag": says.run_tag(run),
        "rows": says.run_rows(run, selectors.control_totals(run)),
        "buttons": says.run_buttons(user, run),
        "is_own": run.prepared_by_id == user.pk and run.status in (RunStatus.PREPARED, RunStatus.CHECKED),
        "exceptions": says.exception_words(selectors.exceptions_of(run)),
        "choices": [{"code": code, "text": text, "is_current": code == only} for code, text in WHICH.items()],
        "table": table_params(columns, page.object_list, caption=WHICH[only]) if page.object_list else None,
        "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "history": says.run_history(selectors.steps_of(run)),
        "files": file_words.file_links(run),
    }
    response = TemplateResponse(request, "budgets/payments/run.html", context)
    if run.status == RunStatus.PREPARING:
        response["Refresh"] = "5"
    return response


def _which(request: HttpRequest, run: PaymentRun) -> str:
    """Which payments are shown: exceptions first while there is somebody to look at them."""
    first = "exceptions" if run.status in (RunStatus.PREPARED, RunStatus.CHECKED) else ""
    asked = request.GET.get("show", first)
    return asked if asked in WHICH else ""


@requires(Permission.RELEASE_PAYMENTS)
@require_http_methods(FORMS)
def check_run(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Check a run that somebody else prepared."""
    run = _run(request, reference, Permission.RELEASE_PAYMENTS)
    form = CheckRunForm(_posted(request), initial=CheckRunForm.initial_of(selectors.control_totals(run)))

    def act() -> int:
        seen = {name: form.cleaned_data[name] for name in ("count", "amount")}
        return payment_runs.check_run(run=run, by=cast(User, request.user), on=clock.today(), **seen)

    return _step(request, run, form, "Check the payment run", act, "The run is checked. It can be released")


@requires(Permission.RELEASE_PAYMENTS)
@require_http_methods(FORMS)
def release_run(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Release a run that somebody else prepared."""
    run = _run(request, reference, Permission.RELEASE_PAYMENTS)
    form = ReleaseRunForm(_posted(request))

    def act() -> int:
        return payment_runs.release_run(run=run, by=cast(User, request.user), on=clock.today())

    return _step(request, run, form, "Release the payment run", act, "The run is released and stands in the ledger")


@requires(Permission.RELEASE_PAYMENTS)
@require_http_methods(FORMS)
def send_back_run(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take back that a run was checked."""
    run = _run(request, reference, Permission.RELEASE_PAYMENTS)
    form = ReasonForm(_posted(request), button="Send the run back")

    def act() -> int:
        payment_runs.send_back(run=run, by=cast(User, request.user), on=clock.today(), **form.cleaned_data)
        return 0

    return _step(request, run, form, "Send the payment run back", act, "The run is to be checked again")


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def abandon_run(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Give a run up."""
    run = _run(request, reference, Permission.PREPARE_PAYMENTS)
    form = ReasonForm(_posted(request), button="Abandon the run")

    def act() -> int:
        payment_runs.abandon_run(run=run, by=cast(User, request.user), on=clock.today(), **form.cleaned_data)
        return 0

    return _step(request, run, form, "Abandon the payment run", act, "The run is abandoned. Nothing in it is paid")


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def hold_payment(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Leave one payment out of a run."""
    run = _run(request, reference, Permission.PREPARE_PAYMENTS)
    payment = _payment(run, number)
    form = ReasonForm(_posted(request), button="Hold the payment")

    def act() -> int:
        payment_holding.hold_payment(payment=payment, by=cast(User, request.user), **form.cleaned_data)
        return 0

    return _step(request, run, form, f"Hold payment {payment.number}", act, "The payment is held", payment)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(FORMS)
def include_payment(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Put a held payment back into its run."""
    run = _run(request, reference, Permission.PREPARE_PAYMENTS)
    payment = _payment(run, number)
    form = IncludeForm(_posted(request))

    def act() -> int:
        payment_holding.include_payment(payment=payment, by=cast(User, request.user))
        return 0

    return _step(request, run, form, f"Include payment {payment.number}", act, "The payment is included", payment)


def _step(
    request: HttpRequest,
    run: PaymentRun,
    form: BudgetForm,
    heading: str,
    act: Callable[[], int],
    done: str,
    payment: Payment | None = None,
) -> HttpResponse:
    """Take a step; what it found to hold instead, or why it is refused, is said."""
    if form.is_valid():
        try:
            held = act()
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            if held:
                messages.warning(
                    request, f"{counted(held, 'payment is', 'payments are')} held now. Check the run again"
                )
            else:
                messages.success(request, done)
            return redirect(says.run_url(run))
    rows = says.payment_rows(payment) if payment else says.run_rows(run, selectors.control_totals(run))
    exceptions = [] if payment else says.exception_words(selectors.exceptions_of(run))
    context: dict[str, Any] = {"run": run, "heading": heading, "rows": rows, "exceptions": exceptions}
    return form_page(request, STEP_TEMPLATE, form, context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _run(request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS) -> PaymentRun:
    found: PaymentRun = or_404(selectors.run_for(cast(User, request.user), reference, permission), "payment run")
    return found


def _payment(run: PaymentRun, number: int) -> Payment:
    found: Payment = or_404(selectors.payment_of_run(run, number), "payment")
    return found
