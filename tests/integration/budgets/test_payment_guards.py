"""What the database refuses of payments and of the ledger, by SQL alone."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from budgets.enums import Funder
from budgets.models import LedgerEntry, Payment, PaymentRun
from budgets.payment_enums import CorrectionKind, LedgerKind
from budgets.rules.agreement import Share
from budgets.selectors.partner_invoices import Partner
from budgets.services.ledger import record_entry, reverse_entry
from budgets.services.partner_invoices import issue_invoice
from budgets.services.payment_corrections import ask_for_correction
from phb_register.models import Commissioner, User
from tests.factories.payments import APRIL, check, make_finance, payable_budget, prepared, released, scheduled
from tests.factories.phb_register import CommissionerFactory

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


def refused(sql: str, *params: object, by: str) -> None:
    """The statement fails, at once or at the end of the transaction, by the trigger or constraint named."""
    with pytest.raises(DatabaseError, match=by):
        _commit(sql, params)


@transaction.atomic
def _commit(sql: str, params: tuple[object, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


ENTER = """
    INSERT INTO budgets_ledgerentry (phb_id, commissioner_id, method, kind, amount, entered_on, payment_id, note,
        entered_by_id, recorded_at)
    SELECT payment.phb_id, phb.commissioner_id, payment.method, %s, %s, run.pays_on, payment.id, '', %s, now()
    FROM budgets_payment payment JOIN budgets_paymentrun run ON run.id = payment.run_id
    JOIN budgets_personalhealthbudget phb ON phb.id = payment.phb_id WHERE payment.id = %s
"""
ENDED = "never changes"


def test_nothing_is_paid_without_a_release(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    run = prepared(icb, finance)
    payment = run.payments.get()
    enter = (ENTER, "payment", Decimal("1000.00"), second.pk, payment.pk)
    refused(*enter, by="Only what was released")
    jump = "UPDATE budgets_paymentrun SET status = 'released' WHERE id = %s"
    refused(jump, run.pk, by="Invalid transition")
    check(run, second)
    refused(*enter, by="Only what was released")
    refused(jump, run.pk, by="run_released_by_somebody")
    own = "UPDATE budgets_paymentrun SET status = 'released', released_by_id = prepared_by_id WHERE id = %s"
    refused(own, run.pk, by="run_released_by_another")
    alone = "UPDATE budgets_paymentrun SET status = 'released', released_by_id = %s WHERE id = %s"
    refused(alone, second.pk, run.pk, by="not those that were checked and entered")
    refused(
        "UPDATE budgets_paymentrun SET checked_by_id = prepared_by_id WHERE id = %s", run.pk, by="checked_by_another"
    )
    assert not LedgerEntry.objects.exists()


def test_released_run_its_payments_and_the_ledger_never_change(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    run = released(icb, finance, second)
    payment, entry = run.payments.get(), LedgerEntry.objects.get()
    refused("UPDATE budgets_paymentrun SET checked_amount = 1 WHERE id = %s", run.pk, by=ENDED)
    refused("DELETE FROM budgets_paymentrun WHERE id = %s", run.pk, by="Cannot delete")
    refused("UPDATE budgets_payment SET amount = 1, instalment_amount = 1 WHERE id = %s", payment.pk, by="Cannot")
    refused("UPDATE budgets_payment SET payee_name = 'Somebody else' WHERE id = %s", payment.pk, by="Cannot")
    for state in ("held", "left_out", "returned", "reversed"):
        change = "UPDATE budgets_payment SET state = %s, held_reason = 'x' WHERE id = %s"
        refused(change, state, payment.pk, by="cannot become")
    refused("DELETE FROM budgets_payment WHERE id = %s", payment.pk, by="Cannot delete")
    refused("UPDATE budgets_ledgerentry SET amount = 1 WHERE id = %s", entry.pk, by="Cannot update")
    refused("DELETE FROM budgets_ledgerentry WHERE id = %s", entry.pk, by="Cannot update or delete")
    with connection.cursor() as cursor:
        # What waits for the end of the transaction would refuse first.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("ledgerentry", "payment", "paymentrun", "paymentschedule"):
        refused(f"TRUNCATE budgets_{table} CASCADE", by="may not be removed")


def test_payment_is_entered_once_and_as_it_is(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    payment = released(icb, finance, second).payments.get()
    refused(ENTER, "payment", Decimal("1000.00"), second.pk, payment.pk, by="ledger_payment_once")
    refused(ENTER, "offset", Decimal("-5.00"), second.pk, payment.pk, by="Only what was released")
    refused(ENTER, "repayment", Decimal("-1000.01"), second.pk, payment.pk, by="No more comes back")
    refused(ENTER, "recovery", Decimal("5.00"), second.pk, payment.pk, by="ledger_amount_has_its_sign")


COPY = """
    INSERT INTO budgets_payment (run_id, number, schedule_id, phb_id, method, period_first, period_last, due_on,
        instalment_amount, adjustment_amount, offset_amount, offsets, amount, payee_name, payee_reference,
        payee_last_four, is_new_payee, is_changed, state, held_reason)
    SELECT run_id, number + 100, schedule_id, phb_id, method, period_first + %s, period_last + %s, due_on, 1, 0, 0,
        '{}', 1, payee_name, '', '', false, false, 'included', '' FROM budgets_payment WHERE id = %s
"""


def test_payment_is_made_by_preparing_a_run(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    payment = released(icb, finance, second).payments.get()
    refused(COPY, 60, 60, payment.pk, by="made by preparing a run")
    refused(COPY, 0, 0, payment.pk, by="payment_once")


def test_reversal_takes_back_what_it_reverses_and_once(icb, finance, second) -> None:
    phb = payable_budget(icb)
    entry = record_entry(
        phb=phb, kind=LedgerKind.RECOVERY, amount=Decimal("-50.00"), entered_on=APRIL, by=finance, note="Received"
    )
    reverse = """
        INSERT INTO budgets_ledgerentry (phb_id, commissioner_id, method, kind, amount, entered_on, reverses_id, note,
            entered_by_id, recorded_at)
        SELECT phb_id, commissioner_id, method, 'reversal', %s, entered_on, id, '', entered_by_id, now()
        FROM budgets_ledgerentry WHERE id = %s
    """
    refused(reverse, Decimal("49.99"), entry.pk, by="takes back exactly")
    reversal = reverse_entry(entry=entry, by=finance, entered_on=APRIL, reason="Entered for somebody else")
    assert reverse_entry(entry=entry, by=finance, entered_on=APRIL, reason="Again") == reversal
    refused(reverse, Decimal("50.00"), entry.pk, by="reverses_id")


def test_schedule_never_changes_but_for_an_earlier_end(icb, finance) -> None:
    schedule = scheduled(payable_budget(icb), finance)
    refused("UPDATE budgets_paymentschedule SET frequency = 'weekly' WHERE id = %s", schedule.pk, by="Cannot update")
    end = "UPDATE budgets_paymentschedule SET ends_on = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(end, [dt.date(2026, 6, 1), schedule.pk])
    refused(end, dt.date(2026, 7, 1), schedule.pk, by="Cannot update")
    refused(end, None, schedule.pk, by="Cannot update")


def test_correction_is_confirmed_by_another(icb, finance, second) -> None:
    scheduled(payable_budget(icb), finance)
    payment = released(icb, finance, second).payments.get()
    asked = ask_for_correction(
        payment=payment,
        kind=CorrectionKind.RETURNED,
        reason="No such account",
        came_back_on=APRIL,
        by=finance,
        on=APRIL,
    )
    own = "UPDATE budgets_paymentcorrection SET status = 'confirmed', decided_by_id = %s, decided_on = %s WHERE id = %s"
    refused(own, finance.pk, APRIL, asked.pk, by="correction_by_another")
    refused("UPDATE budgets_paymentcorrection SET amount = 1 WHERE id = %s", asked.pk, by="Cannot update")


def test_issued_invoice_never_changes(icb, finance, second) -> None:
    scheduled(payable_budget(icb, shares=SHARES), finance)
    released(icb, finance, second)
    partner = Partner(Funder.LOCAL_AUTHORITY, "Testing Council")
    invoice = issue_invoice(
        commissioner=icb, partner=partner, period_first=APRIL, period_last=APRIL, by=finance, on=APRIL
    )
    line = invoice.lines.get()
    refused("UPDATE budgets_partnerinvoice SET total_amount = 1 WHERE id = %s", invoice.pk, by="Cannot update")
    refused("UPDATE budgets_partnerinvoiceline SET amount = 1 WHERE id = %s", line.pk, by="Cannot update")
    more = """
        INSERT INTO budgets_partnerinvoiceline (invoice_id, entry_id, phb_id, funder, body_name, percent, amount,
            is_standing) SELECT invoice_id, entry_id, phb_id, funder, %s, percent, 5, %s
        FROM budgets_partnerinvoiceline WHERE id = %s
    """
    refused(more, "Testing Council", True, line.pk, by="invoice_line_once")
    back = "UPDATE budgets_partnerinvoice SET status = 'issued' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE budgets_partnerinvoice SET status = 'cancelled' WHERE id = %s", [invoice.pk])
    refused(back, invoice.pk, by="Invalid transition")
    assert PaymentRun.objects.count() == Payment.objects.count() == 1
