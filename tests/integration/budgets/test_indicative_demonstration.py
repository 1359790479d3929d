"""The demonstration's rate cards, needs and indicative budgets: there once, near what was agreed, and invented."""

import datetime as dt
from decimal import Decimal

import pytest

from budgets.demonstration import indicative_budgets, rate_cards
from budgets.enums import Method
from budgets.models import IndicativeBudget, NeedsProfile, PersonalHealthBudget, RateCard, RateCardValue
from budgets.rules.agreement import MethodAmount
from budgets.rules.departures import check_departure
from phb_register import demonstration as foundations
from phb_register.models import Commissioner, User
from tests.factories.budgets import make_budget

pytestmark = pytest.mark.django_db
AGREED_ON = dt.date(2026, 5, 11)


@pytest.fixture
def phbs() -> list[PersonalHealthBudget]:
    """A direct payment and a notional budget of the partnership's ICB, in place."""
    foundations.load(lambda done, total: None)
    commissioner, team = Commissioner.objects.get(code="QK1"), User.objects.get(email="team@llr.example.nhs.uk")
    return [
        make_budget(
            commissioner,
            by=team,
            agreed_on=AGREED_ON,
            started_on=AGREED_ON,
            annual_amount=amount,
            methods=[MethodAmount(method, amount)],
            is_free_of_orders=True,
        )
        for method, amount in ((Method.DIRECT_PAYMENT, Decimal("61234.00")), (Method.NOTIONAL, Decimal("30111.50")))
    ]


def test_demonstration_works_out_budgets_near_what_was_agreed_and_changes_nothing_twice(
    phbs: list[PersonalHealthBudget],
) -> None:
    for _ in range(2):
        rate_cards.load(lambda done, total: None)
        indicative_budgets.load(lambda done, total: None)
    assert RateCard.objects.count() == 2
    assert not RateCardValue.objects.filter(source="").exists()
    assert IndicativeBudget.objects.count() == NeedsProfile.objects.count() == len(phbs)
    for phb in phbs:
        indicative = IndicativeBudget.objects.get(referral=phb.referral)
        assert indicative.rate_card.number == 2
        found = check_departure(phb.annual_amount, indicative.annual_amount, Decimal(25))
        assert not found.needs_reason, found
        has_employing = indicative.lines.filter(group="employing").exists()
        assert has_employing == (phb.annual_amount == Decimal("61234.00"))


def test_demonstration_passes_over_what_it_cannot_price() -> None:
    foundations.load(lambda done, total: None)
    phb = make_budget(
        Commissioner.objects.get(code="QK1"),
        by=User.objects.get(email="team@llr.example.nhs.uk"),
        agreed_on=AGREED_ON,
        started_on=AGREED_ON,
    )
    indicative_budgets.load(lambda done, total: None)
    assert not IndicativeBudget.objects.filter(referral=phb.referral).exists()
