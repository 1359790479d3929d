"""The front page of a PHB: what is next to do, its money in one line, and how many reads that takes."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from budgets.enums import EndReason, Method
from budgets.models import PersonalHealthBudget
from budgets.services import end_budget
from phb_register.models import Commissioner, User
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.payments import make_finance, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def paid(icb: Commissioner) -> PersonalHealthBudget:
    phb = payable_budget(icb, method=Method.NOTIONAL)
    finance = make_finance(icb)
    scheduled(phb, finance)
    released(icb, finance, make_finance(icb))
    return phb


def page(client: Client, user: User, phb: PersonalHealthBudget) -> str:
    client.force_login(user)
    answer = client.get(reverse("budgets:personal-health-budget", args=[phb.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_front_page_says_what_is_next_and_the_money_in_one_line(client: Client, paid, team) -> None:
    text = page(client, team, paid)
    assert "Write and sign a support plan: none is in force" in text
    assert "Next payment: £1,000.00, due on 1 December 2026" in text
    assert "Money in 2026/27: budget £12,000.00, paid £1,000.00, forecast £12,000.00, variance £0.00." in text
    assert "Confirm the budget" not in text


def test_budget_that_was_only_entered_asks_to_be_confirmed(client: Client, icb, team) -> None:
    phb = make_budget(icb, by=team, started_on=dt.date(2026, 11, 16))
    assert "Confirm the budget by a proposal. Until then nothing is paid" in page(client, team, phb)


def test_nurse_is_told_nothing_of_payments(client: Client, icb, paid) -> None:
    text = page(client, make_nurse(icb), paid)
    assert "Next payment" not in text
    assert "Money in 2026/27" not in text
    assert "Write and sign a support plan" in text


def test_front_page_of_an_ended_budget_leads_to_what_is_left(client: Client, paid, team) -> None:
    end_budget(phb=paid, by=team, ended_on=TODAY, reason=EndReason.MOVED)
    text = page(client, team, paid)
    assert "Reconcile the money, because the budget has ended" in text
    assert reverse("budgets:closure", args=[paid.reference]) in text
    assert reverse("budgets:take-back-end", args=[paid.reference]) in text
    assert "Next payment" not in text


def test_front_page_takes_a_fixed_number_of_reads(
    client: Client, paid, team, django_assert_max_num_queries: Any
) -> None:
    page(client, team, paid)
    with django_assert_max_num_queries(38):
        page(client, team, paid)
