"""Who is shown which numbers of the equity lens: as they are to the case team, fixed in the ledger to all others."""

from collections.abc import Callable, Mapping

from phb_register import clock
from phb_register.disclosure import Controlled
from phb_register.models import User
from reporting.equity_control import Cells
from reporting.ledger import Counts
from reporting.rules.pathway import last_whole_quarter
from reporting.selectors.equity_lens import EVERYBODY, Control, everybody_to_release, everything
from reporting.selectors.equity_release import as_counts
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.selectors.snapshots import latest_for
from reporting.services import releases


def control_for(user: User, scope: Counted, *, purpose: str) -> Control:
    """How the numbers are shown to a user."""
    return everything if may_see_people(user, scope) else published(scope, purpose=purpose, to=user)


def last_published(scope: Counted) -> Counted:
    """What everybody is shown of a date who may not see the people: the last whole quarter by then, as known when it
    was first shown. Fewer dates leave fewer differences between two to work small numbers out from."""
    return counted(scope.commissioner, last_whole_quarter(scope.as_at))


def published(scope: Counted, *, purpose: str, to: User | None) -> Control:
    """How they are shown to everybody who may not see the people: the same whoever asks, and when.

    The dashboard's figures are fixed before them, and everybody's before those of one cohort, which are part of them.
    """

    def show(part: str, count: Callable[[], Cells]) -> Mapping[str, Controlled]:
        def counts() -> Counts:
            releases.fix_figures(scope, purpose=purpose, to=to)
            return as_counts(count())

        found = releases.shown(scope.commissioner, scope.as_at, part, purpose=purpose, to=to, count=counts)
        snapshot = latest_for(scope.commissioner, scope.as_at)
        if snapshot is None or snapshot.number == 1 or found.known_at is None or snapshot.frozen_at <= found.known_at:
            return found.cells
        # A snapshot has no groups: they are counted anew, once, for the reason of its restatement.
        return releases.restate(
            scope.commissioner,
            scope.as_at,
            part,
            purpose=purpose,
            to=to,
            reason=snapshot.reason,
            known_at=clock.now(),
            count=lambda: (counts(), None),
        ).cells

    def control(part: str, count: Callable[[], Cells]) -> Mapping[str, Controlled]:
        everybody = show(EVERYBODY.part, lambda: everybody_to_release(scope))
        return everybody if part == EVERYBODY.part else show(part, count)

    return control


def fix(scope: Counted, *, purpose: str) -> None:
    """Fix the numbers of everybody for what is about to be published, after those of the dashboard."""
    published(scope, purpose=purpose, to=None)(EVERYBODY.part, lambda: everybody_to_release(scope))
