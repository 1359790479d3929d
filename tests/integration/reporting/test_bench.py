"""The benchmark measures what it says and leaves the register as it was."""

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command

from budgets.models import Payment, PersonalHealthBudget
from eligibility.models import Referral, ResourceImplications, RuleSet
from phb_register import clock
from phb_register.dates import financial_year
from phb_register.models import AccessLogEntry, Commissioner, Person
from phb_register.roles import Role
from reporting.benchmark import commitments, implications, pages, payments
from reporting.benchmark.commitments import commitments_cost
from reporting.benchmark.payments import run_costs
from reporting.benchmark.timing import Timing, compare
from tests.factories.eligibility import make_referral
from tests.factories.payments import make_finance, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration():
    """As much of a demonstration as the pages need."""
    llr, icb = Commissioner.objects.get(code="LLR"), Commissioner.objects.get(code="QK1")
    UserFactory(email=pages.TEAM, role=Role.PHB_TEAM, role__commissioner=llr)
    nurse = UserFactory(email=pages.NURSE, role=Role.REFERRING_NURSE, role__commissioner=llr)
    make_spell(icb, started_on=dt.date(2026, 1, 5))
    make_referral(icb, by=nurse)
    PersonFactory.create_batch(4, commissioner=icb)


def test_bench_prints_each_page_beside_its_sql_and_writes_nothing(demonstration):
    models = (Person, Referral, PersonalHealthBudget, AccessLogEntry, ResourceImplications, RuleSet)
    before = [model.objects.count() for model in models]
    out = io.StringIO()
    call_command(
        "bench", "--repeats", "2", "--people", "300", "--payments", "--budgets", "0", "--no-memory", stdout=out
    )
    assert all(name in out.getvalue() for name in ("Register list", "Dashboard", "Submitted referral"))
    assert re.search(r"By [0-9]+ rule sets", out.getvalue())
    assert re.search(r"Screening one person +[0-9.]+ +[0-9.]+", out.getvalue())
    # That the job and the SQL count the same people, the benchmark itself makes sure of.
    assert re.search(r"One criterion that gives a right +30[0-9] +[1-9]", out.getvalue())
    assert [model.objects.count() for model in models] == before


def test_bench_tells_of_a_count_that_differs_from_the_sql(demonstration, monkeypatch):
    monkeypatch.setattr(implications, "BY_HAND", "SELECT 1, 1")
    with pytest.raises(CommandError, match="one of them is wrong"):
        call_command(
            "bench", "--repeats", "1", "--people", "100", "--payments", "--budgets", "0", "--no-memory",
            stdout=io.StringIO(),
        )  # fmt: skip


def test_payment_run_costs_are_of_the_payments_that_sql_by_hand_makes(monkeypatch):
    icb = CommissionerFactory()
    scheduled(payable_budget(icb), finance := make_finance(icb))
    run = released(icb, finance, make_finance(icb))
    assert run.pays_on == financial_year(clock.today()).start
    costs = run_costs(30)
    assert [each.name for each in costs] == ["Prepare", "Check", "Release", "The whole run"]
    assert {each.payments for each in costs} == {30}
    assert costs[-1].seconds == sum(each.seconds for each in costs[:-1])
    assert costs[-1].ratio > 0
    assert (Payment.objects.count(), Commissioner.objects.filter(code="BENCH").count()) == (1, 0)
    monkeypatch.setattr(payments, "PREPARE", payments.PREPARE.replace("/ 12", "/ 13"))
    with pytest.raises(CommandError, match="one of them is wrong"):
        run_costs(5)


def test_figures_of_money_are_those_of_sql_by_hand(monkeypatch):
    icb = CommissionerFactory()
    scheduled(payable_budget(icb), finance := make_finance(icb))
    released(icb, finance, make_finance(icb))
    cost = commitments_cost(20)
    assert (cost.budgets, cost.timing.page > 0, cost.timing.sql > 0) == (20, True, True)
    assert (PersonalHealthBudget.objects.count(), Payment.objects.count()) == (1, 1)
    monkeypatch.setattr(commitments, "BY_HAND", commitments.BY_HAND.replace("sum(part.annual_amount)", "1"))
    with pytest.raises(CommandError, match="one of them is wrong"):
        commitments_cost(5)


def test_bench_without_a_demonstration_says_how_to_get_one():
    with pytest.raises(CommandError, match="Load the demonstration first"):
        call_command("bench", "--no-memory")


def test_bench_refuses_no_repeats():
    with pytest.raises(CommandError, match="1 or more"):
        call_command("bench", "--repeats", "0")
    with pytest.raises(CommandError, match="0 or more"):
        call_command("bench", "--people", "-1")


def test_compare_takes_turns_and_counts_the_first_apart():
    calls = []
    timing = compare("x", page=lambda: calls.append("page"), sql=lambda: calls.append("sql"), repeats=3, queries=7)
    assert calls == ["page", "sql"] * 4
    assert timing.queries == 7


def test_ratio_is_page_over_sql():
    assert Timing("x", first=9, page=30, sql=10, queries=1).ratio == 3
