"""The submitted return as its readers may see it."""

from typing import Any

from phb_register.disclosure import Controlled, Profile
from reporting.return_control import PART, counts_of, key_of
from reporting.selectors.returns import ReturnOn
from reporting.services import releases


def cells_for(user: Any, found: ReturnOn) -> tuple[dict[str, Controlled], Profile]:
    """The cells of a submitted return as somebody sees them who may not see people: fixed when they are first shown."""
    shown = releases.shown(
        found.scope.commissioner,
        found.quarter.end,
        PART,
        purpose="return",
        to=user,
        count=lambda: counts_of(found.cells, found.policy.breakdown),
    )
    return {code: shown.cells[key_of(code)] for code in found.cells}, shown.profile
