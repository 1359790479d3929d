"""PHBs: made through the services as the pages make them, or as bare rows where a test needs many."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.enums import EndReason, Funder, LivesIn, Method
from budgets.models import MethodPart, PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from budgets.services import agree_budget, end_budget, start_budget
from budgets.services.agreed_budgets import add_agreed_budget
from eligibility.models import Referral
from eligibility.services.referrals import accept_referral
from offers.models import Cohort
from phb_register.models import Commissioner, Person, User
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import PersonFactory, UserFactory

NHS_ONLY = (Share(Funder.NHS, Decimal(100)),)
AGREED_ON = dt.date(2026, 11, 10)


def make_accepted_referral(
    commissioner: Commissioner,
    *,
    person: Person | None = None,
    cohort: str = "chc",
    received_on: dt.date = dt.date(2026, 11, 2),
    facts: dict[str, Any] | None = None,
    by: User | None = None,
) -> Referral:
    """A referral that the PHB team accepted on the day after it was received."""
    referral = make_referral(commissioner, person=person, received_on=received_on, facts=facts)
    return accept_referral(
        referral=referral,
        cohort=Cohort.objects.get(code=cohort),
        by=by or make_team(commissioner),
        on=received_on + dt.timedelta(days=1),
        note="For a test",
    )


def make_budget(
    commissioner: Commissioner,
    *,
    by: User | None = None,
    referral: Referral | None = None,
    agreed_on: dt.date = AGREED_ON,
    started_on: dt.date | None = None,
    ended_on: dt.date | None = None,
    annual_amount: Decimal = Decimal("52000.00"),
    methods: Sequence[MethodAmount] | None = None,
    shares: Sequence[Share] = NHS_ONLY,
    **given: Any,
) -> PersonalHealthBudget:
    """A PHB agreed by a PHB team, and started and ended where dates are given. Notional, paid by the NHS."""
    team = by or make_team(commissioner)
    phb = agree_budget(
        referral=referral
        or make_accepted_referral(commissioner, by=team, received_on=agreed_on - dt.timedelta(days=8)),
        by=team,
        agreed_on=agreed_on,
        annual_amount=annual_amount,
        methods=methods or [MethodAmount(Method.NOTIONAL, annual_amount)],
        shares=shares,
        **given,
    )
    if started_on is not None:
        phb = start_budget(phb=phb, by=team, started_on=started_on)
    if ended_on is not None:
        phb = end_budget(phb=phb, by=team, ended_on=ended_on, reason=EndReason.DIED)
    return phb


def bare_budget(
    commissioner: Commissioner,
    *,
    cohort: Cohort,
    agreed_on: dt.date,
    started_on: dt.date | None = None,
    ended_on: dt.date | None = None,
    person: Person | None = None,
    by: User | None = None,
    methods: Sequence[Method] = (Method.NOTIONAL,),
    methods_end_on: dt.date | None = None,
    nhs_percent: Decimal = Decimal(100),
    shares: Sequence[Share] = (),
    is_fast_track: bool = False,
    lives_in: LivesIn = LivesIn.HOME,
    is_one_off: bool = False,
) -> PersonalHealthBudget:
    """The rows of a PHB and nothing around them: no screening, no decision, no entry in a log.

    For tests that need many. The database's own guards still look at every one.
    """
    user = by or UserFactory()
    holder = person or PersonFactory(commissioner=commissioner)
    referral = Referral.objects.create(
        submission_key=uuid.uuid4(),
        person=holder,
        commissioner=commissioner,
        cohort=cohort,
        status="accepted",
        received_on=agreed_on,
        decision_days=28,
        decision_days_counted="calendar",
        decision_due_on=agreed_on,
        referred_by=user,
    )
    phb = PersonalHealthBudget.objects.create(
        person=holder,
        commissioner=commissioner,
        cohort=cohort,
        referral=referral,
        agreed_on=agreed_on,
        agreed_by=user,
        started_on=started_on,
        ended_on=ended_on,
        end_reason=EndReason.DIED if ended_on else "",
        annual_amount=Decimal(1000) * len(methods),
        is_fast_track=is_fast_track,
        lives_in=lives_in,
        is_one_off=is_one_off,
    )
    MethodPart.objects.bulk_create(
        MethodPart(
            phb=phb,
            method=method,
            starts_on=started_on or agreed_on,
            ends_on=ended_on or methods_end_on,
            annual_amount=Decimal(1000),
        )
        for method in methods
    )
    if not shares:
        shares = [Share(Funder.NHS, nhs_percent)]
        if nhs_percent != 100:
            shares = [*shares, Share(Funder.LOCAL_AUTHORITY, 100 - nhs_percent, "Testing Council")]
    add_agreed_budget(phb, by=user, applies_from=agreed_on, annual_amount=phb.annual_amount, shares=shares)
    return phb
