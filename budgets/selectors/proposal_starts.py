"""What the form of a proposal begins with, so that nothing that is known is asked again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.enums import Funder, Method
from budgets.models import IndicativeBudget, MethodPart, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.proposals import Terms
from eligibility.models import Referral
from eligibility.selectors.referrals import accepted_on, current_decision

from .agreed_budgets import latest_agreed
from .indicative_budgets import latest_for
from .personal_health_budgets import budget_from, facts_of


@dataclass(frozen=True)
class Start:
    """Where a proposal starts from: the budget there is, or the referral's answers and the indicative budget."""

    is_first: bool
    given: dict[str, Any]
    methods: Sequence[MethodAmount] = ()
    shares: Sequence[Share] = ()
    indicative: IndicativeBudget | None = None
    accepted_on: dt.date | None = None
    refused_part: str = ""


def start_of(referral: Referral, today: dt.date) -> Start:
    """Of a referral without a PHB its answers; else what its PHB is at."""
    phb, indicative, decision = budget_from(referral), latest_for(referral), current_decision(referral)
    said = (accepted_on(referral), decision.refused_part if decision else "")
    if phb is not None:
        now = {"annual_amount": phb.annual_amount, "applies_from": today}
        return Start(False, now, open_methods(phb), last_shares(phb), indicative, *said)
    facts = facts_of(referral)
    given: dict[str, Any] = {
        "lives_in": facts.get("lives_in") if facts.get("lives_in") in ("home", "care_home") else None,
        "is_fast_track": bool(facts.get("chc_fast_track")),
        "is_free_of_orders": facts.get("drug_or_alcohol_order") is False,
    }
    if indicative is not None:
        given |= {
            "annual_amount": indicative.annual_amount,
            "one_off_amount": indicative.one_off_amount or None,
            "previous_annual_amount": indicative.previous_annual_amount,
        }
    asked = facts.get("asks_for")
    methods = [MethodAmount(Method(asked), given.get("annual_amount") or Decimal(0))] if asked in Method.values else []
    return Start(True, given, methods, (), indicative, *said)


def open_methods(phb: PersonalHealthBudget) -> list[MethodAmount]:
    """How the money of a PHB is managed from now on."""
    rows = MethodPart.objects.filter(phb=phb, ends_on__isnull=True)
    return [MethodAmount(Method(part.method), part.annual_amount) for part in rows]


def last_shares(phb: PersonalHealthBudget) -> list[Share]:
    """Who pays by the budget agreed last."""
    last = latest_agreed(phb)
    rows = last.shares.all() if last else []
    return [Share(Funder(share.funder), share.percent, share.body_name) for share in rows]


def confirmation_terms(phb: PersonalHealthBudget, reason: str, *, is_free_of_orders: bool = False) -> Terms:
    """The budget agreed last, word for word, as it would be proposed."""
    last = latest_agreed(phb)
    assert last is not None  # noqa: S101  phb_amount_is_agreed
    return Terms(
        applies_from=last.applies_from,
        annual_amount=last.annual_amount,
        methods=open_methods(phb),
        shares=last_shares(phb),
        one_off_amount=last.one_off_amount,
        one_off_method=last.one_off_method,
        previous_annual_amount=phb.previous_annual_amount,
        lives_in=phb.lives_in,
        is_fast_track=phb.is_fast_track,
        is_one_off=phb.is_one_off,
        is_free_of_orders=is_free_of_orders,
        reason=reason,
        difference_reason=reason,
    )
