"""Whether one payment may be made on one day: every rule that stands before it, as one pure decision.

`hindrances` is asked when a run is prepared, checked and released, and when somebody looks at what is still missing;
`services.checks` asks its parts when a direct payment is agreed. So there is one truth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from budgets.enums import AccountKind, CapacityBasis, Method, PayeeKind
from budgets.exceptions import Problem
from phb_register.rules import age_on

from . import one_off
from .agreement import DIRECT_PAYMENT_CONSENT_AGE, REGULATIONS, day
from .court_orders import NOT_POSSIBLE, Order, orders_on

OWN_CONSENT = (CapacityBasis.PRESUMED, CapacityBasis.ASSESSED)


@dataclass(frozen=True, slots=True)
class Payable:
    """A payment that is to be made: for which PHB and method, on which day, and up to which day it pays for.

    `paid_until` is the last day of a period that is paid in arrears; without it the payment is asked on its own day.
    """

    phb_id: int
    method: Method
    pays_on: date
    paid_until: date | None = None

    @property
    def covers(self) -> date:
        """The day on which the budget, its plan and its arrangement must hold."""
        return min(self.pays_on, self.paid_until) if self.paid_until else self.pays_on


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom money goes: a name, the number in the finance system, the last four digits of the account."""

    name: str
    payee_reference: str
    last_four: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """From a day until the day before another, None while it goes on."""

    starts_on: date
    ends_on: date | None

    def holds_on(self, on: date) -> bool:
        """Whether it had begun by the end of a day and was not over by then."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on > on)


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreed budget: its number, from when it applies, whether an approved proposal stands behind it."""

    number: int
    applies_from: date
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Screened:
    """What the latest screening says of orders: whether one excludes a direct payment, and when that was found."""

    is_excluded: bool
    assessed_on: date


@dataclass(frozen=True, slots=True)
class ArrangedPayment:
    """An arrangement of a direct payment, as the decision reads it. `representative` is when they act."""

    spell: Spell
    was_stopped: bool
    payee: PayeeKind
    capacity_basis: CapacityBasis
    representative: Spell | None
    consent_given_on: date | None
    nominee_is_close: bool | None
    nominee_agreed_on: date | None
    commissioner_agreed_on: date | None
    dbs_seen_on: date | None
    nomination_withdrawn_on: date | None
    account_kind: str
    account_approved_on: date | None
    one_off_items: int | None
    to: Payee


@dataclass(frozen=True, slots=True)
class ArrangedThirdParty:
    """An arrangement with an organisation. `closed_on` is its first day closed."""

    spell: Spell
    agreed_on: date | None
    closed_on: date | None
    to: Payee


@dataclass(slots=True)
class Record:
    """All that a decision reads of one PHB."""

    person_id: int
    born_on: date
    died_on: date | None
    started_on: date | None
    ended_on: date | None
    agreed: Sequence[Agreed] = ()
    plans: Sequence[Spell] = ()
    orders: Sequence[Order] = ()
    screened: Screened | None = None
    refused_on: date | None = None
    direct_payments: Sequence[ArrangedPayment] = ()
    third_parties: Sequence[ArrangedThirdParty] = ()


def is_excluded(orders: Iterable[Order], screened: Screened | None, on: date) -> bool:
    """Whether an order of the Schedule excludes a direct payment on a day.

    A dated order says it for each day. Without one, a screening that found an order stands until another screening;
    one that a dated order explains counts as long as that order.
    """
    known = list(orders)
    if orders_on(known, on):
        return True
    if screened is None or not screened.is_excluded:
        return False
    return not orders_on(known, screened.assessed_on)


def refusal(refused_on: date | None, field: str = "refused") -> list[Problem]:
    """That the decision on the referral refused a direct payment, and still stands."""
    if refused_on is None:
        return []
    return [
        Problem(
            field,
            f"Select notional or third party. A direct payment was refused on {day(refused_on)}; if something has "
            f"changed, have that decision looked at again (regulation 7 of the {REGULATIONS})",
        )
    ]


def direct_payment_on(record: Record, on: date) -> ArrangedPayment | None:
    """The arrangement of the direct payment in force on a day."""
    return next((each for each in record.direct_payments if each.spell.holds_on(on)), None)


def third_party_on(record: Record, on: date) -> ArrangedThirdParty | None:
    """The arrangement with a third party in force on a day."""
    return next((each for each in record.third_parties if each.spell.holds_on(on)), None)


def payee_on(record: Record, payable: Payable) -> Payee | None:
    """To whom a payment goes; None for a notional part, or where nothing is arranged."""
    if payable.method == Method.DIRECT_PAYMENT:
        arranged = direct_payment_on(record, payable.covers)
    elif payable.method == Method.THIRD_PARTY:
        return each.to if (each := third_party_on(record, payable.covers)) else None
    else:
        return None
    return arranged.to if arranged else None


def decide(record: Record, payable: Payable, other_payments: int = 0) -> list[Problem]:
    """Everything that stands against a payment, each with its remedy and the rule; nothing where it may be made.

    `other_payments` are the person's other direct payments in the financial year, which only a one-off asks about.
    """
    problems = [*_in_place(record, payable), *_agreed(record, payable)]
    if payable.method == Method.DIRECT_PAYMENT:
        problems += _direct_payment(record, payable, other_payments)
    elif payable.method == Method.THIRD_PARTY:
        problems += _third_party(record, payable)
    return problems


def _in_place(record: Record, payable: Payable) -> list[Problem]:
    on = payable.covers
    if record.died_on is not None and record.died_on <= payable.pays_on:
        return [
            Problem(
                "in_place",
                f"Pay nothing: the person died on {day(record.died_on)}. End the personal health budget and settle "
                f"what was paid with the personal representatives (regulation 15 of the {REGULATIONS})",
            )
        ]
    if record.started_on is None or record.started_on > on or (record.ended_on is not None and record.ended_on <= on):
        return [Problem("in_place", f"Pay nothing for {day(on)}: the personal health budget is not in place that day")]
    return []


def _agreed(record: Record, payable: Payable) -> list[Problem]:
    applying = [each for each in record.agreed if each.applies_from <= payable.covers]
    if not applying:
        return [Problem("agreed", f"Agree a budget first: none applies on {day(payable.covers)}")]
    if not max(applying, key=lambda each: each.number).is_confirmed:
        return [
            Problem(
                "agreed",
                "Have the budget confirmed by a proposal that is approved. One that was agreed elsewhere is not paid "
                "until then",
            )
        ]
    return []


def _direct_payment(record: Record, payable: Payable, other_payments: int) -> list[Problem]:
    on = payable.covers
    problems = []
    if is_excluded(record.orders, record.screened, payable.pays_on):
        # Whoever reads this may not know of court orders.
        problems.append(Problem("not_possible", f"{NOT_POSSIBLE}. Ask the PHB team how the money is to be managed"))
    problems += refusal(record.refused_on)
    if not any(plan.holds_on(on) for plan in record.plans):
        problems.append(
            Problem(
                "plan",
                f"Have a support plan signed by both sides that is in force on {day(on)} "
                f"(regulation 8 of the {REGULATIONS})",
            )
        )
    arranged = direct_payment_on(record, on)
    if arranged is None:
        problems.append(
            Problem(
                "payee",
                f"Arrange the direct payment first: nobody is recorded to receive it on {day(on)} "
                f"(regulations 3 to 6 of the {REGULATIONS})",
            )
        )
        return problems
    for ask in (_stopped, _payee, _consent, _nominee, _account):
        problems += ask(record, arranged, payable)
    if arranged.account_kind == AccountKind.OWN and arranged.one_off_items is not None:
        found = one_off.check_one_off(items=arranged.one_off_items, other_payments=other_payments)
        problems += [Problem("account", each.message) for each in found]
    return problems


def _stopped(record: Record, arranged: ArrangedPayment, payable: Payable) -> list[Problem]:
    ends_on = arranged.spell.ends_on
    if not arranged.was_stopped or ends_on is None or ends_on > payable.pays_on:
        return []
    return [
        Problem(
            "payee",
            f"Pay nothing: the direct payment was stopped from {day(ends_on)} (regulation 17 of the {REGULATIONS})",
        )
    ]


def _payee(record: Record, arranged: ArrangedPayment, payable: Payable) -> list[Problem]:
    """Who consents must be able to on the day: the person from 16, or a representative who still acts."""
    age = age_on(record.born_on, payable.pays_on)
    if arranged.capacity_basis in OWN_CONSENT:
        if age >= DIRECT_PAYMENT_CONSENT_AGE:
            return []
        return [
            Problem(
                "payee",
                "Arrange it with a representative: the person is under 16 on the day and cannot consent "
                f"(regulation 4 of the {REGULATIONS})",
            )
        ]
    if arranged.capacity_basis == CapacityBasis.CHILD and age >= DIRECT_PAYMENT_CONSENT_AGE:
        return [
            Problem(
                "payee",
                "Arrange it anew: the person is 16 on the day and consents for themselves, or, without capacity, "
                f"through a representative on that ground (regulations 3 and 5 of the {REGULATIONS})",
            )
        ]
    if arranged.representative is None or not arranged.representative.holds_on(payable.pays_on):
        number = 4 if arranged.capacity_basis == CapacityBasis.CHILD else 5
        return [
            Problem(
                "payee",
                f"Arrange it with somebody who acts for the person on {day(payable.pays_on)}: the representative no "
                f"longer does, or not yet (regulation {number} of the {REGULATIONS})",
            )
        ]
    return []


def _consent(record: Record, arranged: ArrangedPayment, payable: Payable) -> list[Problem]:
    if _is_by(arranged.consent_given_on, payable.pays_on):
        return []
    number = {CapacityBasis.CHILD: 4, CapacityBasis.LACKS: 5}.get(arranged.capacity_basis, 3)
    who = "the person" if arranged.capacity_basis in OWN_CONSENT else "the representative"
    return [
        Problem(
            "consent",
            f"Record that {who} consented by {day(payable.pays_on)} (regulation {number} of the {REGULATIONS})",
        )
    ]


def _nominee(record: Record, arranged: ArrangedPayment, payable: Payable) -> list[Problem]:
    if arranged.payee != PayeeKind.NOMINEE:
        return []
    on, problems = payable.pays_on, []
    if not _is_by(arranged.nominee_agreed_on, on) or not _is_by(arranged.commissioner_agreed_on, on):
        problems.append(
            Problem(
                "nominee",
                f"Record that the nominee and the commissioner have both agreed by {day(on)} "
                f"(regulation 6 of the {REGULATIONS})",
            )
        )
    if not arranged.nominee_is_close and not _is_by(arranged.dbs_seen_on, on):
        problems.append(
            Problem(
                "nominee",
                "Record the enhanced DBS certificate of the nominee, who is no close family member, nobody of the "
                f"household and no friend who helps with care (regulation 7 of the {REGULATIONS})",
            )
        )
    if _is_by(arranged.nomination_withdrawn_on, on):
        problems.append(
            Problem(
                "nominee",
                f"Arrange another payee, or stop the direct payment: the nomination was withdrawn "
                f"(regulations 6 and 17 of the {REGULATIONS})",
            )
        )
    return problems


def _account(record: Record, arranged: ArrangedPayment, payable: Payable) -> list[Problem]:
    if arranged.account_kind and _is_by(arranged.account_approved_on, payable.pays_on):
        return []
    return [
        Problem(
            "account",
            f"Approve the account by {day(payable.pays_on)}: one for direct payments alone, a prepaid card, a managed "
            f"account, or for a one-off the payee’s own (regulations 10 and 11 of the {REGULATIONS})",
        )
    ]


def _third_party(record: Record, payable: Payable) -> list[Problem]:
    on = payable.covers
    arranged = third_party_on(record, on)
    if arranged is None:
        return [Problem("third_party", f"Arrange the third party first: no organisation holds the money on {day(on)}")]
    problems = []
    if not _is_by(arranged.agreed_on, payable.pays_on):
        problems.append(
            Problem("third_party", f"Record the agreement with {arranged.to.name}, signed by {day(payable.pays_on)}")
        )
    if arranged.closed_on is not None and arranged.closed_on <= payable.pays_on:
        problems.append(
            Problem(
                "third_party",
                f"Arrange another third party: {arranged.to.name} closed on {day(arranged.closed_on)}",
            )
        )
    if not arranged.to.payee_reference:
        problems.append(
            Problem("third_party", f"Enter the reference of {arranged.to.name} in the finance system, to be paid by")
        )
    return problems


def _is_by(happened_on: date | None, on: date) -> bool:
    """Whether it happened, on a day or before."""
    return happened_on is not None and happened_on <= on
