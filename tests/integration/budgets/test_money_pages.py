"""The pages of money and their files: real figures, who sees what, and how many reads they take."""

import csv
import datetime as dt
import io
from decimal import Decimal
from statistics import mean, quantiles, stdev
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from budgets.enums import Funder, Method
from budgets.models import PersonalHealthBudget
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.periods import a_week_of
from budgets.selectors.money import counted_in, period_of
from budgets.selectors.unit_costs import organisations_paid, unit_costs
from phb_register.models import AccessLogEntry, Commissioner, CommissionerSettings, User
from phb_register.roles import Role
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.payments import make_finance, make_provider, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory, UserFactory

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
def finance(icb: Commissioner) -> User:
    return make_finance(icb)


@pytest.fixture
def board(icb: Commissioner) -> User:
    return UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb)


def address(icb: Commissioner, name: str = "money", query: str = "") -> str:
    if name == "file":
        return f"/lists/money.csv?commissioner={icb.code}{query.replace('?', '&')}"
    return reverse(f"budgets:{name}", args=[icb.code]) + query


def text(client: Client, user: User, url: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def lines(client: Client, user: User, url: str) -> list[list[str]]:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]


def pay_april(icb: Commissioner, finance: User, phb: PersonalHealthBudget, **given: Any) -> None:
    scheduled(phb, finance, **given)
    released(icb, finance, make_finance(icb))


def test_money_of_a_commissioner_is_the_sum_of_its_budgets(client: Client, icb, finance) -> None:
    team = make_team(icb)
    pay_april(icb, finance, payable_budget(icb))
    make_budget(
        icb, by=team, agreed_on=dt.date(2026, 9, 20), started_on=dt.date(2026, 10, 1), annual_amount=Decimal(36500),
        methods=[MethodAmount(Method.THIRD_PARTY, Decimal(36500))], previous_annual_amount=Decimal(40000),
    )  # fmt: skip
    page = text(client, finance, address(icb))
    assert "2026/27, as at the end of 22 November 2026" in page
    # £12,000 for the year, and 182 days of £100.
    assert "£30,200.00" in page
    assert "£18,200.00" in page
    assert "£1,000.00" in page
    # 182 days of £40,000 less £18,200.
    assert "£1,745.21 (8.8%)" in page
    assert "safe to share" not in page
    assert "Budget and forecast to year end by cohort" in page
    narrowed = text(client, finance, address(icb, query="?method=third_party&year=2026"))
    assert "£30,200.00" not in narrowed
    assert "£18,200.00" in narrowed
    assert "nothing was paid" in text(client, finance, address(icb, query="?year=2019"))


def test_nhs_part_goes_by_the_funding_shares(client: Client, icb, finance) -> None:
    shares = [Share(Funder.NHS, Decimal("66.67")), Share(Funder.LOCAL_AUTHORITY, Decimal("33.33"), "Council")]
    payable_budget(icb, shares=shares)
    assert "£8,000.40" in text(client, finance, address(icb, query="?part=nhs"))


def test_wrong_filter_answers_422_and_says_so(client: Client, icb, finance) -> None:
    for name in ("money", "money-budgets", "unit-costs", "money-organisations"):
        assert "a financial year" in text(client, finance, address(icb, name, "?year=1066"), 422).lower()


def test_board_sees_totals_that_tell_nothing_of_one_person(client: Client, icb, finance, board) -> None:
    for _ in range(6):
        payable_budget(icb)
    payable_budget(icb, method=Method.THIRD_PARTY, annual_amount=Decimal("77777.00"))
    page = text(client, board, address(icb))
    assert "safe to share" in page
    assert "77,777" not in page
    assert "£149,777.00" in page
    # Nor the other method, from which it could be worked out.
    assert "£72,000.00" not in page
    assert "/budgets/?" not in page
    rows = lines(client, board, address(icb, "file"))
    assert not any("77777" in cell or "72000" in cell for row in rows for cell in row)
    assert text(client, board, address(icb, "money-budgets"), 403)
    team_page = text(client, make_team(icb), address(icb))
    assert "77,777" in team_page


def test_board_sees_whole_months_by_the_profile_of_the_commissioner(client: Client, icb, finance, board) -> None:
    for _ in range(6):
        payable_budget(icb)
    assert "2026/27, as at the end of 22 November 2026" in text(client, finance, address(icb))
    page = text(client, board, address(icb))
    assert "2026/27, as at the end of 31 October 2026" in page
    assert "£72,000.00" in page
    CommissionerSettings.objects.update_or_create(commissioner=icb, defaults={"disclosure_profile": "1-to-7"})
    page = text(client, board, address(icb))
    assert "£72,000.00" not in page
    assert "Numbers from 1 to 7" in page
    for _ in range(6):
        payable_budget(icb)
    page = text(client, board, address(icb))
    assert "£144,000.00" in page
    # Twelve, rounded to five.
    assert ">10<" in "".join(page.split())
    assert ">12<" not in "".join(page.split())


def test_part_of_the_nhs_tells_the_board_nothing_of_the_one_budget_a_council_shares(client: Client, icb, board) -> None:
    for _ in range(6):
        payable_budget(icb)
    payable_budget(icb, shares=[Share(Funder.NHS, Decimal(60)), Share(Funder.LOCAL_AUTHORITY, Decimal(40), "Council")])
    assert "£84,000.00" in text(client, board, address(icb))
    # £84,000.00 less this would be what the council pays for one person.
    assert "£79,200.00" not in text(client, board, address(icb, query="?part=nhs"))
    rows = lines(client, board, address(icb, "file", "?part=nhs"))
    assert not any("79200" in cell for row in rows for cell in row)


def test_figures_of_few_are_hidden_from_the_panel_too(client: Client, icb) -> None:
    payable_budget(icb)
    panel = UserFactory(role=Role.RISK_PANEL, role__commissioner=icb)
    assert "£12,000.00" not in text(client, panel, address(icb))


def test_file_holds_every_cohort_and_method_and_is_logged(client: Client, icb, finance) -> None:
    pay_april(icb, finance, payable_budget(icb))
    rows = lines(client, finance, address(icb, "file", "?year=2026&cohort=chc"))
    head = next(place for place, row in enumerate(rows) if row[:2] == ["Cohort", "Method"])
    body = {(row[0], row[1]): row[2:] for row in rows[head + 1 :]}
    assert body["chc", "notional"][:5] == ["12000.00", "1000.00", "1000.00", "11000.00", "12000.00"]
    assert set(body) == {("chc", method) for method in Method.values}
    entry = AccessLogEntry.objects.filter(action="export").latest("pk")
    assert (entry.detail["what"], entry.detail["filters"]["cohort"]) == ("money", "chc")
    assert text(client, make_nurse(icb), address(icb, "file"), 403)


def test_budgets_behind_a_figure_are_listed_with_their_own_and_the_look_is_logged(
    client: Client, icb, finance, django_assert_max_num_queries: Any
) -> None:
    phbs = [payable_budget(icb) for _ in range(3)]
    pay_april(icb, finance, phbs[0])
    url = address(icb, "money-budgets", "?year=2026&cohort=chc&method=notional")
    page = text(client, finance, url)
    assert all(reverse("budgets:budget-money", args=[phb.reference]) in page for phb in phbs)
    assert AccessLogEntry.objects.filter(action="list", actor=finance).latest("pk").detail["what"] == (
        "budgets behind money"
    )
    with django_assert_max_num_queries(20):
        client.get(url)
    assert "None. Change the filters." in text(client, finance, address(icb, "money-budgets", "?method=third_party"))


def test_money_of_a_budget_shows_its_year_by_month(
    client: Client, icb, finance, django_assert_max_num_queries: Any
) -> None:
    phb = payable_budget(icb)
    pay_april(icb, finance, phb)
    url = reverse("budgets:budget-money", args=[phb.reference])
    page = text(client, finance, url)
    assert "Budget and what was paid, from 1 April on, by month, 2026/27" in page
    assert "£11,000.00" in page  # the budget up to the end of February
    assert AccessLogEntry.objects.filter(action="read", actor=finance, subject_id=str(phb.pk)).exists()
    with django_assert_max_num_queries(28):
        client.get(url)
    assert "was not in place in this year" in text(client, finance, f"{url}?year=2020")
    text(client, make_nurse(icb), url, 403)
    text(client, UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb), url, 404)


def test_commissioners_page_takes_as_many_reads_for_much_as_for_little(
    client: Client, icb, finance, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        payable_budget(icb)
    client.force_login(finance)
    client.get(address(icb))
    with django_assert_max_num_queries(16):
        client.get(address(icb))


def test_unit_costs_are_those_of_a_slow_reckoning(client: Client, icb, finance) -> None:
    annual = [Decimal(amount) for amount in (10000, 20000, 30500, 41234, 52000)]
    for amount in annual:
        payable_budget(icb, annual_amount=amount)
    payable_budget(icb, annual_amount=Decimal(999999), is_one_off=True)
    ids = counted_in(icb, period_of(2026, TODAY))
    found = {(each.kind, each.code): each for each in unit_costs(ids, TODAY)}
    weekly = [a_week_of(amount) for amount in annual]
    lower, median, upper = quantiles(weekly, method="inclusive")
    for key in (("all", ""), ("cohort", "chc"), ("method", "notional")):
        each = found[key]
        assert each.budgets == 5
        assert each.average == mean(weekly).quantize(Decimal("0.01"))
        assert (each.lower, each.median, each.upper) == (lower, median, upper)
        assert each.spread == stdev(weekly).quantize(Decimal("0.01"))
    page = text(client, finance, address(icb, "unit-costs"))
    assert f"£{median:,.2f}" in page
    assert "A week’s cost: cohort" in page
    rows = lines(client, finance, address(icb, "unit-costs-file"))
    assert ["all", "", "All budgets", "5"] in [row[:4] for row in rows]


def test_unit_costs_of_few_are_hidden_from_the_board(client: Client, icb, board) -> None:
    payable_budget(icb, annual_amount=Decimal(365000))
    page = text(client, board, address(icb, "unit-costs"))
    assert "£7,000.00" not in page
    assert "*" in page


def test_board_sees_no_median_or_quartile_that_is_one_budgets_own(client: Client, icb, finance, board) -> None:
    for amount in range(9):
        payable_budget(icb, annual_amount=Decimal(36500 + 365 * amount))
    median = "£728.00"
    assert median in text(client, finance, address(icb, "unit-costs"))
    # Its mean is the same amount: of nine, it tells nothing of one.
    row = next(row for row in lines(client, board, address(icb, "unit-costs-file")) if row[:1] == ["all"])
    assert row[3:] == ["9", "728.00", "*", "*", "*", row[-1]]


def test_organisations_stand_with_what_they_are_paid(client: Client, icb, finance, board) -> None:
    provider = make_provider(icb, name="Kestrel Care")
    pay_april(icb, finance, payable_budget(icb), provider=provider)
    (found,) = organisations_paid(counted_in(icb, period_of(2026, TODAY)), period_of(2026, TODAY))
    assert (found.name, found.paid, found.held, found.paid_budgets) == ("Kestrel Care", Decimal(1000), 0, 1)
    url = address(icb, "money-organisations")
    assert "Kestrel Care" in text(client, finance, url)
    assert "£1,000.00" not in text(client, board, url)
    assert "Kestrel Care" in str(lines(client, finance, address(icb, "money-organisations-file")))


def test_money_in_the_navigation_leads_to_the_one_commissioner(client: Client, icb, finance) -> None:
    client.force_login(finance)
    answer = client.get(reverse("budgets:money-choice"))
    assert answer.url == address(icb)  # type: ignore[attr-defined]
    assert reverse("budgets:money-choice") in client.get("/").content.decode()
