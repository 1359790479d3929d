"""Board packs in each state, through the services."""

import datetime as dt
from typing import Any

from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from reporting.board_pack_states import PackPart
from reporting.board_packs import ReadPack
from reporting.models import BoardPack, DecisionWanted
from reporting.services.board_packs import make, plan, save_decision
from tests.factories.phb_register import UserFactory


def make_writer(commissioner: Commissioner) -> User:
    """Somebody of the PHB team."""
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=commissioner)


def make_member(commissioner: Commissioner) -> User:
    """Somebody of the governing body."""
    return UserFactory(role=Role.GOVERNING_BODY, role__commissioner=commissioner)


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


def wanted(pack: BoardPack, **changes: Any) -> DecisionWanted:
    """A decision that a planned pack asks for."""
    said = {"question": "Open the next phase", "recommendation": "Agree", "why": "It is ready"}
    return save_decision(pack=pack, by=pack.planned_by, **said | changes)


def bare_writer(pack: ReadPack, digest: str) -> bytes:
    """A document that names the pack, for tests of something else than the PDF, which takes a second to lay out."""
    return f"{pack.meeting} {digest}".encode()


def made_pack(commissioner: Commissioner, **changes: Any) -> BoardPack:
    """One that was made today, with a bare document."""
    return make(pack=planned_pack(commissioner, **changes), write_pdf=bare_writer)


def pack_records(commissioner: Commissioner, by: User) -> dict[str, dict[str, Any]]:
    """What the addresses of packs are made of, by their names."""
    decision = wanted(planned_pack(commissioner, by=by, meeting="Planned"))
    planned = {"reference": decision.pack.reference, "pk": decision.pk}
    made = {"reference": made_pack(commissioner, by=by).reference}
    steps = ("preview", "change", "make", "cancel", "withdraw")
    return {
        "reporting:board-pack": planned,
        "reporting:board-pack-pdf": made,
        **{f"reporting:{step}-board-pack": planned for step in steps},
        **{f"reporting:{step}-decision": planned for step in ("add", "change", "remove")},
    }
