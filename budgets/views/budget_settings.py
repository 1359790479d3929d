"""What a commissioner or partnership decides for itself about the money."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from budgets.forms.budget_settings import BudgetSettingsForm
from budgets.selectors.budget_settings import own_settings
from budgets.services.budget_settings import change_budget_settings
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def budget_settings(request: HttpRequest, code: str) -> HttpResponse:
    """The budget settings of one commissioner or partnership."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    posted = request.POST if request.method == "POST" else None
    form = BudgetSettingsForm(posted, instance=own_settings(commissioner))
    if form.is_valid():
        change_budget_settings(commissioner=commissioner, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, "The budget settings are saved")
        return redirect("budgets:budget-settings", code)
    return form_page(request, "budgets/proposals/settings.html", form, {"commissioner": commissioner})
