"""The people or budgets behind a figure, as a file: by the filters of its page."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.list_files import Asked, ListRows
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting import measures as m
from reporting.forms.figures import PeopleForm
from reporting.presenters.pages import default_as_at
from reporting.presenters.people import columns_for
from reporting.selectors.dashboard import cohorts
from reporting.selectors.known import as_known, batches_as_known
from reporting.selectors.people import people_rows
from reporting.selectors.scope import counted, may_see_people


def people_behind_list(asked: Asked) -> ListRows | None:
    """The people or budgets behind the figure that the address names: exactly as many as the figure says."""
    measure = m.MEASURES_BY_CODE.get(asked.query.get("measure", ""))
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if measure is None or not measure.has_people or commissioner is None:
        return None
    choices = cohorts(counted(commissioner, asked.today))
    form = PeopleForm(asked.query, measure=measure, cohorts=choices, today=asked.today)
    if not form.is_valid():
        return None
    as_at = form.as_at_or(default_as_at(commissioner, asked.today))
    scope = counted(commissioner, as_at, known_on=form.known_on_date(), only=form.only())
    if not may_see_people(asked.user, scope):
        return None
    part = form.part_chosen()
    known = [("As known on", spoken_date(scope.known_on))] if scope.known_on else []
    return ListRows(
        columns_for(measure, scope.as_at),
        people_rows(measure, scope, part),
        [
            ("Figure", ": ".join([measure.label, *form.part_in_words()])),
            ("Commissioner", f"{commissioner} ({commissioner.code})"),
            ("As at the end of", spoken_date(scope.as_at)),
            *known,
            ("Narrowed to", ". ".join(form.only_in_words()) or "Nothing"),
        ],
        {"measure": measure.code, **scope.as_query(), **({"part": part} if part else {})},
        commissioner,
        batches=batches_as_known(scope.known_on),
        total_within=lambda: as_known(scope.known_on),
    )


def figure_page(query: Mapping[str, str]) -> str:
    """The page of the figure that an address of its file names."""
    left = {name: value for name, value in query.items() if name not in ("commissioner", "measure")}
    code, measure = query.get("commissioner", ""), query.get("measure", "")
    if not code or measure not in m.MEASURES_BY_CODE:
        return reverse("reporting:dashboards")
    return f"{reverse('reporting:people', args=[code, measure])}?{urlencode(left)}"
