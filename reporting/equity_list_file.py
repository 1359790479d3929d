"""The people of one group of the equity lens as a file: exactly those of its page."""

from phb_register.list_files import Asked, ListFile, ListRows, list_files
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.asked import known_scope
from reporting.figure_list_files import page_of_commissioner
from reporting.forms.equity import GroupForm
from reporting.presenters.equity_pages import group_words, of_whom, people_columns
from reporting.return_list_files import BEHIND
from reporting.selectors.denominators import cohorts_to_choose
from reporting.selectors.equity import people_in_group
from reporting.selectors.known import as_known, batches_as_known
from reporting.selectors.scope import may_see_people


def people_of_group_list(asked: Asked) -> ListRows | None:
    """The people of the group that the address names."""
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if commissioner is None:
        return None
    form = GroupForm(asked.query, cohorts=list(cohorts_to_choose(commissioner)), today=asked.today)
    if not form.is_valid():
        return None
    scope = known_scope(form, commissioner, asked.today)
    if not may_see_people(asked.user, scope):
        return None
    of = (form.chosen_characteristic, form.cleaned_data["group"])
    known = [("As known on", spoken_date(scope.known_on))] if scope.known_on else []
    with as_known(scope.known_on):
        rows = people_in_group(scope, form.chosen_cohort, *of)
    return ListRows(
        people_columns(scope.as_at),
        rows,
        [
            ("Group", group_words(*of)),
            ("Of whom", of_whom(form.chosen_cohort)),
            ("Commissioner", f"{commissioner} ({commissioner.code})"),
            ("As at the end of", spoken_date(scope.as_at)),
            *known,
        ],
        {**form.chosen(), **scope.as_query()},
        commissioner,
        batches=batches_as_known(scope.known_on),
        total_within=lambda: as_known(scope.known_on),
        as_at=scope.as_at,
    )


def fill() -> None:
    """Declare it."""
    page = page_of_commissioner("equity-people")
    list_files.add(ListFile("equity-people", "People of a group", BEHIND, people_of_group_list, page))
