"""The outcome scales of a commissioner or partnership: a list, a version, writing and ending one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.outcomes import EndScaleForm, ScaleForm
from budgets.models import OutcomeScale
from budgets.presenters import outcomes as presenters
from budgets.selectors import outcomes as selectors
from budgets.services import outcomes as services
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404

FORMS = ["GET", "POST"]


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def outcome_scales(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of every scale of a commissioner or partnership."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    scales = selectors.scales_of(commissioner)
    context = {"commissioner": commissioner, "table": presenters.scales_table(scales) if scales else None}
    return TemplateResponse(request, "budgets/outcome_scales/list.html", context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def new_outcome_scale(request: HttpRequest, code: str) -> HttpResponse:
    """Write a new scale."""
    user: Any = request.user
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = ScaleForm(_posted(request), initial={"active_from": clock.today()})
    if form.is_valid():
        try:
            scale = services.write_scale(commissioner=commissioner, by=user, words=form.words())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The scale is saved")
            return redirect(presenters.scale_url(scale))
    context = {"commissioner": commissioner, "heading": "Write an outcome scale"}
    return form_page(request, "budgets/outcome_scales/write.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def outcome_scale(request: HttpRequest, code: str, reference: uuid.UUID) -> HttpResponse:
    """One version of a scale."""
    scale = _scale(request, code, reference)
    rows = presenters.scale_rows(scale, is_used=selectors.is_used(scale))
    return TemplateResponse(request, "budgets/outcome_scales/scale.html", {"scale": scale, "rows": rows})


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def change_outcome_scale(request: HttpRequest, code: str, reference: uuid.UUID) -> HttpResponse:
    """Change a version that nobody answered on; of another, write the next version."""
    user: Any = request.user
    scale = _scale(request, code, reference)
    is_used = selectors.is_used(scale)
    dates = {"active_from": clock.today(), "active_until": None} if is_used else {}
    form = ScaleForm(_posted(request), initial=ScaleForm.initial_of(scale) | dates)
    if form.is_valid():
        try:
            saved = services.change_scale(scale=scale, by=user, words=form.words())
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The scale is saved")
            return redirect(presenters.scale_url(saved))
    heading = "Write the next version" if is_used else "Change the scale"
    context = {"commissioner": scale.commissioner, "heading": heading, "scale": scale, "is_used": is_used}
    return form_page(request, "budgets/outcome_scales/write.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(FORMS)
def end_outcome_scale(request: HttpRequest, code: str, reference: uuid.UUID) -> HttpResponse:
    """Ask a scale no longer from a day on."""
    scale = _scale(request, code, reference)
    form = EndScaleForm(_posted(request), initial={"active_until": scale.active_until})
    if form.is_valid():
        try:
            services.end_scale(scale=scale, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The day is saved")
            return redirect(presenters.scale_url(scale))
    context = {"commissioner": scale.commissioner, "heading": f"No longer ask: {scale.name}", "scale": scale}
    return form_page(request, "budgets/outcome_scales/write.html", form, context)


def _scale(request: HttpRequest, code: str, reference: uuid.UUID) -> OutcomeScale:
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    found: OutcomeScale = or_404(selectors.scale_for(commissioner, reference), "outcome scale")
    return found


def _posted(request: HttpRequest) -> Any:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None
