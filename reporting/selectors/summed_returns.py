"""The returns that the commissioners of a partnership, or of England, submitted for a quarter, and their sum."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from phb_register.disclosure import Controlled, Reason
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import members_on
from reporting.models import NationalReturn, ReleasedCell
from reporting.return_control import PUBLISHED, key_of
from reporting.rules.quarters import Quarter
from reporting.rules.returns import CELLS_BY_CODE
from reporting.selectors.releases import controlled

Cells = Mapping[str, Controlled]


@dataclass(frozen=True)
class Member:
    """A commissioner of the quarter's end with the last return that it submitted, and its cells for this reader.

    `may_be_read` says whether the reader may see this commissioner's own figures.
    """

    commissioner: Commissioner
    submitted: NationalReturn | None
    cells: Cells
    may_be_read: bool


@dataclass(frozen=True)
class Summed:
    """A cell added up over commissioners: of those whose number this reader sees, and how many others there are."""

    people: int
    hidden: int


@dataclass(frozen=True)
class SummedReturn:
    """The returns of a quarter added up. Nothing is in the sum that its reader does not see of one of them, so that it
    tells nothing more."""

    commissioner: Commissioner
    quarter: Quarter
    members: Sequence[Member]
    is_controlled: bool

    @property
    def submitted(self) -> list[Member]:
        """Those who have submitted."""
        return [each for each in self.members if each.submitted]

    @property
    def missing(self) -> list[Member]:
        """Those who have not."""
        return [each for each in self.members if not each.submitted]

    @property
    def leads_to_its_parts(self) -> bool:
        """Whether the reader may see the number of each commissioner in the sum."""
        return all(each.may_be_read for each in self.submitted)

    @cached_property
    def cells(self) -> dict[str, Summed]:
        """Every cell that the reader sees, by its code."""
        codes = [cell.code for cell in PUBLISHED] if self.is_controlled else list(CELLS_BY_CODE)
        return {code: self._summed([each.cells[code] for each in self.submitted]) for code in codes}

    @staticmethod
    def _summed(cells: Sequence[Controlled]) -> Summed:
        return Summed(sum(int(each.value or 0) for each in cells), sum(each.is_hidden for each in cells))


def submitted_returns(commissioner: Commissioner, quarter: Quarter) -> dict[int, NationalReturn]:
    """The last return of each commissioner that one of them adds up, by the commissioner's id."""
    members = members_on(commissioner, quarter.end)
    rows = (
        NationalReturn.objects.filter(snapshot__commissioner__in=members, snapshot__as_at=quarter.end)
        .select_related("snapshot__commissioner", "submitted_by")
        .order_by("snapshot__commissioner_id", "-snapshot__number")
        .distinct("snapshot__commissioner_id")
    )
    return {each.snapshot.commissioner_id: each for each in rows}


def summed_return(user: Any, commissioner: Commissioner, quarter: Quarter, *, is_controlled: bool) -> SummedReturn:
    """The returns of a quarter as a user sees them.

    To whoever may not see people they are what was released: `reporting.services.return_release.release_members` first.
    """
    submitted = submitted_returns(commissioner, quarter)
    shown = released_cells(submitted, quarter.end) if is_controlled else {}
    allowed = commissioner_ids(user, Permission.VIEW_FIGURES)
    members = [
        Member(each, found, _cells(found, shown.get(each.pk, {}), is_controlled), each.pk in allowed)
        for each in members_on(commissioner, quarter.end).order_by("name")
        for found in [submitted.get(each.pk)]
    ]
    return SummedReturn(commissioner, quarter, members, is_controlled)


def released_cells(ids: Mapping[int, object], quarter_end: dt.date) -> dict[int, dict[str, Controlled]]:
    """What readers were shown of the returns of these commissioners, in one read."""
    codes = {key_of(cell.code): cell.code for cell in PUBLISHED}
    rows = ReleasedCell.objects.filter(commissioner__in=ids, as_at=quarter_end, key__in=codes)
    found: dict[int, dict[str, Controlled]] = {}
    for body, key, value, state, profile in rows.order_by("number").values_list(
        "commissioner_id", "key", "value", "state", "release__profile"
    ):
        found.setdefault(body, {})[codes[key]] = controlled(value, state, profile)
    return found


def _cells(found: NationalReturn | None, shown: Cells, is_controlled: bool) -> Cells:
    if is_controlled or found is None:
        return shown
    return {code: Controlled(number, f"{number:,}", Reason.SHOWN) for code, number in found.cells.items()}
