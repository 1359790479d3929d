"""The pages of payments through their addresses: a run from preparing to its files, a budget's payments, invoices."""

import hashlib
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.enums import Funder
from budgets.models import LedgerEntry, PartnerInvoice, PaymentCorrection, PaymentFileLayout, PaymentRun
from budgets.payment_enums import FileKind, PaymentState, RunStatus
from budgets.presenters.payments import run_url
from budgets.rules.agreement import Share
from budgets.selectors.payment_files import layout_of
from budgets.services.payment_runs import abandon_run
from phb_register import clock, jobs
from phb_register.models import AccessLogEntry, Commissioner, Job, User
from phb_register.roles import Role
from phb_register.slots import worklists_for
from tests.factories.payments import make_finance, make_provider, payable_budget, prepared, released, scheduled
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

SHARES = (Share(Funder.NHS, Decimal(70)), Share(Funder.LOCAL_AUTHORITY, Decimal(30), "Testing Council"))


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def finance(icb: Commissioner) -> User:
    return make_finance(icb)


@pytest.fixture
def second(icb: Commissioner) -> User:
    return make_finance(icb)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today_parts(name: str) -> dict[str, str]:
    today = clock.today()
    return {f"{name}_day": str(today.day), f"{name}_month": str(today.month), f"{name}_year": str(today.year)}


def test_run_from_preparing_to_its_files(icb, finance, second) -> None:
    phb = payable_budget(icb, started_on=clock.today())
    scheduled(phb, finance, provider=make_provider(icb, name="=Formula Care", payee_reference="V1"))
    one, other = as_user(finance), as_user(second)
    assert one.post("/payment-runs/new/", {"commissioner": icb.code, "frequency": "all"}).status_code == 422
    sent = {"commissioner": icb.code, "frequency": "all", **today_parts("pays_on")}
    answer = one.post("/payment-runs/new/", sent)
    run = PaymentRun.objects.get()
    assert answer["Location"] == run_url(run)
    assert "being worked out" in one.get(run_url(run)).content.decode()
    jobs.run(Job.objects.get().pk)
    page = other.get(run_url(run)).content.decode()
    assert "1 payment goes to a payee not paid before" in page
    assert run_url(run) + "check/" in page
    # Whoever prepared it is not offered to check it.
    assert "somebody else must check and release it" in one.get(run_url(run)).content.decode()
    number = run.payments.get().number
    hold = f"{run_url(run)}payments/{number}/hold/"
    assert one.post(hold, {"reason": ""}).status_code == 422
    assert one.post(hold, {"reason": "To be asked"}).status_code == 302
    assert run.payments.get().state == PaymentState.HELD
    assert one.post(f"{run_url(run)}payments/{number}/include/").status_code == 302
    seen = {"count": 1, "amount": str(run.payments.get().amount)}
    assert other.post(f"{run_url(run)}check/", seen).status_code == 422
    assert other.post(f"{run_url(run)}check/", {**seen, "has_looked": "on"}).status_code == 302
    assert other.post(f"{run_url(run)}files/bank/").status_code == 302
    run.refresh_from_db()
    assert (run.status, run.bank_file) == (RunStatus.CHECKED, None)
    assert other.post(f"{run_url(run)}release/", {"is_meant": "on"}).status_code == 302
    assert other.post(f"{run_url(run)}release/", {"is_meant": "on"}).status_code == 302
    assert LedgerEntry.objects.count() == 1
    _check_files(one, run_url(run))


def _check_files(client: Client, address: str) -> None:
    """The file is made once, however it is laid out later; the download is logged, and no formula runs from it."""
    assert client.get(f"{address}files/bank/download/").status_code == 404
    assert client.post(f"{address}files/bank/").status_code == 302
    run = PaymentRun.objects.get()
    first = client.get(f"{address}files/bank/download/").content
    lines = first.decode().splitlines()
    assert lines[0] == "Payment reference,Payee reference,Payee,Account ends,Amount,Pays on"
    assert lines[1].startswith(f"{run.label}-00001,V1,'=Formula Care,,")
    assert re.fullmatch(r"Control totals: 1 payments,,,,[0-9.]+,", lines[2])
    assert str(run.checked_amount) in lines[2]
    fields = {"date_format": "%d/%m/%Y", "payment_reference_place": "2", "payment_reference_header": "Ref"}
    fields |= {
        "payee_reference_place": "1",
        "payee_reference_header": "Payee",
        "amount_place": "3",
        "has_headings": "on",
    }
    layout = f"/settings/{run.commissioner.code}/payment-files/bank/"
    assert client.post(layout, fields).status_code == 422
    assert client.post(layout, {**fields, "amount_header": "Amount"}).status_code == 302
    assert PaymentFileLayout.objects.get().columns[0] == {"column": "payee_reference", "header": "Payee"}
    assert len(layout_of(run.commissioner, FileKind.BANK, run.pays_on).columns) == 3
    assert client.post(f"{address}files/bank/").status_code == 302
    assert client.get(f"{address}files/bank/download/").content == first
    assert hashlib.sha256(first).hexdigest() in client.get(f"{address}files/bank/").content.decode()
    assert AccessLogEntry.objects.filter(action="export", detail__what="payment bank file").count() == 2


def test_layout_without_what_a_file_needs_is_refused_beside_its_column(icb, finance) -> None:
    page = as_user(finance).post(
        f"/settings/{icb.code}/payment-files/bank/",
        {"date_format": "%Y-%m-%d", "payee_name_place": "1", "payee_name_header": "Payee", "amount_place": "1"},
    )
    assert page.status_code == 422
    assert "Enter a place of its own for Amount" in page.content.decode()


def test_payments_of_a_budget_are_scheduled_shown_and_corrected(icb, finance, second) -> None:
    phb = payable_budget(icb)
    provider = make_provider(icb)
    one, other = as_user(finance), as_user(second)
    address = reverse("budgets:budget-payments", args=[phb.reference])
    sent = {
        "method": "notional", "provider": str(provider.pk), "frequency": "monthly", "starts_on_day": "1",
        "starts_on_month": "4", "starts_on_year": "2026", "paid_when": "advance", "wait_days": "0",
    }  # fmt: skip
    refused = one.post(f"{address}schedules/new/", {**sent, "starts_on_year": "2025"})
    assert refused.status_code == 422
    assert "1 April 2025 is not one" in refused.content.decode()
    assert one.post(f"{address}schedules/new/", sent).status_code == 302
    payment = released(icb, finance, second).payments.get()
    page = other.get(address).content.decode()
    assert "£1,000.00" in page
    assert payment.label in page
    assert AccessLogEntry.objects.filter(action="read", subject_id=str(phb.pk)).exists()
    correct = f"{address}{payment.pk}/correct/"
    back = {"kind": "returned", "reason": "No such account", **today_parts("came_back_on")}
    assert one.post(correct, {**back, "reason": ""}).status_code == 422
    assert one.post(correct, back).status_code == 302
    asked = PaymentCorrection.objects.get()
    confirm = reverse("budgets:confirm-payment-correction", args=[asked.reference])
    assert "must decide" in one.post(confirm).content.decode()
    assert other.post(confirm).status_code == 302
    assert "Returned, to be paid again" in other.get(f"{address}{payment.pk}/").content.decode()
    stop = f"{address}schedules/{phb.payment_schedules.get().pk}/stop/"
    assert one.post(stop, {"reason": "Ended", **today_parts("from_day")}).status_code == 302
    assert phb.payment_schedules.get().ends_on == clock.today()


def test_partner_is_invoiced_on_pages(icb, finance, second) -> None:
    phb = payable_budget(icb, shares=SHARES)
    scheduled(phb, finance)
    released(icb, finance, second)
    client = as_user(finance)
    asked = {
        "commissioner": icb.code, "partner": "local_authority:Testing Council", "period_first_day": "1",
        "period_first_month": "4", "period_first_year": "2026", "period_last_day": "30", "period_last_month": "4",
        "period_last_year": "2026",
    }  # fmt: skip
    looked = client.get("/partner-invoices/new/", asked)
    assert "£300.00 for 1 personal health budget, 1 ledger entry" in looked.content.decode()
    assert not PartnerInvoice.objects.exists()
    address = f"/partner-invoices/new/?{looked.request['QUERY_STRING']}"
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 422
    invoice = PartnerInvoice.objects.get()
    assert str(phb.reference) in client.get(f"/partner-invoices/{invoice.reference}/").content.decode()
    assert client.get(f"/partner-invoices/{invoice.reference}/invoice.pdf").status_code == 302
    jobs.run(invoice.job.pk)
    assert client.get(f"/partner-invoices/{invoice.reference}/invoice.pdf").content.startswith(b"%PDF")
    lines = b"".join(client.get(f"/partner-invoices/{invoice.reference}/invoice.csv")).decode().splitlines()
    assert lines[-1].endswith(",1000.00,30.00,300.00")
    assert phb.person.family_name not in "".join(lines)
    assert client.post(f"/partner-invoices/{invoice.reference}/cancel/", {"reason": "Wrong"}).status_code == 302
    assert "Cancelled by a credit" in client.get("/partner-invoices/").content.decode()


def test_lists_of_work_say_what_waits_for_whom(icb, finance, second) -> None:
    phb = payable_budget(icb)
    scheduled(phb, finance)
    run = prepared(icb, finance)

    def waiting(user: User) -> dict[str, int]:
        found = worklists_for(user, clock.today())
        return {each.code: len(items) for each, items in found if each.code.startswith("payment")}

    nothing = dict.fromkeys(("payment-runs-to-check", "payment-runs-to-release", "payment-corrections"), 0)
    nothing |= {"payments-held": 0, "payment-schedules-missing": 0}
    assert waiting(finance) == nothing
    assert waiting(second) == {**nothing, "payment-runs-to-check": 1}
    # A third-party part without a schedule.
    payable_budget(icb, method="third_party")
    assert waiting(second)["payment-schedules-missing"] == 1
    assert run.status == RunStatus.PREPARED
    assert waiting(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=icb)) == {}


def test_reads_of_the_pages_do_not_grow(icb, finance) -> None:
    provider = make_provider(icb)
    scheduled(payable_budget(icb), finance, provider=provider)
    client = as_user(finance)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    run = prepared(icb, finance)
    few = queries(run_url(run)), queries("/payment-runs/")
    for _ in range(3):
        scheduled(payable_budget(icb), finance, provider=provider)
    abandon_run(run=run, by=finance, on=run.pays_on, reason="Again")
    run = prepared(icb, finance)
    assert (queries(run_url(run)), queries("/payment-runs/")) == few
