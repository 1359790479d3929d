"""Snapshots: freezing the figures of a date, and restating them with a reason. Nothing frozen is ever changed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import check
from reporting.frozen import FORMAT, fingerprint, keep, rows_of
from reporting.models import Snapshot
from reporting.selectors import records
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import Counted, counted
from reporting.selectors.snapshots import content_of, latest_for, names_of_parts, policy_of
from reporting.snapshot_parts import further_figures

#: How often the figures are counted again where somebody changed the register between two reads of it.
TRIES = 3
#: The table that the budgets are read into.
ASIDE = "snapshot_aside"


class _Moving(Exception):
    """The register changed between counting the figures and reading the budgets."""


@transaction.atomic
def freeze(*, commissioner: Commissioner, as_at: dt.date, by: User | None, reason: str = "") -> Snapshot:
    """The snapshot that counts of a date: the one there is, or one frozen now. Asking twice makes one.

    `by` is None where the register does it by itself. Raises `PermissionDenied`; `Refused` for a day to come.
    """
    _check(commissioner, as_at, by)
    return latest_for(commissioner, as_at) or _freeze(commissioner, as_at, by, reason)


@transaction.atomic
def restate(*, commissioner: Commissioner, as_at: dt.date, by: User, reason: str) -> Snapshot:
    """Freeze the figures of a date anew, as the register has them now. The snapshots before stay as they are.

    Raises `PermissionDenied`; `Refused` without a reason, where nothing was frozen, or where nothing has changed.
    """
    _check(commissioner, as_at, by)
    if not reason.strip():
        raise Refused("Enter why the figures are restated", field="reason")
    last = latest_for(commissioner, as_at)
    if last is None:
        raise Refused(f"Nothing was frozen as at {spoken_date(as_at)}. Freeze the figures first", field="as_at")
    again = _freeze(commissioner, as_at, by, reason.strip())
    if (again.records_hash, again.figures, again.policy) == (last.records_hash, last.figures, last.policy):
        raise Refused(f"Nothing has changed since snapshot {last.number}. It still says what the register says")
    return again


def _check(commissioner: Commissioner, as_at: dt.date, by: User | None) -> None:
    """Whether it may be frozen; and hold the commissioner, so that two do not take one number."""
    Commissioner.objects.select_for_update(no_key=True).get(pk=commissioner.pk)
    if by is not None:
        check(by, Permission.FREEZE_FIGURES, commissioner)
    if as_at > clock.today():
        raise Refused(f"{spoken_date(as_at)} is still to come. Choose a date up to today", field="as_at")


def _freeze(commissioner: Commissioner, as_at: dt.date, by: User | None, reason: str) -> Snapshot:
    last = latest_for(commissioner, as_at)
    scope = counted(commissioner, as_at)
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                snapshot = _write(scope, by=by, number=last.number + 1 if last else 1, reason=reason)
        except _Moving:
            if attempt == TRIES:
                raise Refused("The register is being changed just now. Freeze the figures again in a minute") from None
        else:
            break
    audit.record(
        actor=by,
        action="freeze-figures" if snapshot.number == 1 else "restate-figures",
        subject=snapshot,
        commissioner=commissioner,
        detail={"as_at": as_at.isoformat(), "number": snapshot.number, "content_hash": snapshot.content_hash},
    )
    return snapshot


def _write(scope: Counted, *, by: User | None, number: int, reason: str) -> Snapshot:
    """Read the budgets once, count the figures, and write both unless the register changed between the two."""
    live = records.live(scope)
    with _put_aside(live) as aside:
        number_of_records, digest = records.fingerprint_of(aside)
        figures = figures_for(scope)
        snapshot = Snapshot(
            commissioner=scope.commissioner,
            as_at=scope.as_at,
            number=number,
            frozen_at=clock.now(),
            frozen_by=by,
            reason=reason,
            policy=policy_of(scope),
            figures=[row.as_json() for row in (*rows_of(figures, names_of_parts()), *further_figures(scope))],
            counted={"format": FORMAT, "figures": keep(figures)},
            records=number_of_records,
            records_hash=digest,
        )
        if records.fingerprint_of(live) != (number_of_records, digest):
            raise _Moving
        snapshot.content_hash = fingerprint(content_of(snapshot))
        snapshot.save(force_insert=True)
        _insert(snapshot, aside)
    return snapshot


@contextmanager
def _put_aside(live: records.Records) -> Iterator[records.Records]:
    """The records in a table of this connection's own, so that what is fingerprinted is what is written."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {ASIDE} ON COMMIT DROP AS {live.sql}", live.params)
        yield records.Records(f"SELECT * FROM {ASIDE}", {}, live.as_at)  # noqa: S608
        cursor.execute(f"DROP TABLE {ASIDE}")


def _insert(snapshot: Snapshot, aside: records.Records) -> None:
    columns = ", ".join(records.COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reporting_snapshotrecord (snapshot_id, {columns}) "  # noqa: S608
            f"SELECT %(snapshot)s, {columns} FROM ({aside.sql}) AS aside",
            {"snapshot": snapshot.pk},
        )
