"""Whose people a form asks for, of the page of variation: by the same rule for the list and its file."""

from typing import Any

from phb_register import clock
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.forms.variation import VariationPeopleForm
from reporting.presenters.pages import default_as_at
from reporting.rules.variation import Behind
from reporting.selectors.scope import counted, may_see_people
from reporting.selectors.variation_people import PeopleBehind, people_behind


def behind_asked(
    user: Any, behind: Behind, form: VariationPeopleForm, commissioner: Commissioner
) -> PeopleBehind | None:
    """The list that a form which was found right asks for; None where the user may not see everybody in it."""
    as_at = form.as_at_or(default_as_at(commissioner, clock.today()))
    scope = counted(commissioner, as_at, known_on=form.known_on_date(), only=form.only())
    of = form.cleaned_data.get("of") or commissioner.code
    body = commissioner_for(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, of)
    if body is None or not all(may_see_people(user, each) for each in (scope, counted(body, as_at))):
        return None
    return people_behind(
        behind, scope, first=form.cleaned_data.get("first"), last=form.cleaned_data.get("last"), body=body
    )
