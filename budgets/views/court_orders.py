"""A person's court orders and licence conditions: for those with VIEW_ORDERS, each look logged."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.agreement import BudgetForm
from budgets.forms.court_orders import CourtOrderForm, LastDayForm, WithdrawOrderForm
from budgets.models import CourtOrder
from budgets.presenters import court_orders as presenters
from budgets.selectors.court_orders import order_for, orders_for, person_with_orders
from budgets.services import court_orders as services
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import Person
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404


@requires(Permission.VIEW_ORDERS)
@require_safe
def court_orders(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What excludes a direct payment to a person, and on which days."""
    user: Any = request.user
    person = _person(request, reference)
    orders = orders_for(user, person)
    audit.record(
        actor=user,
        action="court-orders-read",
        subject=person,
        commissioner=person.commissioner,
        detail={"orders": len(orders)},
    )
    may_write = can(user, Permission.MANAGE_BUDGETS, person.commissioner)
    context = {
        "person": person,
        "table": presenters.orders_table(orders, clock.today(), may_write=may_write),
        "kinds": presenters.kinds_table(),
        "may_write": may_write,
    }
    return TemplateResponse(request, "budgets/court_orders/court_orders.html", context)


@requires(Permission.VIEW_ORDERS)
@require_http_methods(["GET", "POST"])
def record_order(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record an order of the Schedule."""
    person = _person(request, reference)
    form = CourtOrderForm(request.POST if request.method == "POST" else None, today=clock.today())
    return _act(
        request,
        person,
        form,
        "Record an order",
        lambda by: services.record_order(person=person, by=by, **form.cleaned_data),
    )


@requires(Permission.VIEW_ORDERS)
@require_http_methods(["GET", "POST"])
def change_last_day(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Change the last day of an order."""
    order = _order(request, reference)
    form = LastDayForm(
        request.POST if request.method == "POST" else None, today=clock.today(), initial={"last_day": order.last_day}
    )
    return _act(
        request,
        order.person,
        form,
        "Last day of the order",
        lambda by: services.change_last_day(order=order, by=by, **form.cleaned_data),
    )


@requires(Permission.VIEW_ORDERS)
@require_http_methods(["GET", "POST"])
def withdraw_order(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Withdraw an order that was entered in error."""
    order = _order(request, reference)
    form = WithdrawOrderForm(request.POST if request.method == "POST" else None, today=clock.today())
    return _act(
        request,
        order.person,
        form,
        "Withdraw an order entered in error",
        lambda by: services.withdraw_order(order=order, by=by, **form.cleaned_data),
    )


def _act(request: HttpRequest, person: Person, form: BudgetForm, title: str, act: Callable[[Any], Any]) -> HttpResponse:
    """Show the form, or do what it says and go to the list. What is refused stands on the form."""
    form.cancel_url = presenters.orders_url(person)
    if form.is_valid():
        try:
            act(request.user)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "Saved")
            return redirect(form.cancel_url)
    context = {"person": person, "title": title, "back_url": form.cancel_url}
    return form_page(request, "budgets/court_orders/form.html", form, context)


def _person(request: HttpRequest, reference: uuid.UUID) -> Person:
    found: Person = or_404(person_with_orders(request.user, reference), "person")  # type: ignore[arg-type]
    return found


def _order(request: HttpRequest, reference: uuid.UUID) -> CourtOrder:
    found: CourtOrder = or_404(order_for(request.user, reference), "order")  # type: ignore[arg-type]
    return found
