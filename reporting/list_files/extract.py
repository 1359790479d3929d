"""The record-level extract as a list that can be taken as CSV or as a workbook."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from phb_register.list_files import Asked, ListFile, ListRows, list_files
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.forms.extract import ExtractForm
from reporting.presenters.extract import COLUMNS, in_words
from reporting.selectors.dashboard import cohorts
from reporting.selectors.extract import extract_of, extract_rows
from reporting.selectors.scope import counted, may_see_people

CODE = "extract"


def extract_list(asked: Asked) -> ListRows | None:
    """The rows that the page counts, for somebody who may see everyone in them."""
    commissioner = commissioner_for(asked.user, Permission.EXPORT_FIGURES, asked.query.get("commissioner", ""))
    if commissioner is None:
        return None
    form = ExtractForm(asked.query, cohorts=cohorts(counted(commissioner, asked.today)), today=asked.today)
    if not form.is_valid():
        return None
    scope = counted(commissioner, form.cleaned_data["last_on"])
    if not may_see_people(asked.user, scope):
        return None
    chosen = form.as_query()
    rows = extract_of(
        scope, form.cleaned_data["first_on"], cohort=chosen.get("cohort", ""), method=chosen.get("method", "")
    )
    batches = partial(extract_rows, last_on=scope.as_at)
    return ListRows(COLUMNS, rows, in_words(form.cleaned_data, commissioner), chosen, commissioner, batches=batches)


def _page(query: Mapping[str, str]) -> str:
    """The page of the extract, which says what is wrong with the filters."""
    rest = urlencode({name: value for name, value in query.items() if name != "commissioner"})
    if not query.get("commissioner"):
        return reverse("reporting:dashboards")
    return f"{reverse('reporting:extract', args=[query['commissioner']])}?{rest}"


def fill() -> None:
    """Declare it."""
    permissions = (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)
    list_files.add(ListFile(CODE, "Record-level extract", permissions, extract_list, _page))
