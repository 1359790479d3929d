"""The list of the people behind a number of the page of variation, as a file: by the filters of its page."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.list_files import Asked, ListRows
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.forms.variation import VariationPeopleForm
from reporting.presenters.variation.people import columns_behind, days_words
from reporting.rules.variation import Behind
from reporting.selectors.dashboard import cohorts
from reporting.selectors.known import as_known, batches_as_known
from reporting.selectors.scope import counted
from reporting.variation_people_asked import behind_asked


def variation_people_list(asked: Asked) -> ListRows | None:
    """The people behind the number that the address names: exactly as many as it says."""
    which, code = asked.query.get("which", ""), asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, code)
    if which not in set(Behind) or commissioner is None:
        return None
    behind = Behind(which)
    choices = cohorts(counted(commissioner, asked.today))
    form = VariationPeopleForm(asked.query, behind=behind, cohorts=choices, today=asked.today)
    if not form.is_valid() or (found := behind_asked(asked.user, behind, form, commissioner)) is None:
        return None
    return ListRows(
        columns_behind(behind, found.last),
        found.rows,
        [
            ("Figure", behind.label),
            ("Commissioner", f"{found.body} ({found.body.code})"),
            ("Days", days_words(found)),
            ("Narrowed to", ". ".join(form.only_in_words()) or "Nothing"),
        ],
        {"which": behind.value, **found.as_query()},
        found.body,
        batches=batches_as_known(found.scope.known_on),
        total_within=lambda: as_known(found.scope.known_on),
    )


def variation_people_page(query: Mapping[str, str]) -> str:
    """The page of the list that an address of its file names."""
    left = {name: value for name, value in query.items() if name not in ("commissioner", "which")}
    code, which = query.get("commissioner", ""), query.get("which", "")
    if not code or which not in set(Behind):
        return reverse("reporting:dashboards")
    return f"{reverse('reporting:variation-people', args=[code, which])}?{urlencode(left)}"
