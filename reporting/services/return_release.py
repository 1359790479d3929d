"""The submitted return as its readers may see it who may not see people."""

import datetime as dt
from dataclasses import dataclass

from phb_register.disclosure import Controlled, Profile
from phb_register.models import Commissioner, User
from reporting.ledger import Counts, Shown
from reporting.models import NationalReturn
from reporting.return_control import PART, PUBLISHED, counts_of, key_of
from reporting.rules.quarters import Quarter
from reporting.selectors.return_releases import in_place_beside, shown_as_known_at
from reporting.selectors.returns import ReturnOn, return_on
from reporting.selectors.summed_returns import submitted_returns
from reporting.services import releases


@dataclass(frozen=True)
class ReleasedReturn:
    """The cells of a submitted return, what was hidden of them by which profile, and why they were corrected."""

    cells: dict[str, Controlled]
    profile: Profile
    reason: str


def released(user: User, found: ReturnOn, submitted: NationalReturn) -> ReleasedReturn:
    """A submitted return: fixed when it is first shown, and restated where a correction was submitted since."""
    shown = _shown(user, found, submitted)
    cells = {cell.code: shown.cells[key_of(cell.code)] for cell in PUBLISHED}
    return ReleasedReturn(cells, shown.profile, shown.reason)


def release_members(user: User, commissioner: Commissioner, quarter: Quarter, today: dt.date) -> None:
    """Have the submitted returns of a partnership's commissioners, or of England's, fixed that nobody was shown yet."""
    submitted = submitted_returns(commissioner, quarter)
    known_at = shown_as_known_at(submitted, quarter.end)
    for body, each in submitted.items():
        if body not in known_at or known_at[body] < each.snapshot.frozen_at:
            _shown(user, return_on(each.snapshot.commissioner, quarter, today), each)


def _shown(user: User, found: ReturnOn, submitted: NationalReturn) -> Shown:
    commissioner, as_at, snapshot = found.scope.commissioner, found.quarter.end, submitted.snapshot

    def counts() -> Counts:
        in_place = in_place_beside(snapshot)
        return counts_of(found.cells, found.policy.breakdown, found.quarter.year, in_place)

    first = releases.shown(commissioner, as_at, PART, purpose="return", to=user, count=counts)
    if first.known_at is None or first.known_at >= snapshot.frozen_at:
        return first
    return releases.restate(
        commissioner,
        as_at,
        PART,
        purpose="return",
        to=user,
        reason=submitted.reason or snapshot.reason,
        known_at=snapshot.frozen_at,
        count=lambda: (counts(), None),
    )
