"""What cannot be bought with a PHB: the list a commissioner reads and adds to, under its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from budgets.exceptions import BudgetRefused
from budgets.forms.plan_purchases import ProhibitedForm
from budgets.presenters import plan_purchases as words
from budgets.selectors import plan_purchases as selectors
from budgets.services import plan_purchases as service
from budgets.views.plan_support import FOLDER, FORMS, posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def prohibited_purchases(request: HttpRequest, code: str) -> HttpResponse:
    """What no budget buys: everywhere, and for this commissioner's people; and adding to the latter."""
    user: Any = request.user
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = ProhibitedForm(posted(request), initial={"applies_from": clock.today()})
    if form.is_valid():
        try:
            service.add_prohibited(commissioner=commissioner, by=user, **form.entry())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "Added to the list")
            return redirect(words.purchases_url(commissioner))
    own = selectors.own_entries(commissioner)
    context = {
        "commissioner": commissioner,
        "national": words.national_table(selectors.national_entries()),
        "own": words.own_table(own) if own else None,
        "ends": words.end_buttons(commissioner, own),
    }
    return form_page(request, f"{FOLDER}/prohibited_purchases.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_POST
def end_prohibited_purchase(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End one of the commissioner's own entries from today."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    entry = or_404(selectors.own_entry(commissioner, pk), "entry")
    service.end_prohibited(entry=entry, by=request.user)  # type: ignore[arg-type]
    messages.success(request, "The entry has ended")
    return redirect(words.purchases_url(commissioner))
