"""What an arrangement needs before it is recorded: payee, consent, nominee, account, third party. Pure.

What is missing may follow later, and nothing is paid until it is there (`rules.payability`); what is wrong is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.enums import AccountKind, CapacityBasis, PayeeKind
from budgets.exceptions import Problem

from .agreement import DIRECT_PAYMENT_CONSENT_AGE, DIRECT_PAYMENTS_BEGAN_ON, REGULATIONS, day
from .one_off import check_one_off
from .payability import OWN_CONSENT

LAST_FOUR = 4


@dataclass(frozen=True)
class Nominee:
    """Who was chosen to receive a direct payment, and who agreed to it when."""

    name: str
    relationship: str
    is_close: bool
    nominated_on: date
    agreed_on: date | None = None
    commissioner_agreed_on: date | None = None
    dbs_seen_on: date | None = None


@dataclass(frozen=True)
class Account:
    """Into what a direct payment goes. `holder` is the name of the organisation that holds a managed account."""

    kind: AccountKind
    last_four: str
    names: tuple[str, ...]
    payee_reference: str
    approved_on: date
    has_holder: bool = False
    one_off_items: int | None = None


def check_payee(
    *,
    payee: PayeeKind,
    capacity_basis: CapacityBasis,
    capacity_assessed_on: date | None,
    has_representative: bool,
    age: int,
    starts_on: date,
    today: date,
) -> list[Problem]:
    """Whether this payee, on this ground, can receive a direct payment from `starts_on`.

    `age` is the person's on that day; `has_representative` whether the one chosen acts for them then.
    """
    problems = []
    is_own = capacity_basis in OWN_CONSENT
    if starts_on < DIRECT_PAYMENTS_BEGAN_ON:
        problems.append(
            Problem(
                "starts_on",
                f"Enter a first day on or after {day(DIRECT_PAYMENTS_BEGAN_ON)}, when direct payments for health care "
                f"began ({REGULATIONS})",
            )
        )
    if is_own and age < DIRECT_PAYMENT_CONSENT_AGE:
        problems.append(
            Problem(
                "capacity_basis",
                "Select that a representative consents: the person is under 16 on that day "
                f"(regulation 4 of the {REGULATIONS})",
            )
        )
    if capacity_basis == CapacityBasis.CHILD and age >= DIRECT_PAYMENT_CONSENT_AGE:
        problems.append(
            Problem(
                "capacity_basis",
                "Select another ground: the person is 16 or over on that day and consents for themselves, unless they "
                f"lack capacity (regulations 3 and 5 of the {REGULATIONS})",
            )
        )
    if is_own and payee == PayeeKind.REPRESENTATIVE:
        problems.append(
            Problem(
                "payee",
                "Select the person or a nominee: somebody who has capacity consents and is paid themselves, or chooses "
                f"a nominee (regulations 3 and 6 of the {REGULATIONS})",
            )
        )
    if not is_own and payee == PayeeKind.PATIENT:
        number = 4 if capacity_basis == CapacityBasis.CHILD else 5
        problems.append(
            Problem(
                "payee",
                "Select the representative or a nominee: the person cannot consent to receive it "
                f"(regulation {number} of the {REGULATIONS})",
            )
        )
    if not is_own and not has_representative:
        problems.append(
            Problem(
                "representative",
                f"Select who acts for the person on {day(starts_on)}. Add them to the person’s record first, with the "
                f"legal basis and the evidence (regulations 4 and 5 of the {REGULATIONS})",
            )
        )
    return problems + _check_assessed(capacity_basis, capacity_assessed_on, today)


def _check_assessed(basis: CapacityBasis, assessed_on: date | None, today: date) -> list[Problem]:
    needs = basis in (CapacityBasis.ASSESSED, CapacityBasis.LACKS)
    if needs and assessed_on is None:
        return [Problem("capacity_assessed_on", "Enter the date capacity was assessed")]
    if not needs and assessed_on is not None:
        return [Problem("capacity_assessed_on", "Clear the date of the assessment, or select a ground that has one")]
    return _not_to_come({"capacity_assessed_on": assessed_on}, today)


def check_nominee(nominee: Nominee | None, *, payee: PayeeKind, today: date) -> list[Problem]:
    """Who is nominated has a name and a date, and agrees no sooner than that (regulation 6).

    The two agreements and the DBS certificate may follow; nothing is paid until they are there.
    """
    if payee != PayeeKind.NOMINEE:
        return [] if nominee is None else [Problem("payee", "Select the nominee as the payee, or leave them out")]
    if nominee is None:
        return [Problem("nominee_name", f"Enter who is nominated (regulation 6 of the {REGULATIONS})")]
    problems = []
    if not nominee.name.strip():
        problems.append(Problem("nominee_name", f"Enter who is nominated (regulation 6 of the {REGULATIONS})"))
    if not nominee.relationship.strip():
        problems.append(
            Problem(
                "nominee_relationship",
                f"Enter how the nominee is related to the person, or that they are not (regulation 7 of the "
                f"{REGULATIONS})",
            )
        )
    for field, agreed_on in (
        ("nominee_agreed_on", nominee.agreed_on),
        ("commissioner_agreed_on", nominee.commissioner_agreed_on),
    ):
        if agreed_on is not None and agreed_on < nominee.nominated_on:
            problems.append(Problem(field, f"Enter a date on or after {day(nominee.nominated_on)}, the nomination"))
    given = {
        "nominated_on": nominee.nominated_on,
        "nominee_agreed_on": nominee.agreed_on,
        "commissioner_agreed_on": nominee.commissioner_agreed_on,
        "dbs_seen_on": nominee.dbs_seen_on,
    }
    return problems + _not_to_come(given, today)


def check_account(
    account: Account,
    *,
    other_payments: int,
    amount: Decimal | None,
    limit: Decimal | None,
    today: date,
) -> list[Problem]:
    """Whether an account can be approved (regulations 10 and 11): known by its last four digits and its names.

    `other_payments` are the person's other direct payments in the financial year, `amount` what is paid once and
    `limit` the commissioner's own; they matter for a one-off into the payee's own account alone.
    """
    problems = []
    if len(account.last_four) != LAST_FOUR or not account.last_four.isascii() or not account.last_four.isdigit():
        problems.append(Problem("account_last_four", "Enter the last 4 digits of the account or card, and no more"))
    if not any(name.strip() for name in account.names):
        problems.append(
            Problem(
                "account_names",
                f"Enter who is named on the account, each on a line of its own (regulation 10 of the {REGULATIONS})",
            )
        )
    if not account.payee_reference.strip():
        problems.append(Problem("payee_reference", "Enter the payee’s reference in the finance system"))
    if (account.kind == AccountKind.MANAGED) != account.has_holder:
        problems.append(
            Problem(
                "account_holder",
                "Select the organisation that holds the managed account"
                if account.kind == AccountKind.MANAGED
                else "Leave the organisation out: only a managed account is held by one",
            )
        )
    if account.kind == AccountKind.OWN:
        problems += check_one_off(
            items=account.one_off_items or 0, other_payments=other_payments, amount=amount, limit=limit
        )
    elif account.one_off_items is not None:
        problems.append(Problem("one_off_items", "Leave the number of items out: the account is not the payee’s own"))
    return problems + _not_to_come({"account_approved_on": account.approved_on}, today)


def check_begins(
    starts_on: date, *, agreed_on: date, ended_on: date | None, current: tuple[date, date | None] | None
) -> list[Problem]:
    """Whether an arrangement can begin on a day: with a PHB that has not ended, after the one it replaces began.

    `current` is from when until when the latest one goes.
    """
    if ended_on is not None:
        return [Problem("", f"This personal health budget ended on {day(ended_on)}. It cannot change")]
    if starts_on < agreed_on:
        return [Problem("starts_on", f"Enter a first day on or after {day(agreed_on)}, when the budget was agreed")]
    earliest = None if current is None else current[1] or current[0]
    if earliest is not None and starts_on < earliest:
        return [
            Problem("starts_on", f"Enter a first day on or after {day(earliest)}. Another arrangement holds before it")
        ]
    return []


def check_withdrawal(
    withdrawn_on: date, note: str, *, nominated_on: date | None, already_on: date | None, today: date
) -> list[Problem]:
    """Whether the nomination of a nominee can be recorded as withdrawn."""
    if nominated_on is None:
        return [Problem("", "There is no nomination to withdraw: the payee is no nominee")]
    if already_on is not None:
        return [Problem("", f"The nomination was withdrawn on {day(already_on)} already")]
    problems = _not_to_come({"withdrawn_on": withdrawn_on}, today)
    if withdrawn_on < nominated_on:
        problems.append(Problem("withdrawn_on", f"Enter a date on or after {day(nominated_on)}, the nomination"))
    if not note.strip():
        problems.append(Problem("note", "Enter who withdrew it, and why"))
    return problems


def check_dates(dates: Mapping[str, date | None], today: date) -> list[Problem]:
    """That none of what happened lies ahead: by field, its date."""
    return _not_to_come(dates, today)


def _not_to_come(dates: Mapping[str, date | None], today: date) -> list[Problem]:
    return [
        Problem(field, "Enter a date that is today or in the past")
        for field, given in dates.items()
        if given is not None and given > today
    ]


def names_of(lines: str) -> tuple[str, ...]:
    """The names typed one to a line."""
    return tuple(line.strip() for line in lines.splitlines() if line.strip())
