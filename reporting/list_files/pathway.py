"""The list of the people behind a figure of pathway or quality, as a file: by the filters of its page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.list_files import Asked, ListRows
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.forms.pathway import PathwayPeopleForm
from reporting.presenters.pages import default_as_at
from reporting.presenters.pathway import MEASURES, period_words
from reporting.presenters.pathway_people import columns_behind
from reporting.rules.pathway import period_up_to
from reporting.selectors.dashboard import cohorts
from reporting.selectors.pathway import Walked, scales_answered
from reporting.selectors.pathway_people import ROWS_OF, PeopleBehind
from reporting.selectors.scope import counted, may_see_people

BY_CODE = {measure.code: measure for measure in MEASURES}


def pathway_people_list(asked: Asked) -> ListRows | None:
    """The people behind the figure that the address names: exactly as many as the figure says."""
    measure = BY_CODE.get(asked.query.get("measure", ""))
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if measure is None or measure.code not in ROWS_OF or commissioner is None:
        return None
    scales = scales_answered()
    form = PathwayPeopleForm(
        asked.query,
        measure=measure,
        scales=list(scales.items()),
        cohorts=cohorts(counted(commissioner, asked.today)),
        today=asked.today,
    )
    if not form.is_valid():
        return None
    as_at = form.as_at_or(default_as_at(commissioner, asked.today))
    scope = counted(commissioner, as_at, known_on=form.known_on_date(), only=form.only())
    if not may_see_people(asked.user, scope):
        return None
    walked = Walked(scope, period_up_to(scope.as_at, form.kind), asked.today)
    behind = PeopleBehind(measure, walked, **form.chosen())
    return ListRows(
        columns_behind(behind.rows, scales, known_on=scope.known_on),
        behind,
        [
            ("Figure", ": ".join([measure.label, *form.chosen_labels()])),
            ("Commissioner", f"{commissioner} ({commissioner.code})"),
            ("Period", period_words(walked.period)),
            ("Narrowed to", ". ".join(form.only_in_words()) or "Nothing"),
        ],
        {"measure": measure.code, **walked.as_query(), **form.chosen()},
        commissioner,
        batches=_in_batches,
    )


def _in_batches(rows: PeopleBehind, size: int) -> Iterator[Any]:
    """So many rows at a time, in the order of the page."""
    for first in range(0, len(rows), size):
        yield from rows[first : first + size]


def pathway_page(query: Mapping[str, str]) -> str:
    """The page of the list that an address of its file names."""
    left = {name: value for name, value in query.items() if name not in ("commissioner", "measure")}
    code, measure = query.get("commissioner", ""), query.get("measure", "")
    if not code or measure not in BY_CODE:
        return reverse("reporting:dashboards")
    return f"{reverse('reporting:pathway-people', args=[code, measure])}?{urlencode(left)}"
