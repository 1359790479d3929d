"""What the pages of figures share: the dates shown in their form, and what is said where it is wrong."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django_htmx.http import HttpResponseClientRefresh

from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.views.support import form_page
from reporting.forms.figures import AsAtForm
from reporting.presenters.pages import being_fixed_page, breadcrumbs, dashboard_url
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services.first_showings import FirstShowing, job_to_wait_for

#: What is asked for again while figures are put together.
WAITING = "being-fixed"
#: What a page is called while its filter is wrong, by the name of its address.
HEADINGS = {
    "dashboard": "Uptake of personal health budgets",
    "pace": "Pace: will it be reached?",
    "pathway": "Pathway and quality",
    "variation": "What is chance, and what is change",
    "equity": "Equity: is anybody missed?",
}


def showing(form: AsAtForm, scope: Counted) -> AsAtForm:
    """The form with the date that is shown in it, also where none was asked for."""
    data = form.data.copy()  # type: ignore[attr-defined]
    for part in ("day", "month", "year"):
        data[f"as_at_{part}"] = str(getattr(scope.as_at, part))
    form.data = data
    return form


def wrong_filter(request: HttpRequest, commissioner: Commissioner, form: AsAtForm) -> HttpResponse:
    """The form again, with what is wrong in it; no figures until it is right.

    Readers of controlled figures get no fields that they could not use.
    """
    if not may_see_people(request.user, counted(commissioner, clock.today())):
        form.keep_for_everybody()
    page = request.resolver_match.url_name if request.resolver_match else None
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "heading": HEADINGS.get(page or "", HEADINGS["dashboard"]),
        "latest_url": request.path if page in HEADINGS else dashboard_url(commissioner),
    }
    return form_page(request, "reporting/wrong_filter.html", form, context)


def being_fixed(request: HttpRequest, scope: Counted, page: FirstShowing) -> HttpResponse | None:
    """The page that says that figures are being put together, where that takes longer than a reader should wait.

    It goes on by itself: a script asks again, and without one it is loaded again. None where nothing is waited for.
    """
    user = cast(User, request.user)  # every page of figures needs somebody signed in
    job = job_to_wait_for(user, scope, page)
    htmx = getattr(request, "htmx", None)
    is_asked_again = htmx is not None and htmx.target == WAITING
    if job is None:
        return HttpResponseClientRefresh() if is_asked_again else None
    template = "reporting/being_fixed_progress.html" if is_asked_again else "reporting/being_fixed.html"
    context = being_fixed_page(scope, job, request.get_full_path(), target=WAITING)
    response = TemplateResponse(request, template, context)
    if not job.is_finished:
        response["Refresh"] = "5"
    return response
