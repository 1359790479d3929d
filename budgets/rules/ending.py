"""What must hold for a PHB to end, for its end to be taken back, and for its money to be reconciled. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.enums import ClosureStatus, EndReason, Settlement
from budgets.exceptions import Problem

from .agreement import day


def check_death(reason: EndReason, ended_on: date, died_on: date | None, *, born_on: date) -> list[Problem]:
    """A budget that ends because the person died ends on the day they died, or after it; no other has that date."""
    if reason != EndReason.DIED or died_on is None:
        return []
    if died_on < born_on:
        return [Problem("died_on", f"Enter a date of death on or after {day(born_on)}, when the person was born")]
    if ended_on < died_on:
        return [
            Problem("ended_on", f"Enter an end date on or after {day(died_on)}, when the person died: until then the "
                    "budget was in place")
        ]  # fmt: skip
    return []


@dataclass(frozen=True)
class Since:
    """What happened to a PHB's money since its end was recorded: whether any of it stands in the way of taking the
    end back.
    """

    closure_status: ClosureStatus | None
    has_money_moved: bool
    has_open_recovery: bool


def check_taken_back(since: Since) -> list[Problem]:
    """An end recorded by mistake is taken back only while nothing was built on it."""
    problems = []
    if since.closure_status == ClosureStatus.RECONCILED:
        problems.append(
            Problem("", "The money of this budget is reconciled, so its end stays. Agree a new budget from a referral")
        )
    if since.has_money_moved:
        problems.append(
            Problem("", "Money was paid or came back since the end was recorded. Reverse those ledger entries first")
        )
    if since.has_open_recovery:
        problems.append(Problem("", "Money was asked back since the end was recorded. Withdraw that recovery first"))
    return problems


def settlement_of(final_balance: Decimal) -> Settlement:
    """What a final balance (pounds paid and not spent) was settled by: got back, paid, or nothing."""
    if final_balance == 0:
        return Settlement.NOTHING
    return Settlement.RECOVERED if final_balance > 0 else Settlement.PAID


@dataclass(frozen=True)
class Unsettled:
    """What is still on its way when somebody wants to reconcile: numbers of each."""

    payments_waiting: int
    open_recoveries: int
    returns_due: int


def check_reconciled(*, is_own_end: bool, final_balance: Decimal, note: str, unsettled: Unsettled) -> list[Problem]:
    """By a second person, when nothing is on its way any more, and with a note where a balance was left."""
    problems = []
    if is_own_end:
        problems.append(Problem("", "You recorded the end, so somebody else must reconcile it"))
    problems += [
        Problem("", message)
        for number, message in (
            (unsettled.payments_waiting, "A payment of this budget waits in a payment run. Release or hold it first"),
            (unsettled.open_recoveries, "Money is still asked back. Record what came, or write it off, first"),
            (unsettled.returns_due, "A monitoring return is not reconciled yet. Reconcile or waive it first"),
        )
        if number
    ]
    if final_balance != 0 and not note.strip():
        problems.append(Problem("note", "Enter how the balance was settled"))
    return problems
