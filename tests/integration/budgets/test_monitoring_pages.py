"""The pages of monitoring and recovery: a statement from its file to the end of its return, and money asked back."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import MonitoringReturn, Recovery, Statement, StatementDraft, StatementLayout, Surplus
from budgets.services.monitoring_returns import receive_return
from phb_register import clock
from phb_register.models import Commissioner, User
from tests.factories.arrangements import make_arrangement
from tests.factories.monitoring import (
    LINES,
    make_direct_payment,
    make_recovery,
    make_return,
    make_statement,
    statement_file,
    two_who_monitor,
)
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def two(commissioner: Commissioner) -> tuple[User, User]:
    return two_who_monitor(commissioner)


@pytest.fixture
def as_team(client: Client, two: tuple[User, User]) -> Client:
    client.force_login(two[0])
    return client


def day(name: str, on: dt.date) -> dict[str, int]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def upload(client: Client, found: MonitoringReturn, content: bytes):
    file = SimpleUploadedFile("statement.csv", content, content_type="text/csv")
    address = reverse("budgets:return-statement", args=[found.reference])
    return client.post(address, {"file": file, **day("received_on", dt.date(2026, 7, 1))})


def test_statement_goes_from_its_file_to_the_end_of_its_return(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0], risk_level="high")
    answer = upload(as_team, found, statement_file(LINES))
    assert answer.status_code == 302
    shown = as_team.get(answer.url)
    assert "Nothing is stored yet" in shown.text
    assert "1,130.00" in shown.text
    assert as_team.post(answer.url, {}).status_code == 302
    # Pressed twice.
    assert as_team.post(answer.url, {}).status_code == 302
    assert Statement.objects.count() == 1
    assert not StatementDraft.objects.exists()
    rule = {"contains": "wages", "what": "out/plan:personal_assistant", "whose": "budget"}
    assert as_team.post(reverse("budgets:return-rule", args=[found.reference]), rule).status_code == 302
    lines_url = reverse("budgets:return-lines", args=[found.reference])
    assert "Suggested by a rule" in as_team.get(lines_url).text
    kinds = ["payment", "plan:personal_assistant", "plan:employing", "off_plan"]
    lines = list(found.lines.order_by("booked_on"))
    said = {f"line_{line.pk}": kind for line, kind in zip(lines, kinds, strict=True)}
    wrong = as_team.post(lines_url, said | {f"note_{line.pk}": "" for line in lines})
    assert wrong.status_code == 422
    assert "what it was spent on" in wrong.text
    assert as_team.post(lines_url, said | {f"note_{lines[3].pk}": "A present"}).status_code == 302
    seen = {"lines": [lines[1].pk], **day("on", clock.today())}
    assert as_team.post(reverse("budgets:return-receipts", args=[found.reference]), seen).status_code == 302
    end = reverse("budgets:return-reconcile", args=[found.reference])
    assert as_team.post(end, day("on", clock.today())).status_code == 422
    given = {"difference_note": "Paid by the CCG before", **day("on", clock.today())}
    assert as_team.post(end, given).status_code == 302
    page = as_team.get(reverse("budgets:return", args=[found.reference])).text
    assert "Reconciled" in page
    assert "Reopen" in page


def test_file_with_errors_is_refused_with_each_row_and_nothing_is_kept(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0])
    answer = upload(as_team, found, statement_file(LINES).replace(b"1150.00", b"1100.00"))
    assert answer.status_code == 302
    shown = as_team.get(answer.url)
    assert shown.status_code == 422
    assert "Row 4, column “Balance”" in shown.text
    assert as_team.post(answer.url, {"discard": "yes"}).status_code == 302
    assert not StatementDraft.objects.exists()
    broken = upload(as_team, found, b"\x00\x01")
    assert broken.status_code == 422
    assert "not text" in broken.text


def test_file_of_another_account_than_the_approved_one_is_said_before_it_is_stored(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0])
    make_arrangement(found.schedule.phb, by=two[0], starts_on=found.first_on)
    content = b"Date,Account number,Description,Amount,Balance\n2026-04-07,00005678,NHS,1.00,1.00\n"
    shown = as_team.get(upload(as_team, found, content).url)
    assert "ends in 5678; the account approved for this budget ends in 1234" in shown.text


def test_columns_that_no_heading_names_are_asked_for_and_remembered(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0])
    content = statement_file(LINES).replace(b"Date,Description,Amount,Balance", b"Date,What,Sum,Left")
    answer = upload(as_team, found, content)
    columns = as_team.get(answer.url).url
    assert columns.endswith("/columns/")
    assert as_team.post(columns, {"date": "Date"}).status_code == 422
    chosen = {"date": "Date", "description": "What", "amount": "Sum", "balance": "Left"}
    assert as_team.post(columns, chosen).status_code == 302
    assert StatementLayout.objects.get().columns == chosen
    as_team.post(answer.url, {})
    assert found.lines.count() == 4
    again = upload(as_team, found, content + b"\n2026-06-20,SHOP,-1.00,1129.00")
    assert as_team.get(again.url).status_code == 200


def test_money_is_asked_back_from_a_surplus_to_its_last_penny(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0])
    receive_return(monitoring_return=found, closing_balance=Decimal(4000), by=two[0], on=dt.date(2026, 7, 1))
    surplus = reverse("budgets:surplus", args=[Surplus.objects.get().reference])
    assert "10 weeks" in as_team.get(surplus).text
    assert as_team.post(surplus, {"decision": "recover", **day("on", clock.today())}).status_code == 422
    answer = as_team.post(surplus, {"decision": "recover", "reason": "Not needed", **day("on", clock.today())})
    new = answer.url
    key = re.search(r'name="key" value="([^"]+)"', as_team.get(new).text)[1]
    given = {
        "key": key, "reason": "accumulation", "reasons": "Ten weeks were not spent.", "amount": "400.00",
        "payer_kind": "person", "payer_name": "Testa Kestrel",
        **day("repay_by", clock.today() + dt.timedelta(days=28)),
    }  # fmt: skip
    assert "Enter the reasons" in as_team.post(new, given | {"reasons": ""}).text
    assert as_team.post(new, given).status_code == 302
    page = as_team.post(new, given).url
    recovery = Recovery.objects.get()
    form = as_team.get(f"{page}notice/").context["form"]
    letter = {"address": "Testa Kestrel\n1 Example Street", "body": form["body"].value(), **day("on", clock.today())}
    assert as_team.post(f"{page}notice/", letter).status_code == 302
    paid = {"key": str(uuid.uuid4()), "amount": "400.00", **day("received_on", clock.today())}
    assert as_team.post(f"{page}repayments/new/", paid | {"amount": "400.01"}).status_code == 422
    assert as_team.post(f"{page}repayments/new/", paid).status_code == 302
    recovery.refresh_from_db()
    assert recovery.status == "repaid"
    assert "£0.00" in as_team.get(page).text
    assert (
        as_team.get(reverse("budgets:repayment-notice-pdf", args=[recovery.notices.get().reference])).status_code == 302
    )


PAGES = ("receive", "reconcile", "query", "statement", "lines", "receipts", "rules/new")


def test_every_page_of_a_return_answers(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0], risk_level="medium")
    assert as_team.get(reverse("budgets:return-receive", args=[found.reference])).status_code == 200
    assert as_team.get(reverse("budgets:return-waive", args=[found.reference])).status_code == 200
    stored = make_statement(found, by=two[0])
    for page in PAGES:
        assert as_team.get(f"/returns/{found.reference}/{page}/").status_code == 200, page
    gone = as_team.get(f"/returns/{found.reference}/statements/{stored.reference}/remove/")
    assert gone.status_code == 200
    # What cannot be done in this state leads back.
    assert as_team.get(reverse("budgets:return-waive", args=[found.reference])).status_code == 302


def test_every_page_of_a_recovery_answers(as_team, commissioner, two):
    recovery = make_recovery(make_direct_payment(commissioner), by=two[0])
    for page in ("", "approve/", "withdraw/", "notice/", "repayments/new/", "repayments/reverse/", "write-off/",
                 "write-off/decide/", "reconsideration/", "reconsideration/decide/"):  # fmt: skip
        assert as_team.get(f"/recoveries/{recovery.reference}/{page}").status_code == 200, page


def test_every_page_of_a_budgets_monitoring_answers(as_team, commissioner, two):
    phb = make_direct_payment(commissioner)
    start = reverse("budgets:monitoring-start", args=[phb.reference])
    given = {"method": "direct_payment", "risk_level": "medium", **day("starts_on", dt.date(2026, 4, 1))}
    assert as_team.get(start).status_code == 200
    assert as_team.post(start, given).status_code == 302
    for page in ("monitoring/", "monitoring/direct_payment/risk-level/", "ring-fenced-savings/new/", "recoveries/new/",
                 "offsets/new/"):  # fmt: skip
        assert as_team.get(f"/personal-health-budgets/{phb.reference}/{page}").status_code == 200, page


@pytest.mark.parametrize("name", ["returns", "surpluses", "recoveries", "matching-rules"])
def test_list_asks_as_much_of_the_database_for_many_as_for_one(as_team, commissioner, two, name):
    def make() -> None:
        found = make_return(commissioner, by=two[0])
        receive_return(monitoring_return=found, closing_balance=Decimal(9000), by=two[0], on=dt.date(2026, 7, 1))
        make_recovery(found.schedule.phb, by=two[0])

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert as_team.get(reverse(f"budgets:{name}")).status_code == 200
        return len(caught)

    make()
    one = queries()
    for _ in range(2):
        make()
    assert queries() == one


def test_returns_are_filtered_by_what_stands_in_the_address(as_team, commissioner, two):
    found = make_return(commissioner, by=two[0])
    assert str(found.schedule.phb.person) in as_team.get("/returns/?status=overdue&risk_level=low").text
    assert "No return fits" in as_team.get("/returns/?status=reconciled").text
    assert as_team.get("/returns/?status=nonsense").status_code == 422
