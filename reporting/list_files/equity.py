"""The people of one group of the equity lens as a file: exactly those of its page."""

from phb_register.list_files import Asked, ListFile, ListRows, list_files
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.asked import group_asked
from reporting.forms.equity import GroupForm
from reporting.list_files.figures import page_of_commissioner
from reporting.list_files.returns import BEHIND
from reporting.presenters.equity_pages import group_words, of_whom, people_columns
from reporting.selectors.equity_lens import cohorts_compared
from reporting.selectors.known import as_known, batches_as_known
from reporting.selectors.scope import counted


def people_of_group_list(asked: Asked) -> ListRows | None:
    """The people of the group that the address names."""
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if commissioner is None:
        return None
    choices = cohorts_compared(commissioner, is_controlled=False)
    form = GroupForm(asked.query, cohorts=choices, today=asked.today)
    if not form.is_valid() or (found := group_asked(asked.user, form, counted(commissioner, asked.today))) is None:
        return None
    scope = found.scope
    return ListRows(
        people_columns(scope.as_at),
        found.rows,
        [
            ("Group", group_words(found)),
            ("Of whom", of_whom(found)),
            ("Commissioner", f"{commissioner} ({commissioner.code})"),
            ("As at the end of", spoken_date(scope.as_at)),
            ("Narrowed to", ". ".join(form.only_in_words()) or "Nothing"),
        ],
        {**scope.as_query(), **form.chosen()},
        commissioner,
        batches=batches_as_known(scope.known_on),
        total_within=lambda: as_known(scope.known_on),
        as_at=scope.as_at,
    )


def fill() -> None:
    """Declare it."""
    page = page_of_commissioner("equity-people")
    list_files.add(ListFile("equity-people", "People of a group", BEHIND, people_of_group_list, page))
