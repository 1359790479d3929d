"""Showing the commissioners of a nation or a partnership beside each other to readers who may not see people."""

from phb_register.models import User
from phb_register.selectors.commissioners import members_on
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services.releases import fix_figures

PURPOSE = "commissioners"


def fix_members(user: User, scope: Counted) -> None:
    """Have the figures of each commissioner fixed that nobody was shown yet, as its own dashboard would.

    So the table of all of them and the dashboard of each say the same, and none tells what another hides.
    """
    if may_see_people(user, scope):
        return
    for member in members_on(scope.commissioner, scope.as_at):
        fix_figures(counted(member, scope.as_at), purpose=PURPOSE, to=user)
