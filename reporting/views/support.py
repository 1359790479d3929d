"""What the pages of figures share: what is asked of them, the dates shown in their form, and what is said where it is
wrong."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django_htmx.http import HttpResponseClientRefresh

from phb_register import clock
from phb_register.dates import last_month_end
from phb_register.models import Commissioner, User
from phb_register.views.support import form_page
from reporting.forms.figures import AsAtForm, FiguresForm
from reporting.presenters.pages import being_fixed_page, breadcrumbs, dashboard_url, default_as_at
from reporting.selectors.dashboard import cohorts
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services.first_showings import FirstShowing, job_to_wait_for

#: What is asked for again while figures are put together.
WAITING = "being-fixed"
#: What a page is called while its filter is wrong, by the name of its address; a file's is the dashboard's.
HEADINGS = {
    "dashboard": "Uptake of personal health budgets",
    "pace": "Pace: will it be reached?",
    "pathway": "Pathway and quality",
    "variation": "What is chance, and what is change",
    "equity": "Equity: is anybody missed?",
}


def figures_asked(request: HttpRequest, commissioner: Commissioner) -> tuple[FiguresForm, Counted | None]:
    """What the address asks to be counted, with its form; None where the form says what is wrong with it."""
    now = counted(commissioner, clock.today())
    form = FiguresForm(request.GET, cohorts=cohorts(now), today=now.as_at)
    return form, scope_for(request.user, form, now)


def scope_for(user: Any, form: FiguresForm, now: Counted) -> Counted | None:
    """What a form asks for, beside what counts now, of a reader who has the whole of it or its date alone.

    None where it is not right.
    """
    if not form.is_valid():
        return None
    scope = scope_of(form, now)
    if not may_see_people(user, scope):
        form.for_everybody()
        if form.cleaned_data.get("as_at") is None:
            scope = now.on(last_month_end(scope.as_at))
    return None if form.errors else scope


def scope_of(form: FiguresForm, now: Counted) -> Counted:
    """What a form that was found right asks for."""
    as_at = form.as_at_or(default_as_at(now.commissioner, now.as_at))
    return now.on(as_at, known_on=form.known_on_date(), only=form.only())


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
