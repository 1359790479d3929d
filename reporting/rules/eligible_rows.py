"""Reading rows of a file of eligible people: which columns there are, what a cell may hold, how a row fits. Pure.

A row counts everybody eligible in a cohort or, with a characteristic, one group of them; of a group without a cohort,
people of the whole population.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from phb_register.cells import CellWrong, one_of, read_code, read_count, read_day, word
from phb_register.file_columns import Column, FileColumns, RowProblem
from reporting.rules.equity_groups import Characteristic, groups_to_count, is_group

CHC = "chc"
COMMUNITY, CARE_HOME = "community", "care_home"
_SETTINGS: Mapping[str, str] = {
    "community": COMMUNITY,
    "the_community": COMMUNITY,
    "home": COMMUNITY,
    "at_home": COMMUNITY,
    "care_home": CARE_HOME,
    "care_homes": CARE_HOME,
}
LONGEST_SOURCE = 300
LONGEST_GROUP = 80


def read_setting(text: str) -> str:
    """Where the people counted live."""
    found = _SETTINGS.get(word(text))
    if found is None:
        raise CellWrong("Enter community or care_home")
    return found


def read_source(text: str) -> str:
    """Where a count comes from."""
    if len(text) > LONGEST_SOURCE:
        raise CellWrong(f"Shorten the source to {LONGEST_SOURCE} characters")
    return text


def read_group(text: str) -> str:
    """A group of a characteristic; whether it is one depends on the characteristic."""
    if len(text) > LONGEST_GROUP:
        raise CellWrong(f"Shorten the name of the group to {LONGEST_GROUP} characters")
    return text


COLUMNS = FileColumns(
    (
        Column("commissioner", "Commissioner", read_code, "QK1", True, ("ccg", "icb", "organisation code")),
        Column("cohort", "Cohort", read_code, CHC),
        Column("counted_on", "Counted on", read_day, "2026-09-30", True, ("date", "as at")),
        Column("setting", "Setting", read_setting, COMMUNITY, also=("lives in", "where they live")),
        Column("people", "People", read_count, "848", True, ("eligible", "count", "people eligible")),
        Column("fast_track_people", "Of them, fast track", read_count, "380", also=("fast track",)),
        Column("source", "Source", read_source, "Our list of people eligible", True),
        Column("characteristic", "Characteristic", one_of(Characteristic), ""),
        Column("group", "Group", read_group, ""),
    )
)


@dataclass(frozen=True, slots=True)
class EligibleRow:
    """One count: of everybody eligible, or of one group where it has a `characteristic`.

    `cohort` and `setting` are empty where a group of the whole population is counted.
    """

    number: int
    commissioner: str
    cohort: str
    setting: str
    counted_on: dt.date
    people: int
    fast_track_people: int
    source: str
    characteristic: str = ""
    group: str = ""

    @property
    def key(self) -> tuple[Any, ...]:
        """What is counted: two rows with the same say something of the same count."""
        return (
            self.commissioner, self.cohort, self.setting, self.counted_on, self.characteristic, self.group
        )  # fmt: skip

    @property
    def said(self) -> dict[str, Any]:
        """What the row says of it. A group has no number on fast track."""
        fast_track = {} if self.characteristic else {"fast_track_people": self.fast_track_people}
        return {"people": self.people, **fast_track, "source": self.source}


def read_row(number: int, given: Mapping[str, str], *, today: dt.date) -> tuple[EligibleRow | None, list[RowProblem]]:
    """A row by its columns' names. Either what it says, or everything that is wrong with it."""
    read, problems = COLUMNS.read(number, given)
    wrong_cells = {problem.column for problem in problems}
    problems += [
        RowProblem(number, column, message) for column, message in _misfits(read, today) if column not in wrong_cells
    ]
    if problems:
        return None, problems
    is_population = "characteristic" in read and "cohort" not in read
    return (
        EligibleRow(
            number=number,
            commissioner=read["commissioner"].upper(),
            cohort=read.get("cohort", "").lower(),
            setting="" if is_population else read.get("setting", COMMUNITY),
            counted_on=read["counted_on"],
            people=read["people"],
            fast_track_people=read.get("fast_track_people", 0),
            source=read["source"],
            characteristic=str(read.get("characteristic", "")),
            group=read.get("group", ""),
        ),
        [],
    )


def _misfits(read: Mapping[str, Any], today: dt.date) -> list[tuple[str, str]]:
    """What does not fit together, as (column, remedy)."""
    found: list[tuple[str, str]] = []
    if "counted_on" in read and read["counted_on"] > today:
        found.append(("counted_on", "Enter a date that is today or in the past"))
    return found + (_group(read) if "characteristic" in read or "group" in read else _everybody(read))


def _everybody(read: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if "cohort" not in read:
        found.append(("cohort", "Enter the cohort"))
    if read.get("cohort", "").lower() == CHC and "fast_track_people" not in read:
        found.append(("fast_track_people", "Enter how many of them are on fast track, 0 where none is"))
    if read.get("fast_track_people", 0) > read.get("people", read.get("fast_track_people", 0)):
        found.append(("fast_track_people", f"Fast track cannot be more than the people eligible, {read['people']:,}"))
    return found


def _group(read: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if "fast_track_people" in read:
        found.append(("fast_track_people", "Leave this out: fast track is not counted by group"))
    if "setting" in read and "cohort" not in read:
        found.append(("setting", "Leave this out: without a cohort the whole population is counted"))
    if "characteristic" not in read:
        return [*found, ("characteristic", "Enter the characteristic that the group belongs to")]
    which = Characteristic(read["characteristic"])
    if "group" not in read:
        found.append(("group", f"Enter the group of {which.label.lower()}"))
    elif not is_group(which, read["group"]):
        listed = ", ".join(groups_to_count(which)) if which != Characteristic.LOCALITY else "the name of a locality"
        found.append(("group", f"Enter one of these: {listed}"))
    return found
