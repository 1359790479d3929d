"""Writes of the equity lens: people counted by group, and tables of areas; and who is shown which of its numbers."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from offers.models import Cohort
from phb_register import audit, clock
from phb_register.bulk import analyse, copy_in, one_at_a_time
from phb_register.cells import tidy
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import check
from phb_register.spreadsheets import Table
from reporting.models import AreaTable, EligibleGroup, PostcodeArea, PracticeArea, Setting
from reporting.rules.area_rows import AreaFault, AreaRow, AreaWrong, find_columns, heading_fault, read_row
from reporting.rules.equity_groups import Characteristic, groups_to_count, is_group

MOST_FAULTS = 100
LONGEST_SOURCE = 300
_PROGRESS_EVERY = 20_000


@transaction.atomic
def record_group_counts(
    *,
    commissioner: Commissioner,
    by: User | None,
    cohort: Cohort | None,
    setting: str = Setting.COMMUNITY,
    counted_on: dt.date,
    characteristic: str,
    counts: Mapping[str, int],
    source: str,
) -> list[EligibleGroup]:
    """Record how many people of each group could have a budget: eligible in a cohort or, without one, the population.

    A count of the same group and date is replaced, and the row history keeps the old one; what is there already is
    left as it is. `by` is None for the demonstration only. Returns what was written. Raises `PermissionDenied`;
    `Refused` for a group that is none, and where there is nothing to record.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    which = Characteristic(characteristic)
    for group in counts:
        if not is_group(which, group):
            listed = (
                "Enter its name" if which == Characteristic.LOCALITY else f"Use: {', '.join(groups_to_count(which))}"
            )
            raise Refused(f"“{group}” is no group of {which.label.lower()}. {listed}", field="group")
    if not counts:
        raise Refused("Enter the people of at least one group", field="group")
    key = {
        "commissioner": commissioner,
        "cohort": cohort,
        "setting": Setting(setting) if cohort else "",
        "counted_on": counted_on,
        "characteristic": which,
    }
    one_at_a_time(f"group-counts-{commissioner.pk}")
    known = {each.group: each for each in EligibleGroup.objects.filter(**key)}
    written = []
    for group, people in counts.items():
        said = known.get(group) or EligibleGroup(**key, group=group)
        if (said.people, said.source) != (people, source.strip()):
            said.people, said.source = people, source.strip()
            said.save()
            written.append(said)
    if written:
        detail = {"characteristic": which.value, "counted_on": counted_on.isoformat(), "groups": len(written)}
        audit.record(actor=by, action="record-group-counts", subject=written[0], detail=detail)
    return written


@dataclass
class AreaImport:
    """What became of a file of areas: the `table` it made or had made before, or the first of its faults."""

    postcodes: int = 0
    practices: int = 0
    empty: int = 0
    fault_count: int = 0
    faults: list[AreaFault] = field(default_factory=list)
    table: AreaTable | None = None
    is_known: bool = False


def import_areas(
    *,
    commissioner: Commissioner,
    by: User | None,
    filename: str,
    content: bytes,
    applies_from: dt.date,
    source: str,
    is_dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> AreaImport:
    """Take a table of areas in, whole or not at all; the same file from the same day again changes nothing.

    `by` is None for the demonstration only. Raises `PermissionDenied`; `Refused` where the file is no table, or its
    headings are not enough. Rows to be put right come back as faults, and then nothing was imported.
    """
    if by is not None:
        check(by, Permission.MANAGE_SETTINGS, commissioner)
    source = tidy(source)
    if not source:
        raise Refused("Enter what the table is, and where it is published", field="source")
    if len(source) > LONGEST_SOURCE:
        raise Refused(f"Shorten the source to {LONGEST_SOURCE} characters", field="source")
    read = Table(content, filename)
    columns = find_columns(read.header)
    if fault := heading_fault(columns):
        raise Refused(fault, field="file")
    done = AreaImport()
    postcodes, practices = _rows(read, columns, done, progress)
    if done.fault_count or is_dry_run:
        return done
    if not postcodes and not practices:
        raise Refused("No row of the file says anything. Choose a file with areas in it", field="file")
    _write(done, commissioner, by, filename, content, applies_from, source, postcodes, practices)
    return done


def _rows(
    read: Table, columns: dict[str, int], done: AreaImport, progress: Callable[[int], None]
) -> tuple[dict[str, AreaRow], dict[str, AreaRow]]:
    """What the file says of postcodes and of practices; what is wrong with it goes into `done`."""
    postcodes: dict[str, AreaRow] = {}
    practices: dict[str, AreaRow] = {}
    for count, line in enumerate(read.rows(), start=1):
        if count % _PROGRESS_EVERY == 0:
            progress(count)
        try:
            row = read_row(line.cells, columns)
            if not row.is_told:
                done.empty += 1
                continue
            kept, column, key = (
                (postcodes, "postcode", row.postcode) if row.postcode else (practices, "gp_practice", row.gp_practice)
            )
            if kept.setdefault(key, row) != row:
                raise AreaWrong(column, f"{key} stands in the file twice, with different areas. Keep one of them")
        except AreaWrong as wrong:
            done.fault_count += 1
            if len(done.faults) < MOST_FAULTS:
                done.faults.append(AreaFault(line.number, wrong.column, str(wrong)))
    done.postcodes, done.practices = len(postcodes), len(practices)
    return postcodes, practices


@transaction.atomic
def _write(
    done: AreaImport,
    commissioner: Commissioner,
    by: User | None,
    filename: str,
    content: bytes,
    applies_from: dt.date,
    source: str,
    postcodes: dict[str, AreaRow],
    practices: dict[str, AreaRow],
) -> None:
    one_at_a_time(f"area-tables-{commissioner.pk}")
    key = {
        "commissioner": commissioner,
        "applies_from": applies_from,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    done.table = AreaTable.objects.filter(**key).first()
    if done.table is not None:
        done.is_known = True
        return
    done.table = table = AreaTable.objects.create(
        **key,
        source=source,
        filename=filename[:200],
        postcodes=len(postcodes),
        practices=len(practices),
        has_deprivation=any(row.quintile is not None for row in postcodes.values()),
        has_localities=any(row.locality for row in postcodes.values()),
        imported_by=by,
        imported_at=clock.now(),
    )
    copy_in(
        PostcodeArea,
        ["table_id", "postcode", "quintile", "locality"],
        ((table.pk, row.postcode, row.quintile, row.locality) for row in postcodes.values()),
    )
    copy_in(
        PracticeArea,
        ["table_id", "gp_practice", "locality"],
        ((table.pk, row.gp_practice, row.locality) for row in practices.values()),
    )
    analyse(PostcodeArea, PracticeArea)
    detail = {"sha256": table.sha256, "postcodes": table.postcodes, "practices": table.practices}
    audit.record(actor=by, action="import-areas", subject=table, detail=detail)
