"""The lists of this room that can be taken as files, each by the filters of its page."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from eligibility.forms.listing import ReferralFilter
from eligibility.forms.resource_implications import PeopleFilterForm
from eligibility.models import ResourceImplications
from eligibility.presenters.referrals import file_columns
from eligibility.presenters.resource_implications import PEOPLE_COLUMNS, file_words
from eligibility.presenters.transfers import transfers_table
from eligibility.selectors.referrals import newest_first, referrals_for
from eligibility.selectors.resource_implications import implications_for, may_see_people, people_of, rows_of
from eligibility.selectors.team import team_beside
from eligibility.selectors.transfers import shows_name, transfers_for
from phb_register.filters import in_codes, in_words
from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.roles import Permission


def referrals_list(asked: Asked) -> ListRows | None:
    """The referrals, filtered and searched."""
    rows = referrals_for(asked.user, asked.words).visible_to(asked.user, Permission.EXPORT_FIGURES)
    team = team_beside(asked.user, asked.today)
    # Of the request, the filters ask only who the user is.
    request = cast(HttpRequest, asked)
    chosen = ReferralFilter(asked.query, rows, request=request, team=team, today=asked.today)
    if not chosen.form.is_valid():
        return None
    return ListRows(file_columns(), newest_first(chosen.qs), in_words(chosen.form), in_codes(chosen.form))


def transfers_list(asked: Asked) -> ListRows:
    """The transfers from and to the user's commissioners; of those still asked for, without the name."""

    def table(batch: list[Any]) -> dict[str, Any]:
        return transfers_table(batch, "", shows_name=lambda row: shows_name(asked.user, row))

    return rows_as_shown(transfers_for(asked.user), table)


def people_of_implications(asked: Asked) -> ListRows | None:
    """The people behind the resource implications that the address names."""
    run = _implications(asked)
    if run is None or not run.is_finished or not may_see_people(asked.user, run):
        return None
    form = PeopleFilterForm(asked.query, rows_of(run))
    if not form.is_valid():
        return None
    filters = form.chosen()
    return ListRows(
        PEOPLE_COLUMNS,
        people_of(asked.user, run, **filters),
        file_words(run, filters),
        {"implications": str(run.reference), **filters},
        run.commissioner,
    )


def _implications(asked: Asked) -> ResourceImplications | None:
    try:
        return implications_for(asked.user, UUID(asked.query.get("run", "")))
    except ValueError:
        return None


def _implications_page(query: Mapping[str, str]) -> str:
    try:
        address = reverse("eligibility:resource-implications-people", args=[UUID(query.get("run", ""))])
    except ValueError:
        return reverse("eligibility:rule-sets")
    return f"{address}?{urlencode({name: value for name, value in query.items() if name != 'run'})}"


def fill() -> None:
    """Declare the lists."""
    decides = (Permission.DECIDE_REFERRALS, Permission.EXPORT_FIGURES)
    list_files.add(
        ListFile(
            "referrals",
            "Referrals",
            (Permission.VIEW_REFERRALS, Permission.EXPORT_FIGURES),
            referrals_list,
            _page("eligibility:referrals"),
        )
    )
    behind = (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)
    title = "People behind resource implications"
    list_files.add(ListFile("resource-implications", title, behind, people_of_implications, _implications_page))
    list_files.add(ListFile("transfers", "Transfers", decides, transfers_list, _page("eligibility:transfers")))


def _page(url_name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda query: f"{reverse(url_name)}?{urlencode(query)}"
