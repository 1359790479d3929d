"""The three axes beside entitlement: direct payment, method, funding. None of them ever changes the
entitlement.

Regulation numbers are those of the National Health Service (Direct Payments) Regulations 2013, SI 2013/1617,
which govern direct payments only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from eligibility.rules.answers import DirectPaymentAnswer, FundingAnswer, MethodAnswer, Reason
from eligibility.rules.fact_types import FactValue
from eligibility.rules.facts import AGE
from eligibility.rules.outcomes import DirectPayment, Funding, Method
from eligibility.rules.rule_sets import Condition, RuleSet

REGULATIONS_IN_FORCE_ON = datetime.date(2013, 8, 1)
CONSENT_AGE = 16
"""Under the Regulations a child is somebody under 16; elsewhere in this room a child is somebody under 18."""

_REGULATIONS = "SI 2013/1617"


def direct_payment(
    facts: Mapping[str, FactValue | None], on: datetime.date, conditions: Iterable[Condition]
) -> DirectPaymentAnswer:
    """Whether a direct payment is permitted on a date. `conditions` are those of the local offer."""
    asked = tuple(Reason(condition.text, condition.source) for condition in conditions)
    age, order = facts[AGE], facts["drug_or_alcohol_order"]
    if on < REGULATIONS_IN_FORCE_ON:
        text = "The Regulations that allow direct payments for healthcare came into force on 1 August 2013."
        return DirectPaymentAnswer(DirectPayment.NOT_IN_FORCE, (Reason(text, _REGULATIONS),))
    if order is True:
        text = "While an order named in the Schedule lasts, no direct payment. The budget is untouched."
        return DirectPaymentAnswer(DirectPayment.EXCLUDED, (Reason(text, f"{_REGULATIONS}, Schedule"),))
    missing = tuple(code for code, value in (("drug_or_alcohol_order", order), ("born_on", age)) if value is None)
    if missing:
        text = "A direct payment depends on the person’s age and on court orders about drugs or alcohol."
        reason = Reason(text, f"{_REGULATIONS}, regs 3 and 4 and Schedule")
        return DirectPaymentAnswer(DirectPayment.MORE_INFORMATION_NEEDED, (reason,), asked, missing)
    if isinstance(age, int) and age < CONSENT_AGE:
        text = "Under 16, a direct payment can be made only to a representative who agrees to it."
        reason = Reason(text, f"{_REGULATIONS}, reg 4")
        return DirectPaymentAnswer(DirectPayment.NEEDS_REPRESENTATIVE, (reason,), asked)
    reasons = (
        Reason(
            "From 16, a person who can consent may have a direct payment if they do.",
            f"{_REGULATIONS}, reg 3",
        ),
        Reason("A person who cannot consent needs a representative who does.", f"{_REGULATIONS}, reg 5"),
    )
    return DirectPaymentAnswer(DirectPayment.PERMITTED, reasons, asked)


def method(facts: Mapping[str, FactValue | None], permission: DirectPayment) -> MethodAnswer:
    """The ways of holding a budget that stand open, and what to say where the person asked for a closed
    one.
    """
    asked = facts["asks_for"]
    asks_for = Method(asked) if isinstance(asked, str) else None
    source = "Standing Rules (SI 2012/2996) reg 32B(2)"
    reasons = [Reason("The NHS can hold the budget, pay it to a third party, or make a direct payment.", source)]
    if permission in (DirectPayment.PERMITTED, DirectPayment.NEEDS_REPRESENTATIVE):
        return MethodAnswer(asks_for, tuple(Method), tuple(reasons))
    if permission is DirectPayment.MORE_INFORMATION_NEEDED:
        return MethodAnswer(asks_for, (Method.NOTIONAL, Method.THIRD_PARTY), tuple(reasons))
    if asks_for in (Method.DIRECT_PAYMENT, Method.MIXED):
        text = "They asked for a direct payment, which is not possible: offer notional or third party."
        reasons.append(Reason(text, source))
    return MethodAnswer(asks_for, (Method.NOTIONAL, Method.THIRD_PARTY), tuple(reasons))


def funding(facts: Mapping[str, FactValue | None], strongest: RuleSet | None) -> FundingAnswer:
    """Who is likely to pay, by the strongest basis that gives something now; not settled where there is
    none.
    """
    if strongest is None:
        text = "Who pays follows from the ground for a budget, and none is established that gives one now."
        return FundingAnswer(Funding.NOT_SETTLED, (Reason(text, "Standing Rules (SI 2012/2996) Part 6A"),))
    rule = strongest.funding
    if facts["joint_funded"] is True and rule.kind is Funding.NHS:
        text = "The local authority pays part of the package: an integrated personal budget is likely."
        return FundingAnswer(Funding.INTEGRATED_LIKELY, (Reason(text, strongest.source),))
    text = rule.text or "The NHS pays for the care that this budget covers."
    return FundingAnswer(rule.kind, (Reason(text, rule.source or strongest.source),))
