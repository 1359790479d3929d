"""Snapshots and returns, made through the services as the pages make them."""

import datetime as dt
from typing import Any

from phb_register.models import Commissioner, User
from reporting.services.snapshots import freeze, restate

QUARTER_CODE = "2026-27-q2"


def snapshot_records(commissioner: Commissioner, by: User) -> dict[str, dict[str, Any]]:
    """What the addresses of snapshots and returns are made of, by their names."""
    snapshot = freeze(commissioner=commissioner, as_at=dt.date(2026, 9, 30), by=by)
    frozen = {"code": commissioner.code, "reference": snapshot.reference}
    returned = {
        "code": commissioner.code,
        "quarter": QUARTER_CODE,
        "cell": "quarter_end-total-everybody",
        "basis": "quarter_end",
        "row": "total",
        "change": "joined",
    }
    return {
        "reporting:snapshot": frozen,
        "reporting:restate-figures": frozen,
        "reporting:return": returned,
        "reporting:submit-return": returned,
    }


def freeze_figures(commissioner: Commissioner, as_at: dt.date, by: User, reason: str = "") -> None:
    """Freeze figures; with a reason, restate them."""
    if reason:
        restate(commissioner=commissioner, as_at=as_at, by=by, reason=reason)
    else:
        freeze(commissioner=commissioner, as_at=as_at, by=by)
