"""The record-level extract: what it would hold, and its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import commissioner_or_404, form_page
from reporting.forms.extract import ExtractForm
from reporting.presenters.extract import extract_page
from reporting.selectors.dashboard import cohorts
from reporting.selectors.extract import extract_of
from reporting.selectors.scope import counted, may_see_people


@requires(Permission.EXPORT_FIGURES)
@require_safe
def extract(request: HttpRequest, code: str) -> HttpResponse:
    """How many rows the extract of a period has; it is taken as a file, which is logged."""
    commissioner = commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    if not can(request.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, commissioner):
        raise Http404("The extract is for those who may see the people behind the figures")
    today = clock.today()
    form = ExtractForm(request.GET, cohorts=cohorts(counted(commissioner, today)), today=today)
    rows = None
    if form.is_valid():
        chosen, scope = form.as_query(), counted(commissioner, form.cleaned_data["last_on"])
        if not may_see_people(request.user, scope):
            raise Http404("Some of the people in this extract are another commissioner's")
        first_on, part = form.cleaned_data["first_on"], {name: chosen.get(name, "") for name in ("cohort", "method")}
        rows = extract_of(scope, first_on, **part).count()
    return form_page(request, "reporting/extract.html", form, extract_page(commissioner, rows))
