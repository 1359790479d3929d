"""All reviews to come, as a list and a file; and what changed for many people."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgets.presenters import outcomes as outcome_words
from budgets.presenters import reviews as presenters
from budgets.review_filters import ReviewFilter
from budgets.selectors import outcomes as outcome_selectors
from budgets.selectors import reviews as selectors
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.dates import financial_year
from phb_register.presenters import file_head, page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import can, commissioner_ids
from phb_register.tables import csv_stream, table_params
from phb_register.views.saved_filters import saving_context
from phb_register.views.support import page_of

LIST = "reviews"
ROWS_AT_A_TIME = 2000


@requires(Permission.VIEW_BUDGETS)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews to come of the budgets the user may see, the first due first."""
    user: Any = request.user
    today = clock.today()
    chosen = ReviewFilter(request.GET, selectors.reviews_due(user), user=user, today=today)
    page = page_of(request, chosen.qs.values_list("pk", flat=True))
    rows = selectors.with_budgets(list(page))
    audit.record_list(user, LIST, [due.phb.person for due in rows])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter_form": chosen.form,
        "forms": [chosen.form],
        "page": page,
        "rows": rows,
        "table": table_params(presenters.list_columns(today), rows, caption="Reviews to come", is_responsive=True),
        "links": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        "query": query.urlencode(),
        "can_export": can(user, Permission.EXPORT_FIGURES),
        **saving_context(request, LIST),
    }
    return TemplateResponse(request, "budgets/reviews/reviews.html", context, status=422 if chosen.form.errors else 200)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def reviews_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The filtered list as CSV: exactly the rows that the page counts. The export is logged."""
    user: Any = request.user
    if not can(user, Permission.EXPORT_FIGURES):
        raise PermissionDenied("The list's file is for those who may export")
    today = clock.today()
    rows = selectors.reviews_due(user, Permission.EXPORT_FIGURES).visible_to(user)
    chosen = ReviewFilter(request.GET, rows, user=user, today=today)
    if chosen.form.errors:
        return redirect(f"{reverse('budgets:reviews')}?{request.GET.urlencode()}")
    audit.record_export(user, LIST, commissioner=None, rows=chosen.qs.count(), filters=chosen.in_codes())
    lines = file_head("Reviews to come", chosen.in_words(), searched="", made_at=clock.now(), made_by=user)
    stream = csv_stream(presenters.file_columns(today), selectors.in_batches(chosen.qs, ROWS_AT_A_TIME), lines)
    headers = {"Content-Disposition": f'attachment; filename="reviews-{today}.csv"'}
    return StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.VIEW_FIGURES)
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """What holders and carers say changed, by scale and cohort, in this financial year and the last: controlled."""
    user: Any = request.user
    today = clock.today()
    first = financial_year(today - dt.timedelta(days=365)).start
    changes = outcome_selectors.outcome_changes(commissioner_ids(user, Permission.VIEW_FIGURES), first, today)
    context = {
        "period": f"{spoken_date(first)} to {spoken_date(today)}",
        "tables": outcome_words.changes_tables(outcome_selectors.shown_changes(changes, user)),
        "is_controlled": not can(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES),
    }
    return TemplateResponse(request, "budgets/reviews/outcomes.html", context)
