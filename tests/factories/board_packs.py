"""Board packs in each state, through the services."""

import datetime as dt
from typing import Any

from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from reporting.board_pack_states import PackPart
from reporting.models import BoardPack
from reporting.presenters.board_packs import write_pdf
from reporting.services.board_packs import make, plan
from tests.factories.phb_register import UserFactory


def make_writer(commissioner: Commissioner) -> User:
    """Somebody of the PHB team."""
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)


def planned_pack(commissioner: Commissioner, *, by: User | None = None, **changes: Any) -> BoardPack:
    """A pack with every part, due today, for a meeting in a week."""
    today = clock.today()
    planned = {
        "meeting": "Governing body",
        "meets_on": today + dt.timedelta(days=7),
        "as_at": today,
        "make_on": today,
        "parts": PackPart.values,
    }
    return plan(commissioner=commissioner, by=by or make_writer(commissioner), **planned | changes)


def made_pack(commissioner: Commissioner, **changes: Any) -> BoardPack:
    """One that was made today."""
    return make(pack=planned_pack(commissioner, **changes), write_pdf=write_pdf)
