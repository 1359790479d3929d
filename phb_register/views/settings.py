"""What a commissioner or partnership decides for itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import slots
from phb_register.access import requires
from phb_register.forms.settings import PopulationForm, SettingsForm
from phb_register.presenters import POPULATION_COLUMNS
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of
from phb_register.selectors.settings import populations_of, settings_of
from phb_register.services import settings as service
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def settings_list(request: HttpRequest) -> HttpResponse:
    """The commissioners and partnerships whose settings the user may change."""
    commissioners = commissioners_of(request.user, Permission.MANAGE_SETTINGS)
    return TemplateResponse(request, "phb_register/settings_list.html", {"commissioners": commissioners})


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def commissioner_settings(request: HttpRequest, code: str) -> HttpResponse:
    """The settings of one, with its populations."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = SettingsForm(request.POST or None, instance=settings_of(commissioner))
    if form.is_valid():
        service.change_settings(commissioner=commissioner, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, "The settings are saved")
        return redirect("phb_register:commissioner-settings", code)
    populations = populations_of(commissioner)
    context = {
        "commissioner": commissioner,
        "links": [(link.text, link.url(commissioner)) for link in slots.settings_links],
        "populations": table_params(POPULATION_COLUMNS, populations, caption="Populations") if populations else None,
    }
    return form_page(request, "phb_register/commissioner_settings.html", form, context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def add_population(request: HttpRequest, code: str) -> HttpResponse:
    """Record a count of the people served."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    form = PopulationForm(request.POST or None)
    if form.is_valid():
        service.record_population(commissioner=commissioner, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, "The population is recorded")
        return redirect("phb_register:commissioner-settings", code)
    return form_page(request, "phb_register/population_form.html", form, {"commissioner": commissioner})
