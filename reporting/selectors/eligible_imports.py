"""What an import of eligible people asks of the register: whose counts may be written, and what stands there now."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from offers.models import Cohort
from phb_register import clock
from phb_register.file_columns import RowProblem, too_many_cells
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.spreadsheets import Table, TableRefused
from reporting.models import EligibleGroup, EligibleImport, EligiblePopulation
from reporting.rules.eligible_rows import COLUMNS, EligibleRow, read_row

Count = EligiblePopulation | EligibleGroup
#: Rows shown before an import, and after it.
MOST_PREVIEWED = 50


@dataclass(frozen=True)
class FittingRow:
    """A row that may be written: what it counts as the tables have it, and the count there is now."""

    row: EligibleRow
    key: dict[str, Any]
    count: Count | None

    @property
    def before(self) -> dict[str, Any] | None:
        """What stands there now; None where nothing does."""
        return None if self.count is None else {name: getattr(self.count, name) for name in self.row.said}

    @property
    def changes_nothing(self) -> bool:
        """Whether the count says what the row says."""
        return self.before == self.row.said


@dataclass
class Fitting:
    """Rows of a chunk: those to write, how many are there already, and what is wrong with the others."""

    rows: list[FittingRow] = field(default_factory=list)
    already_there: int = 0
    problems: list[RowProblem] = field(default_factory=list)


class Denominators:
    """The numbers of eligible people as an import by a user may write them; each row of a file is seen once."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._seen: dict[tuple[Any, ...], EligibleRow] = {}
        self._cohorts: dict[int, dict[str, int]] = {}

    @cached_property
    def commissioners(self) -> dict[str, Commissioner]:
        """Every commissioner and partnership by its code."""
        return {each.code.upper(): each for each in Commissioner.objects.all()}

    @cached_property
    def allowed_ids(self) -> frozenset[int]:
        """Those whose numbers the user keeps."""
        return commissioner_ids(self._user, Permission.MANAGE_SETTINGS)

    def fit(self, rows: Sequence[EligibleRow], *, hold: bool = False) -> Fitting:
        """Which rows may be written, which are there already, which are wrong. `hold` locks the counts there are."""
        found = Fitting()
        keys: list[tuple[EligibleRow, dict[str, Any]]] = []
        for row in rows:
            fault, key = self._key(row)
            if fault is not None:
                found.problems.append(RowProblem(row.number, *fault))
            elif self._is_new_here(row, found):
                keys.append((row, key))
        there = _counts_at(keys, hold=hold)
        for row, key in keys:
            fitting = FittingRow(row, key, there.get(_identity(row, key)))
            if fitting.changes_nothing:
                found.already_there += 1
            else:
                found.rows.append(fitting)
        return found

    def _key(self, row: EligibleRow) -> tuple[tuple[str, str] | None, dict[str, Any]]:
        """What a row counts, as the tables have it, or what is wrong with it as (column, remedy)."""
        commissioner = self.commissioners.get(row.commissioner)
        if commissioner is None:
            return ("commissioner", f"There is no commissioner {row.commissioner}. Enter its ODS code"), {}
        if commissioner.pk not in self.allowed_ids:
            said = f"You do not keep the numbers of {commissioner.name}. Ask somebody who does"
            return ("commissioner", said), {}
        if not commissioner.is_open_on(row.counted_on):
            said = f"{commissioner.name} did not exist on that day. Enter the commissioner of the day, or another date"
            return ("counted_on", said), {}
        cohort_id = self._cohorts_of(commissioner).get(row.cohort) if row.cohort else None
        if row.cohort and cohort_id is None:
            known = ", ".join(self._cohorts_of(commissioner))
            return ("cohort", f"There is no cohort {row.cohort}. Enter one of these: {known}"), {}
        key = {
            "commissioner_id": commissioner.pk,
            "cohort_id": cohort_id,
            "setting": row.setting,
            "counted_on": row.counted_on,
        }
        if row.characteristic:
            key |= {"characteristic": row.characteristic, "group": row.group}
        return None, key

    def _cohorts_of(self, commissioner: Commissioner) -> dict[str, int]:
        if commissioner.pk not in self._cohorts:
            rows = Cohort.objects.used_by([commissioner.pk])
            self._cohorts[commissioner.pk] = dict(rows.values_list("code", "pk"))
        return self._cohorts[commissioner.pk]

    def _is_new_here(self, row: EligibleRow, found: Fitting) -> bool:
        """Whether no row before counts the same; one that says the same again is passed over, another is a fault."""
        before = self._seen.setdefault(row.key, row)
        if before is row:
            return True
        if before.said == row.said:
            found.already_there += 1
        else:
            said = f"Row {before.number} has another number for the same people and day. Keep one of the two"
            found.problems.append(RowProblem(row.number, "people", said))
        return False


def read_rows(
    table: Table, columns: dict[str, str], rows: Iterable[Any], *, today: dt.date
) -> tuple[list[EligibleRow], list[RowProblem]]:
    """The rows of a chunk that can be read, and what is wrong with the others."""
    places = COLUMNS.places(columns, table.header)
    read: list[EligibleRow] = []
    problems: list[RowProblem] = []
    for each in rows:
        if len(each.cells) > len(table.header):
            problems.append(too_many_cells(each.number, len(each.cells), len(table.header)))
            continue
        given = {column: each.cells[place] for column, place in places.items()}
        row, wrong = read_row(each.number, given, today=today)
        problems += wrong
        if row is not None:
            read.append(row)
    return read, problems


@dataclass(frozen=True)
class Change:
    """What a row did, or would do: of what count, from what to what."""

    number: int
    of: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any]


def changes_of(eligible_import: EligibleImport, user: User) -> list[Change]:
    """What the first rows of an import wrote or, before it, would write."""
    written = eligible_import.rows.select_related(
        "count__commissioner", "count__cohort", "group_count__commissioner", "group_count__cohort"
    )
    found = [
        Change(each.number, _described(each.count or each.group_count), each.before, each.after)
        for each in written[:MOST_PREVIEWED]
    ]
    file = getattr(eligible_import, "file", None)
    if found or file is None:
        return found
    try:
        table = Table(bytes(file.content), eligible_import.filename)
        chunk = list(islice(table.rows(), MOST_PREVIEWED))
    except TableRefused:  # the check has said so
        return []
    rows, _ = read_rows(table, eligible_import.columns, chunk, today=clock.today())
    fitting = Denominators(user).fit(rows)
    return [
        Change(
            each.row.number,
            {
                "commissioner": each.row.commissioner,
                "cohort": each.row.cohort,
                "setting": each.row.setting,
                "counted_on": each.row.counted_on,
                "characteristic": each.row.characteristic,
                "group": each.row.group,
            },
            each.before,
            each.row.said,
        )
        for each in fitting.rows
    ]


def _described(count: Any) -> dict[str, Any]:
    return {
        "commissioner": count.commissioner.code,
        "cohort": count.cohort.code if count.cohort else "",
        "setting": count.setting,
        "counted_on": count.counted_on,
        "characteristic": getattr(count, "characteristic", ""),
        "group": getattr(count, "group", ""),
    }


def _counts_at(keys: Sequence[tuple[EligibleRow, dict[str, Any]]], *, hold: bool) -> dict[tuple[Any, ...], Count]:
    """The counts there are for these rows."""
    found: dict[tuple[Any, ...], Count] = {}
    for model in (EligiblePopulation, EligibleGroup):
        wanted = [key for row, key in keys if bool(row.characteristic) == (model is EligibleGroup)]
        if not wanted:
            continue
        rows: Any = model.objects.filter(
            commissioner__in={key["commissioner_id"] for key in wanted},
            counted_on__in={key["counted_on"] for key in wanted},
        )
        rows = rows.order_by("pk").select_for_update() if hold else rows
        for each in rows:
            found[_identity_of(each)] = each
    return found


def _identity(row: EligibleRow, key: dict[str, Any]) -> tuple[Any, ...]:
    return (
        key["commissioner_id"], key["cohort_id"], row.setting, row.counted_on, row.characteristic, row.group
    )  # fmt: skip


def _identity_of(count: Any) -> tuple[Any, ...]:
    return (
        count.commissioner_id,
        count.cohort_id,
        str(count.setting),
        count.counted_on,
        str(getattr(count, "characteristic", "")),
        getattr(count, "group", ""),
    )
