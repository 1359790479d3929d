"""All reviews to come, as a list and a file; and what changed for many people."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from budgets.presenters import outcomes as outcome_words
from budgets.presenters import reviews as presenters
from budgets.review_filters import ReviewFilter
from budgets.selectors import outcomes as outcome_selectors
from budgets.selectors import reviews as selectors
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.dates import financial_year, last_month_end
from phb_register.presenters import page_links, spoken_date
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.tables import table_params
from phb_register.views.saved_filters import saving_context
from phb_register.views.support import page_of

LIST = "reviews"


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
        **saving_context(request, LIST),
    }
    return TemplateResponse(request, "budgets/reviews/reviews.html", context, status=422 if chosen.form.errors else 200)


@requires(Permission.VIEW_FIGURES)
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """What holders and carers say changed, by scale and cohort, in this financial year and the last: controlled."""
    user: Any = request.user
    profile = outcome_selectors.profile_for(user)
    today = clock.today() if profile is None else last_month_end(clock.today())
    first = financial_year(today - dt.timedelta(days=365)).start
    changes = outcome_selectors.outcome_changes(commissioner_ids(user, Permission.VIEW_FIGURES), first, today)
    context = {
        "period": f"{spoken_date(first)} to {spoken_date(today)}",
        "tables": outcome_words.changes_tables(outcome_selectors.shown_changes(changes, profile)),
        "control": profile.explanation if profile else "",
    }
    return TemplateResponse(request, "budgets/reviews/outcomes.html", context)
