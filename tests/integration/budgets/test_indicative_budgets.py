import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import IndicativeBudget, IndicativeBudgetLine
from budgets.rules.indicative_budgets import OtherRow, Worksheet
from budgets.selectors.indicative_budgets import latest_for
from budgets.services.indicative_budgets import keep_indicative_budget
from eligibility.models import Referral
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.rate_cards import A_WEEK, make_draft_card, make_indicative, make_needs_profile, make_rate_card
from tests.support.indicative import care

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_the_day")]
RATES_ON = dt.date(2026, 11, 10)


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


@pytest.fixture
def referral(commissioner: Commissioner, team: User) -> Referral:
    make_rate_card(commissioner, by=team)
    return make_accepted_referral(commissioner, by=team)


def test_budget_is_kept_with_its_lines_card_and_needs(referral: Referral, team: User) -> None:
    profile = make_needs_profile(referral, by=team)
    worksheet = Worksheet(
        care=(care(hours="4", unpaid="1"),), others=(OtherRow("Hoist", "one_off", Decimal("1200"), "Quote"),)
    )
    budget = make_indicative(referral, by=team, worksheet=worksheet, previous_annual_amount=Decimal("30000"))
    kept = IndicativeBudget.objects.get()
    # 20 hours at £20 less 5, a week: £400.00 - £100.00, as £20,857.14 - £5,214.29 a year.
    assert (kept.annual_amount, kept.one_off_amount) == (Decimal("15642.85"), Decimal("1200.00"))
    assert [str(line.annual_amount) for line in kept.lines.all()] == ["20857.14", "-5214.29", "0.00"]
    assert (kept.number, kept.rate_card.number, kept.needs_profile) == (1, 1, profile)
    assert kept.as_worksheet() == worksheet
    assert latest_for(referral) == budget
    assert (make_indicative(referral, by=team).number, latest_for(referral).number) == (2, 2)


def test_later_rate_card_leaves_what_was_worked_out_as_it_is(
    referral: Referral, team: User, commissioner: Commissioner
) -> None:
    first = make_indicative(referral, by=team)
    make_rate_card(commissioner, by=team, agency_day_weekday="30")
    second = make_indicative(referral, by=team)
    assert (first.annual_amount, second.annual_amount) == (Decimal("20857.14"), Decimal("31285.71"))
    first.refresh_from_db()
    assert (first.annual_amount, first.rate_card.number, second.rate_card.number) == (Decimal("20857.14"), 1, 2)


def test_sent_twice_it_makes_one(referral: Referral, team: User) -> None:
    key = uuid.uuid4()
    first, second = (
        keep_indicative_budget(referral=referral, by=team, worksheet=A_WEEK, rates_on=RATES_ON, key=key)
        for _ in range(2)
    )
    assert first == second
    assert IndicativeBudget.objects.count() == 1


def test_day_without_a_rate_card_is_refused_with_the_remedy(commissioner: Commissioner, team: User) -> None:
    make_draft_card(commissioner, by=team)
    referral = make_accepted_referral(commissioner, by=team)
    with pytest.raises(BudgetRefused, match="no rate card in force on that day"):
        make_indicative(referral, by=team)


def test_referral_that_is_not_accepted_is_refused(commissioner: Commissioner, team: User) -> None:
    card = make_rate_card(commissioner, by=team)
    referral = make_referral(commissioner)
    with pytest.raises(BudgetRefused, match="Accept the referral first"):
        make_indicative(referral, by=team)
    with pytest.raises(IntegrityError, match="accepted referral"), transaction.atomic():
        IndicativeBudget.objects.create(**raw(referral, team), rate_card=card)


def raw(referral: Referral, by: User) -> dict[str, object]:
    return {
        "submission_key": uuid.uuid4(),
        "referral": referral,
        "number": 7,
        "rates_on": RATES_ON,
        "worksheet": A_WEEK.as_json(),
        "annual_amount": 0,
        "one_off_amount": 0,
        "worked_out_on": RATES_ON,
        "worked_out_by": by,
    }


def test_those_who_do_not_plan_are_refused(referral: Referral, commissioner: Commissioner) -> None:
    for stranger in (
        UserFactory(role=Role.FINANCE, role__commissioner=commissioner),
        make_team(CommissionerFactory()),
    ):
        with pytest.raises(PermissionDenied):
            make_indicative(referral, by=stranger)


def test_database_refuses_to_change_a_budget_or_its_working(referral: Referral, team: User) -> None:
    budget = make_indicative(referral, by=team)
    line = budget.lines.get()
    for change in (
        lambda: IndicativeBudget.objects.update(annual_amount=1),
        lambda: IndicativeBudgetLine.objects.all()._raw_delete(using="default"),
        lambda: IndicativeBudgetLine.objects.update(label="Something else"),
        lambda: line.delete(),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()


def test_database_refuses_lines_that_do_not_add_up(referral: Referral, team: User) -> None:
    budget = make_indicative(referral, by=team)
    line = budget.lines.get()
    line.pk, line.position = None, 2

    def save_and_commit() -> None:
        line.save()
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="lines add to"), transaction.atomic():
        save_and_commit()


@pytest.mark.parametrize("wrong", [{"amount": Decimal("400.01")}, {"annual_amount": Decimal("20800.00")}])
def test_database_refuses_a_line_that_is_not_quantity_times_rate(
    referral: Referral, team: User, wrong: dict[str, Decimal]
) -> None:
    line = make_indicative(referral, by=team).lines.get()
    line.pk, line.position = None, 2
    for name, amount in wrong.items():
        setattr(line, name, amount)
    with pytest.raises(IntegrityError, match="indicative_line_"), transaction.atomic():
        line.save()


def test_database_refuses_a_card_that_is_not_in_force(
    referral: Referral, commissioner: Commissioner, team: User
) -> None:
    draft = make_draft_card(commissioner, by=team)
    with pytest.raises(IntegrityError, match="rate card that is in force"), transaction.atomic():
        IndicativeBudget.objects.create(**raw(referral, team), rate_card=draft)
