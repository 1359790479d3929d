"""Rate cards, indicative budgets and needs profiles, made through the services as the pages make them."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from budgets.models import IndicativeBudget, NeedsProfile, NeedsTool, RateCard
from budgets.rules.indicative_budgets import Worksheet
from budgets.rules.rate_cards import VALUE_BY_CODE, RateValue
from budgets.services.indicative_budgets import keep_indicative_budget
from budgets.services.needs_profiles import record_needs_profile
from budgets.services.rate_cards import change_values, put_in_force, start_rate_card
from eligibility.models import Referral
from phb_register.models import Commissioner, User
from tests.support.indicative import SOURCE, care

VALUES = {"agency_day_weekday": "20", "agency_day_weekend": "24", "employed_day_weekday": "13", "insurance": "80"}
A_WEEK = Worksheet(care=(care(hours="4"),))
"""20 hours at £20: £400.00 a week, £20,857.14 a year."""


def make_draft_card(
    commissioner: Commissioner, *, by: User, applies_from: dt.date = dt.date(2026, 4, 1), **values: str
) -> RateCard:
    """A rate card that is being written."""
    card = start_rate_card(commissioner=commissioner, by=by, applies_from=applies_from)
    groups: dict[str, dict[str, RateValue]] = {}
    for code, amount in (values or VALUES).items():
        groups.setdefault(VALUE_BY_CODE[code].group, {})[code] = RateValue(Decimal(amount), SOURCE)
    for group, held in groups.items():
        change_values(card=card, by=by, group=group, values=held)
    return card


def make_rate_card(commissioner: Commissioner, *, by: User, **given: Any) -> RateCard:
    """A rate card in force."""
    return put_in_force(card=make_draft_card(commissioner, by=by, **given), by=by)


def make_indicative(referral: Referral, *, by: User, **given: Any) -> IndicativeBudget:
    """An indicative budget of a referral whose commissioner has a rate card."""
    given.setdefault("worksheet", A_WEEK)
    given.setdefault("rates_on", dt.date(2026, 11, 10))
    return keep_indicative_budget(referral=referral, by=by, key=uuid.uuid4(), **given)


def make_needs_profile(referral: Referral, *, by: User, code: str = "adults-2018", **levels: str) -> NeedsProfile:
    """A needs profile: “Low” in every domain that is not given (with a hyphen as an underscore)."""
    tool = NeedsTool.objects.get(code=code)
    named = {name.replace("_", "-"): level for name, level in levels.items()}
    return record_needs_profile(
        referral=referral,
        by=by,
        tool=tool,
        assessed_on=dt.date(2026, 11, 2),
        assessed_by="Community nursing team",
        levels={domain.code: named.get(domain.code, "low") for domain in tool.domains.all()},
        key=uuid.uuid4(),
    )
