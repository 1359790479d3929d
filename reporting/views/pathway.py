"""The page of pathway and quality, and the people behind its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import Commissioner
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page, page_of
from reporting.forms.pathway import PathwayForm, PathwayPeopleForm
from reporting.measures import Measure
from reporting.presenters.pages import default_as_at
from reporting.presenters.pathway import MEASURES as OF_THE_PAGE
from reporting.presenters.pathway import PathwayLinks
from reporting.presenters.pathway_people import columns_behind, pathway_page, pathway_people_page
from reporting.rules.pathway import period_up_to
from reporting.selectors.dashboard import cohorts
from reporting.selectors.pathway import Walked, scales_answered
from reporting.selectors.pathway_people import ROWS_OF, PeopleBehind
from reporting.selectors.scope import counted, may_see_people
from reporting.services import pathway as service
from reporting.services.first_showings import FirstShowing
from reporting.views.support import being_fixed, showing, wrong_filter

MEASURES = {measure.code: measure for measure in OF_THE_PAGE}
PAGE = "reporting/pathway/pathway.html"


@requires(Permission.VIEW_FIGURES)
@require_safe
def pathway(request: HttpRequest, code: str) -> HttpResponse:
    """How people come to a budget, and how good it is: live for the case team, by whole quarters for others."""
    commissioner = commissioner_or_404(request, Permission.VIEW_FIGURES, code)
    today = clock.today()
    form = PathwayForm(request.GET, cohorts=cohorts(counted(commissioner, today)), today=today)
    if not form.is_valid():
        return wrong_filter(request, commissioner, form)
    asked = _asked(commissioner, form)
    if not may_see_people(request.user, asked.scope):
        return _for_others(request, asked, form)
    release = service.live(asked)
    links = PathwayLinks(commissioner, asked.as_query(), may_see_people=True)
    context = pathway_page(release, asked, links, only=form.narrowed_in_words())
    return form_page(request, PAGE, showing(form, asked.scope), context)


def _for_others(request: HttpRequest, asked: Walked, form: PathwayForm) -> HttpResponse:
    """The last whole quarter by the date asked for, as everybody else sees it."""
    form.for_everybody()
    if form.errors:
        return wrong_filter(request, asked.scope.commissioner, form)
    if waiting := being_fixed(request, asked.scope, FirstShowing.PATHWAY):
        return waiting
    release, shown = service.published(asked, purpose="dashboard", to=request.user)
    links = PathwayLinks(asked.scope.commissioner, {}, may_see_people=False)
    return form_page(request, PAGE, showing(form, asked.scope), pathway_page(release, asked, links, shown=shown))


@requires(Permission.VIEW_PEOPLE_BEHIND_FIGURES)
@require_safe
def people(request: HttpRequest, code: str, measure_code: str) -> HttpResponse:
    """The people behind a figure, exactly as many. The read is logged with whose records were shown."""
    commissioner = commissioner_or_404(request, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    measure = MEASURES.get(measure_code)
    if measure is None or measure_code not in ROWS_OF:
        raise Http404("No list of people stands behind this figure")
    scales = scales_answered()
    today = clock.today()
    now = counted(commissioner, today)
    form = PathwayPeopleForm(
        request.GET, measure=measure, scales=list(scales.items()), cohorts=cohorts(now), today=today
    )
    if not form.is_valid():
        return wrong_filter(request, commissioner, form)
    asked = _asked(commissioner, form)
    if not may_see_people(request.user, asked.scope):
        raise Http404("Some of the people behind this figure are another commissioner's")
    return _people_page(request, measure, asked, form, scales)


def _people_page(
    request: HttpRequest, measure: Measure, asked: Walked, form: PathwayPeopleForm, scales: dict[str, str]
) -> HttpResponse:
    behind = PeopleBehind(measure, asked, **form.chosen())
    page = page_of(request, behind)
    shown = list(page.object_list)
    _log(request, asked, measure, form.chosen(), sorted({row.person.pk for row in shown}))
    context = pathway_people_page(measure, asked, page, form.chosen_labels(), only=form.only_in_words())
    columns = columns_behind(behind.rows, scales, known_on=asked.scope.known_on)
    context["table"] = table_params(columns, shown, caption=context["heading"], is_responsive=True)
    context["links"] = page_links(page, request.get_full_path())
    context["measure_code"] = measure.code
    return form_page(request, "reporting/pathway/people.html", showing(form, asked.scope), context)


def _asked(commissioner: Commissioner, form: PathwayForm) -> Walked:
    today = clock.today()
    as_at = form.as_at_or(default_as_at(commissioner, today))
    scope = counted(commissioner, as_at, known_on=form.known_on_date(), only=form.only())
    return Walked(scope, period_up_to(scope.as_at, form.kind), today)


def _log(
    request: HttpRequest, asked: Walked, measure: Measure, chosen: dict[str, str], people_shown: list[int]
) -> None:
    audit.record(
        actor=request.user,
        action=audit.READ,
        commissioner=asked.scope.commissioner,
        detail={
            "what": f"people behind {measure.code}",
            **asked.as_query(),
            **chosen,
            "people": people_shown,
        },
    )
