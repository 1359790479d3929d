"""What uptake is measured against: targets and numbers of eligible people, kept by the PHB team."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners
from phb_register.views.support import commissioner_or_404, form_page, refuse
from reporting.forms.figures import EligiblePopulationForm, TargetForm
from reporting.presenters.pages import breadcrumbs, denominators_choice, eligible_table
from reporting.presenters.targets import target_table
from reporting.selectors.denominators import cohorts_to_choose, eligible_populations_of, targets_of
from reporting.services.denominators import record_eligible_population, set_target


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The commissioners whose targets and eligible people the user keeps."""
    found = named_commissioners(request.user, Permission.MANAGE_SETTINGS).order_by("-kind", "name")
    return TemplateResponse(request, "reporting/targets_choice.html", {"commissioners": denominators_choice(found)})


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest, code: str) -> HttpResponse:
    """The targets of a commissioner, and a form to set one."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = TargetForm(request.POST or None, today=clock.today())
    if form.is_valid():
        try:
            set_target(commissioner=commissioner, by=request.user, **form.target())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The target is saved")
            return redirect("reporting:targets", code)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "table": target_table(targets_of(commissioner)),
    }
    return form_page(request, "reporting/targets.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def eligible_populations(request: HttpRequest, code: str) -> HttpResponse:
    """The numbers of eligible people of a commissioner, and a form to record one."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = EligiblePopulationForm(request.POST or None, cohorts=cohorts_to_choose(commissioner), today=clock.today())
    if form.is_valid():
        try:
            record_eligible_population(commissioner=commissioner, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The count is saved")
            return redirect("reporting:eligible-populations", code)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "table": eligible_table(eligible_populations_of(commissioner)),
    }
    return form_page(request, "reporting/eligible_populations.html", form, context)
