"""The national return: submitting it, and recording the days on which the collection takes it."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import can, check
from reporting.frozen import fingerprint
from reporting.models import NationalReturn, ReturnWindow, Snapshot
from reporting.return_checks import Severity
from reporting.rules.quarters import Quarter
from reporting.selectors import records
from reporting.selectors.returns import FIRST_QUARTER, findings_of, return_of_snapshot, window_of
from reporting.selectors.scope import counted
from reporting.selectors.snapshots import latest_for, policy_of
from reporting.services.snapshots import freeze, restate


@transaction.atomic
def submit(*, commissioner: Commissioner, quarter: Quarter, by: User, reason: str = "") -> NationalReturn:
    """Submit the return of a quarter that is over: freeze its figures, keep every cell, and what the checks found.

    One that was submitted before is corrected by a further one, on restated figures. `reason` says why the warnings are
    right all the same, or why it is corrected. Raises `PermissionDenied`; `Refused` where a check stops it, a reason is
    missing, or nothing has changed since it was submitted.
    """
    check(by, Permission.FREEZE_FIGURES, commissioner)
    if not commissioner.is_body:
        raise Refused(f"{commissioner} makes no return: each of its commissioners does. Choose one of them")
    today = clock.today()
    if today <= quarter.end:
        raise Refused(f"{quarter} is not over. Submit its return from the day after its last")
    snapshot = _snapshot(commissioner, quarter, by, reason.strip())
    found = return_of_snapshot(snapshot, counted(commissioner, quarter.end))
    checked = findings_of(found, today)
    if stops := [each.text for each in checked if each.severity == Severity.STOPS]:
        raise Refused(f"{stops[0]}. Then submit the return")
    warnings = [{"code": each.code, "text": each.text} for each in checked if each.severity == Severity.WARNS]
    if warnings and not reason.strip():
        raise Refused("Enter why the return is right although the checks warn", field="reason")
    submitted = NationalReturn.objects.create(
        snapshot=snapshot,
        cells=found.cells,
        warnings=warnings,
        reason=reason.strip(),
        submitted_by=by,
        submitted_at=clock.now(),
        window=window_of(quarter),
        content_hash=fingerprint({"cells": found.cells, "snapshot": snapshot.content_hash}),
    )
    audit.record(
        actor=by,
        action="submit-return",
        subject=submitted,
        commissioner=commissioner,
        detail={"quarter": quarter.code, "number": snapshot.number, "warnings": [each["code"] for each in warnings]},
    )
    return submitted


def _snapshot(commissioner: Commissioner, quarter: Quarter, by: User, reason: str) -> Snapshot:
    """The snapshot it stands on: the last of the quarter where the register still says the same, else a new one."""
    last = latest_for(commissioner, quarter.end)
    if last is None:
        return freeze(commissioner=commissioner, as_at=quarter.end, by=by, reason=f"Return of {quarter}")
    scope = counted(commissioner, quarter.end)
    live = (*records.fingerprint_of(records.live(scope)), policy_of(scope))
    if live != (last.records, last.records_hash, last.policy):
        if not reason:
            raise Refused("The register has changed since the figures were frozen. Enter why", field="reason")
        return restate(commissioner=commissioner, as_at=quarter.end, by=by, reason=reason)
    if NationalReturn.objects.filter(snapshot=last).exists():
        raise Refused("This return was submitted, and nothing has changed since. There is nothing to submit again")
    return last


@transaction.atomic
def record_window(
    *, by: User | None, quarter: Quarter, opens_on: dt.date, closes_on: dt.date, source: str
) -> ReturnWindow:
    """Record the days on which the collection takes the return of a quarter, or put them right.

    `by` is None for the reference data. Raises `PermissionDenied`; `Refused` for days out of order.
    """
    if by is not None and not can(by, Permission.MANAGE_SETTINGS):
        raise PermissionDenied("Recording a window needs the permission to manage settings")
    if quarter < FIRST_QUARTER:
        raise Refused(f"The collection began with {FIRST_QUARTER}. Choose that quarter or a later one", field="quarter")
    if opens_on <= quarter.end:
        raise Refused("The window must open after the last day of the quarter", field="opens_on")
    if closes_on < opens_on:
        raise Refused("The window must close on or after the day it opens", field="closes_on")
    if not source.strip():
        raise Refused("Enter where the days are published", field="source")
    window, _ = ReturnWindow.objects.select_for_update().update_or_create(
        year=quarter.begins,
        quarter=quarter.number,
        defaults={"opens_on": opens_on, "closes_on": closes_on, "source": source.strip()},
    )
    audit.record(actor=by, action="record-return-window", subject=window, detail={"quarter": quarter.code})
    return window
