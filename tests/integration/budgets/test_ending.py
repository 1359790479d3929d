"""The end of a PHB: what goes with it, taking it back, and the final reconciliation by a second person."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from budgets.enums import ClosureStatus, EndReason, Method, Settlement
from budgets.exceptions import BudgetRefused
from budgets.models import BudgetClosure, LedgerEntry, PersonalHealthBudget
from budgets.payment_enums import LedgerKind
from budgets.rules.agreement import MethodAmount
from budgets.rules.recovery_states import PayerKind, RecoveryReason
from budgets.selectors.monitoring import surplus_of
from budgets.selectors.payment_schedules import due_between
from budgets.services import change_methods, end_budget
from budgets.services.closures import reconcile_closure
from budgets.services.ending import take_back_end
from budgets.services.ledger import record_entry
from phb_register.models import AccessLogEntry, Commissioner, User
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.monitoring import make_recovery
from tests.factories.payments import APRIL, make_finance, payable_budget, released, scheduled
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
ENDS = dt.date(2026, 11, 10)


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
def finance(icb: Commissioner) -> User:
    return make_finance(icb)


@pytest.fixture
def paid(icb: Commissioner, finance: User) -> PersonalHealthBudget:
    """A PHB that was paid one month in advance, on 1 April."""
    phb = payable_budget(icb)
    scheduled(phb, finance)
    released(icb, finance, make_finance(icb))
    return phb


def closure_of(phb: PersonalHealthBudget) -> BudgetClosure:
    return BudgetClosure.objects.exclude(status="withdrawn").get(phb=phb)


def at(phb: PersonalHealthBudget, name: str) -> str:
    return reverse(f"budgets:{name}", args=[phb.reference])


def on(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_end_stops_what_is_paid_and_opens_a_closure(paid, team) -> None:
    assert list(due_between([paid.pk], ENDS, dt.date(2027, 3, 31)))
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    assert list(due_between([paid.pk], ENDS, dt.date(2027, 3, 31))) == []
    paid.refresh_from_db()
    assert (paid.ended_on, paid.end_reason, paid.person.died_on) == (ENDS, EndReason.MOVED, None)
    closure = closure_of(paid)
    assert (closure.status, closure.ended_on, closure.opened_on, closure.opened_by) == ("open", ENDS, TODAY, team)
    assert [step.action for step in closure.transitions.all()] == ["open"]


def test_end_without_money_needs_no_reconciliation(icb, team) -> None:
    phb = make_budget(icb, by=team, started_on=dt.date(2026, 11, 16))
    end_budget(phb=phb, by=team, ended_on=TODAY, reason=EndReason.CARE_HOME)
    assert closure_of(phb).status == ClosureStatus.NOT_NEEDED


def test_death_is_put_on_the_persons_record(icb, team) -> None:
    phb = make_budget(icb, by=team, started_on=dt.date(2026, 11, 16))
    died = dt.date(2026, 11, 19)
    with pytest.raises(BudgetRefused, match="19 November 2026, when the person died"):
        end_budget(phb=phb, by=team, ended_on=dt.date(2026, 11, 18), reason=EndReason.DIED, died_on=died)
    end_budget(phb=phb, by=team, ended_on=dt.date(2026, 11, 20), reason=EndReason.DIED, died_on=died)
    phb.person.refresh_from_db()
    assert phb.person.died_on == died
    assert AccessLogEntry.objects.filter(action="correct-person", actor=team).exists()


def test_case_38_holder_dies_with_money_unspent_and_it_is_asked_of_the_personal_representatives(
    icb, paid, team, finance
) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.DIED, died_on=ENDS)
    closure = closure_of(paid)
    recovery = make_recovery(
        paid, by=finance, amount=Decimal("1200.00"), on=TODAY, reason=RecoveryReason.DEATH,
        reasons="It was paid and not spent before the death.",
        payer_kind=PayerKind.PERSONAL_REPRESENTATIVES, payer_name="The executors",
    )  # fmt: skip
    # The four items of the notice: why, how much, until when, and who.
    assert (recovery.amount, recovery.payer_kind) == (Decimal("1200.00"), "personal_representatives")
    assert recovery.reasons
    assert recovery.repay_by > TODAY
    with pytest.raises(BudgetRefused, match="Money is still asked back"):
        reconcile_closure(closure=closure, by=finance, final_balance=Decimal("1200.00"), note="Repaid")


def test_reconciliation_is_by_a_second_person_and_final(paid, team, finance) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    closure = closure_of(paid)
    with pytest.raises(BudgetRefused, match="somebody else must reconcile it"):
        reconcile_closure(closure=closure, by=team, final_balance=Decimal(0))
    with pytest.raises(BudgetRefused, match="Enter how the balance was settled"):
        reconcile_closure(closure=closure, by=finance, final_balance=Decimal("12.50"))
    done = reconcile_closure(closure=closure, by=finance, final_balance=Decimal("12.50"), note="Written off")
    assert (done.settlement, done.last_payment_on, done.reconciled_on) == (Settlement.RECOVERED, APRIL, TODAY)
    with pytest.raises(BudgetRefused, match="done already"):
        reconcile_closure(closure=closure, by=finance, final_balance=Decimal(0))
    with pytest.raises(BudgetRefused, match="its end stays"):
        take_back_end(phb=paid, by=team, reason="By mistake")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_budgetclosure SET note = 'Other'",
        "UPDATE budgets_budgetclosure SET status = 'open'",
        "DELETE FROM budgets_budgetclosure",
        "UPDATE budgets_closuretransition SET note = 'Other'",
        "UPDATE budgets_personalhealthbudget SET ended_on = NULL, end_reason = ''",
        "UPDATE budgets_personalhealthbudget SET end_reason = 'died'",
    ],
)
def test_database_keeps_a_reconciled_end(paid, team, finance, statement: str) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    reconcile_closure(closure=closure_of(paid), by=finance, final_balance=Decimal(0))
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_lets_nobody_reconcile_their_own_end(paid, team) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    with pytest.raises(IntegrityError, match="closure_by_a_second_person"), transaction.atomic():
        BudgetClosure.objects.update(
            status="reconciled", final_balance=0, settlement="nothing", reconciled_on=TODAY, reconciled_by=team
        )


def test_end_taken_back_goes_on_with_the_methods_it_had(icb, team) -> None:
    phb = make_budget(icb, by=team, started_on=dt.date(2026, 11, 16))
    parts = [MethodAmount(Method.NOTIONAL, Decimal(20000)), MethodAmount(Method.THIRD_PARTY, Decimal(32000))]
    ends = dt.date(2026, 11, 20)
    change_methods(phb=phb, by=team, changed_on=ends, methods=parts)
    end_budget(phb=phb, by=team, ended_on=ends, reason=EndReason.MOVED)
    with pytest.raises(BudgetRefused, match="Enter why"):
        take_back_end(phb=phb, by=team, reason=" ")
    take_back_end(phb=phb, by=team, reason="It was somebody else’s")
    phb.refresh_from_db()
    assert (phb.ended_on, phb.end_reason) == (None, "")
    running = phb.method_parts.filter(ends_on__isnull=True)
    assert {(part.method, part.annual_amount, part.starts_on) for part in running} == {
        ("notional", Decimal(20000), ends), ("third_party", Decimal(32000), ends),
    }  # fmt: skip
    assert [(each.action, each.note) for each in BudgetClosure.objects.get(phb=phb).transitions.all()] == [
        ("note_nothing", ""), ("withdraw", "It was somebody else’s"),
    ]  # fmt: skip
    end_budget(phb=phb, by=team, ended_on=TODAY, reason=EndReason.HOSPITAL)
    assert closure_of(phb).ended_on == TODAY


def test_end_is_not_taken_back_once_money_moved(paid, team, finance) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    with time_machine.travel(dt.datetime(2026, 11, 22, 13, tzinfo=dt.UTC), tick=False):
        record_entry(
            phb=paid, kind=LedgerKind.RECOVERY, amount=Decimal("-100.00"), entered_on=TODAY, by=finance,
            method=Method.NOTIONAL,
        )  # fmt: skip
        with pytest.raises(BudgetRefused, match="Money was paid or came back"):
            take_back_end(phb=paid, by=team, reason="By mistake")


def test_end_page_says_what_will_happen_before_anything_does(client: Client, paid, team) -> None:
    client.force_login(team)
    answers = {**on("ended_on", ENDS), "end_reason": "moved_to_another_commissioner"}
    page = client.post(at(paid, "end"), answers)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Check what will happen" in text
    assert "The last day of the budget is 9 November 2026." in text
    assert "payments up to 31 March 2027 will not be made" in text
    assert "Somebody other than you reconciles the money" in text
    paid.refresh_from_db()
    assert paid.ended_on is None
    # Another day than the one that was checked is told again.
    checked = page.context["form"].data["checked"]
    again = client.post(at(paid, "end"), {**answers, **on("ended_on", TODAY), "checked": checked})
    assert "Check what will happen" in again.content.decode()
    done = client.post(at(paid, "end"), {**answers, "checked": checked}, follow=True)
    assert "has ended" in done.content.decode()
    paid.refresh_from_db()
    assert paid.ended_on == ENDS


def test_end_page_refuses_at_once_and_keeps_what_was_typed(client: Client, paid, team) -> None:
    client.force_login(team)
    page = client.post(at(paid, "end"), {**on("ended_on", dt.date(2026, 3, 1)), "end_reason": "died",
                                         **on("died_on", dt.date(2026, 2, 28))})  # fmt: skip
    assert page.status_code == 422
    assert "on or after 1 April 2026, when the budget started" in page.content.decode()
    assert 'value="28"' in page.content.decode()


def test_closure_is_reconciled_in_the_browser_from_the_worklist(client: Client, paid, team, finance) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    client.force_login(team)
    assert "somebody else must reconcile it" in client.get(at(paid, "closure")).content.decode()
    client.force_login(finance)
    assert at(paid, "closure") in client.get("/").content.decode()
    assert at(paid, "reconcile-closure") in client.get(at(paid, "closure")).content.decode()
    wrong = client.post(at(paid, "reconcile-closure"), {"settlement": "recovered", "recovered_amount": "20"})
    assert (wrong.status_code, "Enter how the balance was settled" in wrong.content.decode()) == (422, True)
    sent = {"settlement": "recovered", "recovered_amount": "20", "note": "Repaid on 20 November"}
    page = client.post(at(paid, "reconcile-closure"), sent, follow=True).content.decode()
    assert "£20.00" in page
    assert "Repaid on 20 November" in page
    assert at(paid, "closure") not in client.get("/").content.decode()
    client.force_login(make_nurse(paid.commissioner))
    assert client.get(at(paid, "reconcile-closure")).status_code == 403


def test_ended_budget_stays_readable(client: Client, paid, team, finance) -> None:
    end_budget(phb=paid, by=team, ended_on=ENDS, reason=EndReason.MOVED)
    client.force_login(team)
    for name in ("personal-health-budget", "budget-money", "closure", "budget-payments"):
        assert client.get(at(paid, name)).status_code == 200, name
    assert LedgerEntry.objects.filter(phb=paid).count() == 1
    assert surplus_of(paid, TODAY) is None
