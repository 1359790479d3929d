"""The demonstration's organisations and arrangements: of each kind one at least, and the same at a second run."""

import datetime as dt
from decimal import Decimal

import pytest

from budgets.demonstration import arrangements, organisations
from budgets.enums import Method
from budgets.models import (
    CourtOrder,
    DirectPaymentArrangement,
    DirectPaymentStop,
    SupportOrganisation,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules.agreement import MethodAmount
from phb_register import demonstration as foundations
from phb_register.models import Commissioner, User
from tests.factories.budgets import make_accepted_referral, make_budget

pytestmark = pytest.mark.django_db

STARTED = dt.date(2026, 5, 11)
TABLES = (
    SupportOrganisation,
    DirectPaymentArrangement,
    ThirdPartyArrangement,
    WheelchairArrangement,
    CourtOrder,
    DirectPaymentStop,
)


def test_demonstration_arranges_each_kind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    foundations.load(lambda done, total: None)
    icb, team = Commissioner.objects.get(code="QK1"), User.objects.get(email="team@llr.example.nhs.uk")
    # Fewer than there are, so that one direct payment is left over to be stopped.
    monkeypatch.setitem(arrangements.fully_run.__globals__["OF_EACH"], Method.DIRECT_PAYMENT, 3)
    kinds = [(Method.DIRECT_PAYMENT, "chc")] * 4 + [(Method.THIRD_PARTY, "chc"), (Method.NOTIONAL, "chc")]
    for method, cohort in [*kinds, (Method.NOTIONAL, "wheelchair"), (Method.NOTIONAL, "wheelchair")]:
        amount = Decimal("12000.00")
        make_budget(
            icb,
            by=team,
            referral=make_accepted_referral(icb, cohort=cohort, by=team, received_on=STARTED - dt.timedelta(days=9)),
            agreed_on=STARTED,
            started_on=STARTED,
            annual_amount=amount,
            methods=[MethodAmount(method, amount)],
            is_free_of_orders=True,
        )
    counts = []
    for _ in range(2):
        for step in (organisations, arrangements):
            step.load(lambda done, total: None)
        counts.append([each.objects.count() for each in TABLES])
    assert counts[0] == counts[1] == [8, 3, 1, 2, 2, 1]
    assert DirectPaymentArrangement.objects.filter(payee="nominee", commissioner_agreed_on__isnull=False).count() == 1
    assert DirectPaymentStop.objects.get().phb.ended_on is None
    assert sorted(order.last_day is not None and order.last_day < STARTED for order in CourtOrder.objects.all()) == [
        False,
        True,
    ]
