"""Who saw and did what, for auditors."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from phb_register import audit
from phb_register.access import requires
from phb_register.filters import AccessLogFilter
from phb_register.presenters import ACCESS_LOG_COLUMNS, page_links
from phb_register.roles import Permission
from phb_register.selectors.access_log import access_log_for
from phb_register.tables import table_params
from phb_register.views.support import bounded_page_of


@requires(Permission.VIEW_ACCESS_LOG)
@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    """The entries, filtered, and whether the chain is whole."""
    found = AccessLogFilter(request.GET or None, queryset=access_log_for(request.user))
    page = bounded_page_of(request, found.qs)
    context = {
        "filter": found,
        "page": page,
        "table": table_params(ACCESS_LOG_COLUMNS, page, caption="Who saw and did what", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
        "broken_entry": audit.first_broken_entry(),
    }
    status = 422 if found.form.is_bound and found.form.errors else 200
    return TemplateResponse(request, "phb_register/access_log.html", context, status=status)
