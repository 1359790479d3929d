"""Needs and indicative budgets behind the few PHBs that the demonstration shows from plan to review."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from random import Random

from django.db import transaction

from budgets.enums import Method
from budgets.models import NeedsProfile, PersonalHealthBudget
from budgets.rules.indicative_budgets import CareRow, OtherRow, Worksheet
from budgets.rules.periods import a_week_of
from budgets.rules.rate_cards import CareKind, DeliveredBy
from budgets.selectors.indicative_budgets import latest_for
from budgets.selectors.needs_profiles import tool_for
from budgets.selectors.rate_cards import rate_card_on
from budgets.services.indicative_budgets import keep_indicative_budget
from budgets.services.needs_profiles import record_needs_profile
from eligibility.selectors.referrals import accepted_on
from phb_register import clock
from phb_register.models import User

from .fully_run import fully_run

PLANNER = "nurse@llr.example.nhs.uk"
_KEYS = uuid.UUID("5b0f5a64-0f7a-4d6e-9d0f-8f6d3f0f4a10")
#: Of those who have an assessment by the Decision Support Tool behind them.
ASSESSED = ("chc", "continuing-care")
EVERY_DAY, WEEKDAYS = frozenset(range(7)), frozenset(range(5))
#: What of a week's cost an hour of pay is, once the costs of employing are on top of it.
PAY_SHARE = Decimal("0.78")
QUARTER = Decimal("0.25")


def load(progress: Callable[[int, int], None]) -> None:
    """Add them where they are not there yet; a second run changes nothing."""
    phbs = [phb for method in Method for phb in fully_run(method, clock.today())]
    by = User.objects.get(email=PLANNER)
    for done, phb in enumerate(phbs, start=1):
        with transaction.atomic():
            _plan(phb, by)
        progress(done, len(phbs))


def _plan(phb: PersonalHealthBudget, by: User) -> None:
    """The needs of one person, and the indicative budget worked out before theirs was agreed."""
    rng = Random(str(phb.referral.submission_key))  # noqa: S311  not for secrets: the same at each load
    assessed_on = phb.referral.received_on
    if phb.cohort.code in ASSESSED and not NeedsProfile.objects.filter(referral=phb.referral).exists():
        _record_needs(phb, by, assessed_on, rng)
    if latest_for(phb.referral) is None and rate_card_on(phb.commissioner, phb.agreed_on) is not None:
        keep_indicative_budget(
            referral=phb.referral,
            by=by,
            worksheet=_worksheet(phb, rng),
            rates_on=phb.agreed_on,
            key=uuid.uuid5(_KEYS, f"indicative {phb.referral.submission_key}"),
            previous_annual_amount=phb.previous_annual_amount,
            note="Invented for the demonstration",
            on=accepted_on(phb.referral) or phb.agreed_on,
        )


def _record_needs(phb: PersonalHealthBudget, by: User, assessed_on: dt.date, rng: Random) -> None:
    tool = tool_for(phb.referral, assessed_on)
    if tool is None:
        return
    domains = tool.as_domains()
    levels = {domain.code: rng.choice(domain.levels[:4]) for domain in domains}
    for domain in rng.sample([domain for domain in domains if "severe" in domain.levels], 2):
        levels[domain.code] = "severe"
    record_needs_profile(
        referral=phb.referral,
        by=by,
        tool=tool,
        assessed_on=assessed_on,
        assessed_by="Community nursing team with social care (invented)",
        levels=levels,
        key=uuid.uuid5(_KEYS, f"needs {phb.referral.submission_key}"),
    )


def _worksheet(phb: PersonalHealthBudget, rng: Random) -> Worksheet:
    """A week of care that comes near what was agreed: employed assistants for a direct payment, else an agency."""
    card = rate_card_on(phb.commissioner, phb.agreed_on)
    rates = card.as_rates() if card else None
    is_employing = phb.method_parts.first().method == Method.DIRECT_PAYMENT  # type: ignore[union-attr]
    by = DeliveredBy.EMPLOYED if is_employing else DeliveredBy.AGENCY
    rate = rates.of_care(by, CareKind.DAY, "weekday") if rates else None
    week = a_week_of(phb.annual_amount) * (PAY_SHARE if is_employing else Decimal("0.94"))
    hours = week / (rate.amount if rate else Decimal(20)) / 7
    in_the_evening = min(Decimal(2), (hours / 4).quantize(QUARTER) or QUARTER)
    in_the_day = max((hours - in_the_evening).quantize(QUARTER), QUARTER)
    carers = 2 if in_the_day > 10 else 1
    given = Decimal(rng.choice((0, 0, 1, 2)))
    care = (
        CareRow(EVERY_DAY, CareKind.DAY, (in_the_day / carers).quantize(QUARTER) + given, carers, given * carers, by),
        CareRow(EVERY_DAY, CareKind.EVENING, in_the_evening, delivered_by=by),
    )
    others = (
        OtherRow("Mileage of carers", "weekly", Decimal(rng.randrange(8, 24)), "Invented for the demonstration"),
        OtherRow("Disposable gloves and aprons", "annual", Decimal("145.00"), "Invented for the demonstration"),
    )
    number = 3 if hours > 6 else 2
    return Worksheet(care, others, personal_assistants=number if is_employing else 0)
