"""Whether rows of another register fit ours: whose they are, whom they name, what they would stand beside."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from budgets.rules.agreement import day
from budgets.rules.register_import import RegisterRow
from budgets.selectors.register_imports import Identity, KnownPerson, Register
from phb_register.file_columns import RowProblem
from phb_register.models import Commissioner
from phb_register.services.people import HELD_ELSEWHERE


@dataclass(frozen=True)
class FittingRow:
    """A row that fits, with what it names. A person without a key is new."""

    row: RegisterRow
    person: KnownPerson
    is_new_person: bool
    commissioner: Commissioner
    cohort_id: int


class Misfit(Exception):
    """Why a row does not fit, with its column."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class Fitting:
    """What became of some rows: those that fit, what is wrong with others, and how many are in the register already."""

    rows: list[FittingRow]
    problems: list[RowProblem]
    already_there: int


def fit(register: Register, rows: Sequence[RegisterRow]) -> Fitting:
    """Fit rows into the register as it is now, each after those before it. A fixed number of reads."""
    known = register.fingerprints([row.fingerprint for row in rows])
    by_number, by_identity = register.people(
        {row.nhs_number for row in rows if row.nhs_number}, {row.born_on for row in rows}
    )
    people = _People(register, by_number, by_identity)
    fitting: list[FittingRow] = []
    problems: list[RowProblem] = []
    already_there = 0
    for row in rows:
        if row.fingerprint in known:
            already_there += 1
            continue
        try:
            fitting.append(_fit(register, people, row))
        except Misfit as misfit:
            problems.append(RowProblem(row.number, misfit.column, str(misfit)))
        else:
            # The same row again further down.
            known.add(row.fingerprint)
    return Fitting(fitting, problems, already_there)


def _fit(register: Register, people: "_People", row: RegisterRow) -> FittingRow:
    commissioner = register.commissioners.get(row.commissioner.upper())
    if commissioner is None:
        raise Misfit("commissioner", f"There is no commissioner with the code {row.commissioner}. Enter its ODS code")
    if commissioner.pk not in register.allowed_ids:
        raise Misfit("commissioner", f"You do not import for {commissioner.name}. Ask somebody who does")
    counts_from = row.agreed_on or row.referred_on
    if not commissioner.is_open_on(counts_from):
        raise Misfit(
            "commissioner",
            f"{commissioner.name} was not open on {day(counts_from)}. Enter the commissioner of that day",
        )
    cohort = register.cohorts.get(row.cohort)
    if cohort is None or (cohort.commissioner_ids is not None and commissioner.pk not in cohort.commissioner_ids):
        codes = ", ".join(sorted(code for code, each in register.cohorts.items() if each.commissioner_ids is None))
        raise Misfit("cohort", f"There is no cohort {row.cohort} for this commissioner. Enter one of these: {codes}")
    person = people.find(row, commissioner)
    is_new = person is None
    if person is None:
        person = people.add(row, commissioner)
    elif person.died_on is not None and person.died_on < row.referred_on:
        raise Misfit("referred_on", f"The person died on {day(person.died_on)}, before this date. Check both")
    first_day = row.first_day
    if first_day is not None:
        other = person.overlapping(cohort.pk, first_day, row.ended_on)
        if other is not None:
            raise Misfit(
                "started_on" if row.started_on else "agreed_on",
                f"This person has a budget in this cohort from {day(other)}, at the same time. "
                "Take one of them out, or correct its dates",
            )
        person.spells.setdefault(cohort.pk, []).append((first_day, row.ended_on))
    return FittingRow(row, person, is_new, commissioner, cohort.pk)


class _People:
    """Whom rows name, in the register or in rows before."""

    def __init__(
        self,
        register: Register,
        by_number: dict[str, KnownPerson],
        by_identity: dict[Identity, list[KnownPerson]],
    ) -> None:
        self._allowed = register.allowed_ids
        self._by_number = by_number
        self._by_identity = defaultdict(list, by_identity)

    def find(self, row: RegisterRow, commissioner: Commissioner) -> KnownPerson | None:
        """The person a row names; None where they are new. Raises `Misfit` where it may be another."""
        if row.nhs_number:
            return self._numbered(row)
        for person in self._by_identity[row.identity]:
            if person.commissioner_id != commissioner.pk:
                continue
            if person.nhs_number:
                raise Misfit(
                    "nhs_number",
                    "Somebody of this name and date of birth is known by an NHS number. Enter the number of this "
                    "person, or register them by hand if they are somebody else",
                )
            return person
        return None

    def _numbered(self, row: RegisterRow) -> KnownPerson | None:
        person = self._by_number.get(row.nhs_number)
        if person is None:
            return None
        if person.commissioner_id not in self._allowed:
            raise Misfit("nhs_number", HELD_ELSEWHERE)
        family_name, given_name, born_on = person.identity
        if born_on != row.born_on:
            raise Misfit("born_on", "Another date of birth is known for this NHS number. Check the number and the date")
        if family_name != row.family_name.casefold() and given_name != row.given_name.casefold():
            raise Misfit("family_name", "Another name is known for this NHS number. Check the number and the name")
        return person

    def add(self, row: RegisterRow, commissioner: Commissioner) -> KnownPerson:
        """Somebody new, who is known to the rows that follow."""
        person = KnownPerson(None, row.nhs_number, row.identity, commissioner.pk, None, {})
        if row.nhs_number:
            self._by_number[row.nhs_number] = person
        self._by_identity[row.identity].append(person)
        return person
