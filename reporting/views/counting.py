"""How a commissioner counts: for every reader of its figures, and for those who set it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import commissioner_or_404, form_page, refuse
from reporting.forms.counting import CountingPolicyForm
from reporting.presenters.counting import changes_table, source_words, switches_table
from reporting.presenters.pages import breadcrumbs, default_as_at
from reporting.selectors.counting import changes_of, policy_on, source_on
from reporting.services.counting import set_counting_policy


@requires(Permission.VIEW_FIGURES)
@require_safe
def counting(request: HttpRequest, code: str) -> HttpResponse:
    """Every switch and how it stands, and what was set."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    on = default_as_at(commissioner, clock.today())
    may_change = can(request.user, Permission.MANAGE_SETTINGS, commissioner)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "switches": switches_table(policy_on(commissioner, on), on),
        "source": source_words(source_on(commissioner, on)),
        "changes": changes_table(changes_of(commissioner)),
        "change_url": reverse("reporting:change-counting", args=[code]) if may_change else "",
    }
    return TemplateResponse(request, "reporting/counting.html", context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def change_counting(request: HttpRequest, code: str) -> HttpResponse:
    """A form to set the switches from a date on."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    policy = policy_on(commissioner, default_as_at(commissioner, clock.today()))
    form = CountingPolicyForm(request.POST or None, policy=policy, today=clock.today())
    if form.is_valid():
        try:
            set_counting_policy(
                commissioner=commissioner,
                by=cast(User, request.user),  # the permission needs somebody signed in
                applies_from=form.cleaned_data["applies_from"],
                policy=form.policy(),
                source=form.cleaned_data["source"],
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "How it is counted is saved")
            return redirect("reporting:counting", code)
    context = {"commissioner": commissioner, "breadcrumbs": breadcrumbs(commissioner)}
    return form_page(request, "reporting/change_counting.html", form, context)
