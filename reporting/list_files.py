"""The lists of this room that can be taken as files, each by the filters of its page."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from phb_register.tables import table_params
from reporting import equity_list_file, extract_list, figure_list_files, record_list_files, return_list_files
from reporting import measures as m
from reporting.forms.figures import PeopleForm
from reporting.pathway_list_file import pathway_page, pathway_people_list
from reporting.presenters.board_packs import PACK_COLUMNS
from reporting.presenters.pages import default_as_at
from reporting.presenters.people import columns_for
from reporting.selectors.board_packs import packs_for
from reporting.selectors.dashboard import cohorts
from reporting.selectors.known import as_known, batches_as_known
from reporting.selectors.people import people_rows
from reporting.selectors.scope import counted, may_see_people
from reporting.variation_list_file import variation_people_list, variation_people_page


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


def _figure_page(query: Mapping[str, str]) -> str:
    left = {name: value for name, value in query.items() if name not in ("commissioner", "measure")}
    code, measure = query.get("commissioner", ""), query.get("measure", "")
    if not code or measure not in m.MEASURES_BY_CODE:
        return reverse("reporting:dashboards")
    return f"{reverse('reporting:people', args=[code, measure])}?{urlencode(left)}"


def board_packs_list(asked: Asked) -> ListRows:
    """The board packs the user may read."""
    return rows_as_shown(packs_for(asked.user), lambda batch: table_params(PACK_COLUMNS, batch, caption=""))


def fill() -> None:
    """Declare the lists."""
    for each in (figure_list_files, return_list_files, record_list_files, equity_list_file, extract_list):
        each.fill()
    behind = (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)
    list_files.add(ListFile("people-behind", "People behind a figure", behind, people_behind_list, _figure_page))
    list_files.add(
        ListFile("pathway-people", "People on the way to a budget", behind, pathway_people_list, pathway_page)
    )
    list_files.add(
        ListFile("variation-people", "People behind variation", behind, variation_people_list, variation_people_page)
    )
    reads = (Permission.VIEW_BOARD_PACKS,)
    list_files.add(
        ListFile("board-packs", "Board packs", reads, board_packs_list, lambda query: reverse("reporting:board-packs"))
    )
