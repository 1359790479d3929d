"""The log of releases: what readers were shown who may not see people, what was hidden, and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.models import Commissioner
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.selectors.settings import profile_of
from phb_register.views.support import commissioner_or_404, or_404, page_of
from reporting.presenters import releases as words
from reporting.presenters.pages import breadcrumbs
from reporting.selectors import releases as selectors
from reporting.selectors.scope import counted, may_see_people

FOLDER = "reporting/releases"


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def disclosure_log(request: HttpRequest, code: str) -> HttpResponse:
    """Every release of a commissioner's figures, the latest date first."""
    commissioner = _commissioner(request, code)
    page = page_of(request, selectors.releases_of(commissioner))
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "page": page,
        "table": words.log_table(page, words.names_in(counted(commissioner, clock.today()))),
        "links": page_links(page, request.get_full_path()),
        "control": profile_of(commissioner),
    }
    return TemplateResponse(request, f"{FOLDER}/log.html", context)


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def release(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One release: each number, whether it is shown, and why not."""
    commissioner = _commissioner(request, code)
    found = or_404(selectors.release_with(commissioner, pk), "release")
    names = words.names_in(counted(commissioner, found.as_at))
    context = words.release_page(found, selectors.cells_of(found), names)
    return TemplateResponse(request, f"{FOLDER}/release.html", {"commissioner": commissioner, **context})


def _commissioner(request: HttpRequest, code: str) -> Commissioner:
    """The commissioner, where the user may see everyone its figures count: the log has the numbers as they are."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if not may_see_people(request.user, counted(commissioner, clock.today())):
        raise Http404("Some of the people behind these figures are another commissioner's")
    return commissioner
