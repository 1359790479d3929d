import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import RateCard, RateCardValue
from budgets.rules.rate_cards import RateValue
from budgets.selectors.rate_cards import rate_card_on
from budgets.services.rate_cards import change_details, change_values, put_in_force, start_rate_card, withdraw_rate_card
from phb_register.models import Commissioner, CommissionerKind, PartnershipMember, User
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.rate_cards import make_draft_card, make_rate_card

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_on_the_day"),
]
DAY = dt.timedelta(days=1)


@pytest.fixture
def _on_the_day() -> object:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


def test_the_card_with_the_latest_first_day_counts(commissioner: Commissioner, team: User) -> None:
    first = make_rate_card(commissioner, by=team, applies_from=dt.date(2025, 4, 1))
    second = make_rate_card(commissioner, by=team, applies_from=dt.date(2026, 4, 1))
    assert rate_card_on(commissioner, first.applies_from - DAY) is None
    assert rate_card_on(commissioner, second.applies_from - DAY) == first
    assert rate_card_on(commissioner, second.applies_from) == second
    # A correction from the same day on takes its place.
    third = make_rate_card(commissioner, by=team, applies_from=dt.date(2026, 4, 1), agency_day_weekday="21")
    assert rate_card_on(commissioner, second.applies_from) == third


def test_draft_does_not_count(commissioner: Commissioner, team: User) -> None:
    make_draft_card(commissioner, by=team)
    assert rate_card_on(commissioner, dt.date(2026, 11, 22)) is None


def test_card_of_a_partnership_holds_for_its_members_without_one_of_their_own(team: User) -> None:
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    member = CommissionerFactory()
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=dt.date(2026, 6, 1))
    shared = make_rate_card(partnership, by=make_team(partnership), applies_from=dt.date(2026, 4, 1))
    assert rate_card_on(member, dt.date(2026, 5, 31)) is None
    assert rate_card_on(member, dt.date(2026, 6, 1)) == shared
    own = make_rate_card(member, by=make_team(member), applies_from=dt.date(2026, 7, 1))
    assert rate_card_on(member, dt.date(2026, 6, 30)) == shared
    assert rate_card_on(member, dt.date(2026, 7, 1)) == own


def test_next_version_begins_with_the_values_of_the_one_in_force(commissioner: Commissioner, team: User) -> None:
    first = make_rate_card(commissioner, by=team)
    second = start_rate_card(commissioner=commissioner, by=team, applies_from=dt.date(2027, 4, 1))
    assert (second.number, second.as_rates().values) == (2, first.as_rates().values)
    with pytest.raises(BudgetRefused, match="being written already"):
        start_rate_card(commissioner=commissioner, by=team, applies_from=dt.date(2027, 4, 1))
    withdraw_rate_card(card=second, by=team, reason="Not needed")
    third = start_rate_card(commissioner=commissioner, by=team, applies_from=dt.date(2027, 4, 1))
    assert (third.number, third.as_rates().values) == (3, first.as_rates().values)


def test_values_are_replaced_by_part(commissioner: Commissioner, team: User) -> None:
    card = make_draft_card(commissioner, by=team, agency_day_weekday="20", agency_nurse_weekday="38", insurance="80")
    change_values(
        card=card, by=team, group="agency", values={"agency_day_weekday": RateValue(Decimal("20.50"), "Framework")}
    )
    held = {each.code: (each.amount, each.source) for each in RateCardValue.objects.filter(rate_card=card)}
    assert held["agency_day_weekday"] == (Decimal("20.5"), "Framework")
    assert set(held) == {"agency_day_weekday", "insurance"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"insurance": RateValue(Decimal(80), " ")}, "insurance_source"),
        ({"pension_percent": RateValue(Decimal(101), "Law")}, "pension_percent"),
        (
            {"holiday_weeks": RateValue(Decimal(5), "Law"), "holiday_percent": RateValue(Decimal(12), "Law")},
            "holiday_percent",
        ),
        ({"ni_percent": RateValue(Decimal(15), "Law")}, "ni_threshold"),
        ({"start_up": RateValue(Decimal(15), "Quote")}, ""),
    ],
)
def test_wrong_values_are_refused(
    commissioner: Commissioner, team: User, values: dict[str, RateValue], field: str
) -> None:
    card = make_draft_card(commissioner, by=team)
    with pytest.raises(BudgetRefused) as refused:
        change_values(card=card, by=team, group="employing", values=values)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_card_without_a_rate_is_not_put_in_force(commissioner: Commissioner, team: User) -> None:
    card = make_draft_card(commissioner, by=team, insurance="80")
    with pytest.raises(BudgetRefused, match="at least one rate of care"):
        put_in_force(card=card, by=team)


def test_card_in_force_is_refused_every_change(commissioner: Commissioner, team: User) -> None:
    card = make_rate_card(commissioner, by=team)
    for change in (
        lambda: change_details(card=card, by=team, applies_from=dt.date(2026, 5, 1), note=""),
        lambda: change_values(card=card, by=team, group="agency", values={}),
        lambda: put_in_force(card=card, by=team),
        lambda: withdraw_rate_card(card=card, by=team, reason="A mistake"),
    ):
        with pytest.raises(BudgetRefused, match="done already"):
            change()


def test_database_refuses_to_change_a_card_in_force(commissioner: Commissioner, team: User) -> None:
    card = make_rate_card(commissioner, by=team)
    value = card.values.first()
    for change in (
        lambda: RateCard.objects.filter(pk=card.pk).update(applies_from=dt.date(2020, 1, 1)),
        lambda: RateCard.objects.filter(pk=card.pk).update(status="draft"),
        lambda: RateCardValue.objects.filter(pk=value.pk).update(amount=1),
        lambda: RateCardValue.objects.filter(pk=value.pk).delete(),
        lambda: RateCardValue.objects.create(rate_card=card, code="dbs", amount=1, source="Quote"),
        lambda: RateCard.objects.filter(pk=card.pk).delete(),
        lambda: RateCard.objects.create(
            commissioner=commissioner, number=9, status="in_force", applies_from=dt.date(2020, 1, 1), prepared_by=team
        ),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


def test_nobody_else_writes_a_card(commissioner: Commissioner, team: User) -> None:
    card = make_draft_card(commissioner, by=team)
    for stranger in (make_nurse(commissioner), make_team(CommissionerFactory())):
        with pytest.raises(PermissionDenied):
            put_in_force(card=card, by=stranger)
        with pytest.raises(PermissionDenied):
            start_rate_card(commissioner=commissioner, by=stranger, applies_from=dt.date(2026, 4, 1))
