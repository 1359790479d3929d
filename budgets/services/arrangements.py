"""Arranging direct payments: whom they go to, by whose consent, into what account. Each change is another row."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from budgets.enums import AccountKind, ArrangementEnd, CapacityBasis, PayeeKind
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import (
    BudgetSettings,
    DirectPaymentArrangement,
    PersonalHealthBudget,
    SupportOrganisation,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules import arrangements as rules
from budgets.rules.arrangements import Account, Nominee
from budgets.rules.reviews import ReviewReason
from budgets.selectors.arrangements import latest_arrangement, one_off_amount, other_direct_payments
from phb_register import clock
from phb_register.models import LegalBasis, Representative, User
from phb_register.roles import Permission

from .arrangement_support import (
    begin_problems,
    end_arrangement,
    fill,
    held_arrangement,
    is_same,
    open_problems,
    record_change,
    replace,
)
from .holding import held_budget
from .reviews import ask_for_review

KINDS = (DirectPaymentArrangement, ThirdPartyArrangement, WheelchairArrangement)


@dataclass(frozen=True)
class PayeeGiven:
    """To whom a direct payment goes, and on what ground somebody consents."""

    payee: PayeeKind
    capacity_basis: CapacityBasis
    capacity_assessed_on: dt.date | None = None
    representative: Representative | None = None
    consent_given_on: dt.date | None = None
    nominee: Nominee | None = None


@dataclass(frozen=True)
class AccountGiven:
    """The account a direct payment goes into, as it was approved. `holder` holds a managed one."""

    kind: AccountKind
    last_four: str
    names: tuple[str, ...]
    payee_reference: str
    approved_on: dt.date
    holder: SupportOrganisation | None = None
    one_off_items: int | None = None


@transaction.atomic
def arrange_direct_payment(
    *, phb: PersonalHealthBudget, by: User, starts_on: dt.date, given: PayeeGiven, account: AccountGiven | None = None
) -> DirectPaymentArrangement:
    """Record who receives the direct payment of a PHB from `starts_on`; an arrangement before it ends that day.

    It may be prepared before the PHB has a direct payment. What is not known yet, an agreement or the account, is
    added later. Asked for twice it is made once. Raises `PermissionDenied` or `BudgetRefused`.
    """
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    today = clock.today()
    acting = _acting(phb, given.representative, starts_on)
    problems = [
        *rules.check_payee(
            payee=given.payee,
            capacity_basis=given.capacity_basis,
            capacity_assessed_on=given.capacity_assessed_on,
            has_representative=acting is not None,
            age=phb.person.age_on(starts_on),
            starts_on=starts_on,
            today=today,
        ),
        *rules.check_nominee(given.nominee, payee=given.payee, today=today),
        *rules.check_dates({"consent_given_on": given.consent_given_on}, today),
    ]
    if account is not None:
        problems += _account_problems(phb, account, today)
    fields = {**_payee_fields(given, acting), **(_account_fields(account, by) if account else {})}
    latest: DirectPaymentArrangement | None = latest_arrangement(DirectPaymentArrangement, phb)
    if not problems and latest is not None and is_same(latest, starts_on, fields):
        return latest
    problems += begin_problems(phb, starts_on, latest)
    if problems:
        raise BudgetRefused(problems)
    replace(latest, starts_on)
    made = DirectPaymentArrangement.objects.create(phb=phb, starts_on=starts_on, recorded_by=by, **fields)
    detail = {"starts_on": starts_on.isoformat(), "payee": given.payee.value}
    record_change(made, phb, "direct-payment-arranged", by, detail)
    return made


@transaction.atomic
def complete_direct_payment(
    *,
    arrangement: DirectPaymentArrangement,
    by: User,
    consent_given_on: dt.date | None = None,
    nominee_agreed_on: dt.date | None = None,
    commissioner_agreed_on: dt.date | None = None,
    dbs_seen_on: dt.date | None = None,
) -> DirectPaymentArrangement:
    """Add dates that were missing. One that is there already stays: what is wrong is arranged anew.

    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = held_arrangement(arrangement, by)
    wanted = {
        "consent_given_on": consent_given_on,
        "nominee_agreed_on": nominee_agreed_on,
        "commissioner_agreed_on": commissioner_agreed_on,
        "dbs_seen_on": dbs_seen_on,
    }
    given = {name: value for name, value in wanted.items() if value is not None and value != getattr(held, name)}
    problems = [*open_problems(held), *rules.check_dates(given, clock.today())]
    for name, value in given.items():
        if getattr(held, name) is not None:
            problems.append(Problem(name, "This is recorded already. Make a new arrangement if it is wrong"))
        elif name != "consent_given_on" and (held.nominated_on is None or value < held.nominated_on):
            problems.append(Problem(name, "Enter a date on or after the nomination of a nominee"))
    if problems:
        raise BudgetRefused(problems)
    if given:
        fill(held, given, "direct-payment-arrangement-completed", by)
    return held


@transaction.atomic
def approve_account(
    *, arrangement: DirectPaymentArrangement, by: User, account: AccountGiven
) -> DirectPaymentArrangement:
    """Approve the account a direct payment goes into. Raises `PermissionDenied` or `BudgetRefused`."""
    held = held_arrangement(arrangement, by)
    fields = _account_fields(account, by)
    if held.account_kind and all(getattr(held, name) == value for name, value in fields.items()):
        return held
    problems = [*open_problems(held), *_account_problems(held.phb, account, clock.today())]
    if held.account_kind:
        problems.append(
            Problem("", "An account is approved already. Make a new arrangement from the day on which it changes")
        )
    if problems:
        raise BudgetRefused(problems)
    fill(held, fields, "direct-payment-account-approved", by)
    return held


@transaction.atomic
def withdraw_nomination(
    *, arrangement: DirectPaymentArrangement, by: User, withdrawn_on: dt.date, note: str
) -> DirectPaymentArrangement:
    """Record that a nomination was withdrawn: nothing more is paid to the nominee, and a review is asked for.

    The direct payment itself goes on once another payee is arranged, or is stopped (regulations 6 and 17).
    Raises `PermissionDenied` or `BudgetRefused`.
    """
    held = held_arrangement(arrangement, by)
    problems = rules.check_withdrawal(
        withdrawn_on,
        note,
        nominated_on=held.nominated_on,
        already_on=held.nomination_withdrawn_on,
        today=clock.today(),
    )
    problems += open_problems(held)
    if problems:
        raise BudgetRefused(problems)
    given = {"nomination_withdrawn_on": withdrawn_on, "withdrawal_note": note.strip()}
    fill(held, given, "nomination-withdrawn", by)
    ask_for_review(phb=held.phb, reason=ReviewReason.NOMINATION_WITHDRAWN, by=by, on=withdrawn_on, note=note.strip())
    return held


def end_arrangements(*, phb: PersonalHealthBudget, ends_on: dt.date, reason: ArrangementEnd, by: User) -> int:
    """End every arrangement of a PHB that goes on at `ends_on`, for whoever ends the PHB and holds it.

    Returns how many. One that had not begun by then ends on the day it would have begun.
    """
    ended = 0
    for kind in KINDS:
        rows: Any = kind
        for row in rows.objects.filter(phb=phb).exclude(ends_on__lte=ends_on):
            if row.ends_on is None or row.starts_on < row.ends_on:
                end_arrangement(row, max(ends_on, row.starts_on), reason)
                ended += 1
    if ended:
        detail = {"on": ends_on.isoformat(), "count": ended}
        record_change(phb, phb, "arrangements-ended", by, detail)
    return ended


def _acting(
    phb: PersonalHealthBudget, representative: Representative | None, starts_on: dt.date
) -> Representative | None:
    """The representative, if they act for the person on the day, by another right than a nomination."""
    if representative is None or representative.person_id != phb.person_id:
        return None
    acting = Representative.objects.acting_on(starts_on).exclude(legal_basis=LegalBasis.NOMINEE)
    return acting.filter(pk=representative.pk).first()


def _payee_fields(given: PayeeGiven, acting: Representative | None) -> dict[str, Any]:
    nominee = given.nominee
    return {
        "payee": given.payee.value,
        "capacity_basis": given.capacity_basis.value,
        "capacity_assessed_on": given.capacity_assessed_on,
        "representative_id": acting.pk if acting else None,
        "consent_given_on": given.consent_given_on,
        "nominee_name": nominee.name.strip() if nominee else "",
        "nominee_relationship": nominee.relationship.strip() if nominee else "",
        "nominee_is_close": nominee.is_close if nominee else None,
        "nominated_on": nominee.nominated_on if nominee else None,
        "nominee_agreed_on": nominee.agreed_on if nominee else None,
        "commissioner_agreed_on": nominee.commissioner_agreed_on if nominee else None,
        "dbs_seen_on": nominee.dbs_seen_on if nominee else None,
    }


def _account_fields(account: AccountGiven, by: User) -> dict[str, Any]:
    return {
        "account_kind": account.kind.value,
        "account_last_four": account.last_four,
        "account_names": [name.strip() for name in account.names if name.strip()],
        "account_holder_id": account.holder.pk if account.holder else None,
        "one_off_items": account.one_off_items,
        "payee_reference": account.payee_reference.strip(),
        "account_approved_on": account.approved_on,
        "account_approved_by_id": by.pk,
    }


def _account_problems(phb: PersonalHealthBudget, account: AccountGiven, today: dt.date) -> list[Problem]:
    is_own = account.kind == AccountKind.OWN
    settings = BudgetSettings.objects.of(phb.commissioner, today)
    return rules.check_account(
        Account(
            kind=account.kind,
            last_four=account.last_four,
            names=account.names,
            payee_reference=account.payee_reference,
            approved_on=account.approved_on,
            has_holder=account.holder is not None,
            one_off_items=account.one_off_items,
        ),
        other_payments=other_direct_payments(phb, today) if is_own else 0,
        amount=one_off_amount(phb, today) if is_own else None,
        limit=settings.one_off_limit_amount,
        today=today,
    )
