"""What the pages of figures share: the date that is shown in their form, and what is said where it is wrong."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from phb_register.models import Commissioner
from phb_register.views.support import form_page
from reporting.forms.figures import AsAtForm
from reporting.presenters.pages import breadcrumbs
from reporting.selectors.scope import Counted


def showing(form: AsAtForm, scope: Counted) -> AsAtForm:
    """The form with the date that is shown in it, also where none was asked for."""
    data = form.data.copy()  # type: ignore[attr-defined]
    for part in ("day", "month", "year"):
        data[f"as_at_{part}"] = str(getattr(scope.as_at, part))
    form.data = data
    return form


def wrong_filter(request: HttpRequest, commissioner: Commissioner, form: AsAtForm) -> HttpResponse:
    """The form again, with what is wrong in it; no figures until it is right."""
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "dashboard_url": reverse("reporting:dashboard", args=[commissioner.code]),
    }
    return form_page(request, "reporting/wrong_filter.html", form, context)
