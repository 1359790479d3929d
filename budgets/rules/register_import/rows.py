"""A whole row of another register: its cells read, and how they fit together."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.enums import EndReason, Funder, LivesIn, Method
from budgets.rules.agreement import MethodAmount, Share
from phb_register.enums import EthnicCategory, Sex
from phb_register.file_columns import RowProblem

from .columns import COLUMNS

#: Who pays beside the NHS is named on a budget; a register that was imported does not say it.
BODY_NOT_NAMED = "Not named in the imported register"
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person's referral and, once it is agreed, budget, as a row of another register tells it.

    Money in pounds a year. `fingerprint` is the same for rows that say the same, however they are written.
    """

    number: int
    fingerprint: str
    nhs_number: str
    family_name: str
    given_name: str
    born_on: dt.date
    sex: Sex
    ethnic_category: EthnicCategory
    postcode: str
    gp_practice: str
    commissioner: str
    cohort: str
    is_fast_track: bool
    lives_in: LivesIn
    referred_on: dt.date
    agreed_on: dt.date | None
    started_on: dt.date | None
    ended_on: dt.date | None
    end_reason: EndReason | None
    annual_amount: Decimal | None
    previous_annual_amount: Decimal | None
    methods: tuple[MethodAmount, ...]
    shares: tuple[Share, ...]
    is_split_unknown: bool = False

    @property
    def first_day(self) -> dt.date | None:
        """The day from which the budget counts against another of the same cohort."""
        return self.started_on or self.agreed_on

    @property
    def identity(self) -> tuple[str, str, dt.date]:
        """By which somebody without an NHS number is told from others."""
        return (self.family_name.casefold(), self.given_name.casefold(), self.born_on)


def read_row(number: int, given: Mapping[str, str], *, today: dt.date) -> tuple[RegisterRow | None, list[RowProblem]]:
    """A row by its columns' names. Either what it says, or everything that is wrong with it."""
    read, problems = COLUMNS.read(number, given)
    wrong_cells = {problem.column for problem in problems if problem.column not in read}
    problems += [
        RowProblem(number, column, message) for column, message in _misfits(read, today) if column not in wrong_cells
    ]
    if problems:
        return None, problems
    return _row(number, read), []


def _misfits(read: Mapping[str, Any], today: dt.date) -> list[tuple[str, str]]:
    """What does not fit together, as (column, remedy). A cell that is empty or wrong is not judged again."""
    return [*_dates(read, today), *_budget(read), *_funding(read)]


def _dates(read: Mapping[str, Any], today: dt.date) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if "referred_on" not in read and "agreed_on" not in read:
        found.append(("referred_on", "Enter the date of the referral"))
    order = [name for name in ("born_on", "referred_on", "agreed_on", "started_on", "ended_on") if name in read]
    for name in order:
        if read[name] > today:
            found.append((name, "Enter a date that is today or in the past"))
    for earlier, later in itertools.pairwise(order):
        if read[later] < read[earlier]:
            word = COLUMNS.by_name[earlier].label.lower()
            found.append((later, f"Enter a date on or after the date in “{word}”, {read[earlier]:%d/%m/%Y}"))
    return found


def _budget(read: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a budget needs once it is agreed, and what there cannot be before."""
    found: list[tuple[str, str]] = []
    if "agreed_on" not in read:
        return [
            (name, "Enter the date it was agreed, or leave this out: without that date there is no budget yet")
            for name in ("started_on", "ended_on", "end_reason", "methods", "annual_amount")
            if name in read
        ]
    found += [
        (name, f"Enter the {COLUMNS.by_name[name].label.lower()} of a budget that was agreed")
        for name in ("methods", "annual_amount")
        if name not in read
    ]
    if ("ended_on" in read) != ("end_reason" in read):
        missing = "end_reason" if "ended_on" in read else "ended_on"
        found.append((missing, "Enter the end date and the reason, or leave both out"))
    reason = read.get("end_reason")
    if "ended_on" in read and reason is not None:
        if "started_on" in read and reason == EndReason.NOT_STARTED:
            found.append(("end_reason", "Enter another reason: this budget has a start date, so it did go ahead"))
        if "started_on" not in read and reason not in (EndReason.NOT_STARTED, EndReason.DIED):
            found.append(("started_on", "Enter the start date, or the reason did_not_go_ahead"))
    amounts = [amount for _, amount in read.get("methods", ()) if amount is not None]
    if amounts and "annual_amount" in read and sum(amounts) != read["annual_amount"]:
        found.append(
            (
                "methods",
                f"The methods add to £{sum(amounts):,.2f} and the annual amount is £{read['annual_amount']:,.2f}",
            )
        )
    return found


def _funding(read: Mapping[str, Any]) -> list[tuple[str, str]]:
    share, other = read.get("nhs_share"), read.get("funding")
    if other is None and share is not None and share != WHOLE:
        return [("funding", "Enter joint, local_authority or education: the NHS share is below 100")]
    if other is not None and share is None:
        return [("nhs_share", "Enter the NHS share in per cent")]
    if other is not None and share == WHOLE:
        return [("nhs_share", "Enter a share below 100, or the funding nhs")]
    return []


def _row(number: int, read: Mapping[str, Any]) -> RegisterRow:
    agreed_on = read.get("agreed_on")
    methods, is_split_unknown = _methods(read)
    return RegisterRow(
        number=number,
        fingerprint=_fingerprint(read),
        nhs_number=read.get("nhs_number", ""),
        family_name=read["family_name"],
        given_name=read["given_name"],
        born_on=read["born_on"],
        sex=read.get("sex", Sex.NOT_KNOWN),
        ethnic_category=read.get("ethnic_category", EthnicCategory.NOT_KNOWN),
        postcode=read.get("postcode", ""),
        gp_practice=read.get("gp_practice", ""),
        commissioner=read["commissioner"],
        cohort=read["cohort"].lower(),
        is_fast_track=read.get("fast_track", False),
        lives_in=read.get("lives_in", LivesIn.HOME),
        referred_on=read.get("referred_on", agreed_on),
        agreed_on=agreed_on,
        started_on=read.get("started_on"),
        ended_on=read.get("ended_on"),
        end_reason=read.get("end_reason"),
        annual_amount=read.get("annual_amount"),
        previous_annual_amount=read.get("previous_annual_amount"),
        methods=methods,
        shares=_shares(read),
        is_split_unknown=is_split_unknown,
    )


def _methods(read: Mapping[str, Any]) -> tuple[tuple[MethodAmount, ...], bool]:
    """The methods with their amounts. Where a row does not say how the money is split, the first has all of it."""
    given: tuple[tuple[Method, Decimal | None], ...] = read.get("methods", ())
    if not given:
        return (), False
    if given[0][1] is not None:
        return tuple(MethodAmount(method, amount or Decimal(0)) for method, amount in given), False
    (first, _), *others = given
    rest = tuple(MethodAmount(method, Decimal("0.00")) for method, _ in others)
    return (MethodAmount(first, read["annual_amount"]), *rest), bool(others)


def _shares(read: Mapping[str, Any]) -> tuple[Share, ...]:
    share: Decimal = read.get("nhs_share", WHOLE)
    other: Funder | None = read.get("funding")
    if other is None:
        return (Share(Funder.NHS, WHOLE),)
    return (Share(Funder.NHS, share), Share(other, WHOLE - share, BODY_NOT_NAMED))


def _fingerprint(read: Mapping[str, Any]) -> str:
    said = "\x1f".join(f"{name}={read[name]}" for name in sorted(read))
    return hashlib.sha256(said.encode()).hexdigest()
