"""When a direct payment must stop, and when it may (2013 Regulations, regulation 17). Pure.

Stopping a direct payment never ends the PHB: the money is managed in another way from that day.
"""

from collections.abc import Collection
from datetime import date

from budgets.enums import CapacityBasis, Method, PayeeKind, StopReason
from budgets.exceptions import Problem

from .agreement import REGULATIONS, day

REGULATION = f"regulation 17 of the {REGULATIONS}"
#: Reasons that leave no choice. Regulations 4(4)(b) and 5(8)(b) are read as: the ground of the representative is gone
#: and the person, asked, does not consent. The Schedule excludes the payment itself.
MANDATORY: frozenset[str] = frozenset(
    {
        StopReason.CONSENT_WITHDRAWN.value,
        StopReason.REPRESENTATIVE_WITHDREW.value,
        StopReason.TURNED_16.value,
        StopReason.REGAINED_CAPACITY.value,
        StopReason.NOT_POSSIBLE.value,
    }
)
ALTERNATIVES = (Method.NOTIONAL, Method.THIRD_PARTY)
#: Reasons that say something of the payee, and so need a payee of whom it can be said.
_NEEDS_OWN_CONSENT = {StopReason.CONSENT_WITHDRAWN}
_NEEDS_REPRESENTATIVE = {StopReason.REPRESENTATIVE_WITHDREW}
_NEEDS_NOMINEE = {StopReason.NOMINEE_DECLINED, StopReason.NOMINATION_WITHDRAWN}
_NEEDS_CAPACITY_BASIS = {
    StopReason.TURNED_16: CapacityBasis.CHILD,
    StopReason.REGAINED_CAPACITY: CapacityBasis.LACKS,
}


def is_mandatory(reason: StopReason | str) -> bool:
    """Whether the commissioner must stop the direct payment, and has no choice."""
    return str(reason) in MANDATORY


def check_stop(
    *,
    reason: StopReason,
    stops_on: date,
    notice_given_on: date,
    explanation: str,
    alternatives: Collection[Method],
    payee: PayeeKind | None,
    capacity_basis: CapacityBasis | None,
    today: date,
) -> list[Problem]:
    """Whether a direct payment can be stopped so. `payee` and `capacity_basis` are None where nothing is arranged."""
    problems = []
    if notice_given_on > today:
        problems.append(Problem("notice_given_on", "Enter the date notice was given, today or in the past"))
    if not is_mandatory(reason) and notice_given_on >= stops_on:
        problems.append(
            Problem(
                "notice_given_on",
                f"Give notice in writing, with reasons, before {day(stops_on)}: this reason leaves a choice, so the "
                f"person has reasonable notice ({REGULATION})",
            )
        )
    if not explanation.strip():
        problems.append(Problem("explanation", f"Enter the reasons as the person will read them ({REGULATION})"))
    if not alternatives or not set(alternatives) <= set(ALTERNATIVES):
        problems.append(
            Problem("alternatives", "Select what is offered instead. The personal health budget goes on without it")
        )
    return problems + _check_reason(reason, payee, capacity_basis)


def _check_reason(reason: StopReason, payee: PayeeKind | None, capacity_basis: CapacityBasis | None) -> list[Problem]:
    """A reason that speaks of consent or of a nominee fits the arrangement there is."""
    is_own = capacity_basis in (CapacityBasis.PRESUMED, CapacityBasis.ASSESSED)
    if payee is None:
        return []
    if reason in _NEEDS_OWN_CONSENT and not is_own:
        return [Problem("reason", "Select another reason. A representative consents to this direct payment")]
    if reason in _NEEDS_REPRESENTATIVE and is_own:
        return [Problem("reason", "Select another reason. The person consents to this direct payment themselves")]
    if reason in _NEEDS_NOMINEE and payee != PayeeKind.NOMINEE:
        return [Problem("reason", "Select another reason. This direct payment has no nominee")]
    if _NEEDS_CAPACITY_BASIS.get(reason, capacity_basis) != capacity_basis:
        return [Problem("reason", "Select another reason. The representative does not act on that ground")]
    return []
