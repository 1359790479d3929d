"""Two people, or a worker that dies, at one payment run at one moment: on the real database with real threads."""

import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, Payment, PaymentRun, PersonalHealthBudget
from budgets.payment_enums import FileKind, RunStatus
from budgets.services.payment_files import make_file
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import abandon_run, ask_for_run, release_run
from budgets.services.payments import stop_schedules
from phb_register import jobs, reference
from phb_register.models import Commissioner, Job, JobState, StoredDocument, User
from tests.factories.payments import APRIL, check, make_finance, payable_budget, prepared, scheduled
from tests.factories.phb_register import CommissionerFactory
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


@pytest.fixture
def finance(icb: Commissioner) -> User:
    scheduled(payable_budget(icb), finance := make_finance(icb))
    return finance


def kinds(results: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in results)


def test_run_that_two_release_at_once_is_paid_once(icb: Commissioner, finance: User) -> None:
    first, second = make_finance(icb), make_finance(icb)
    run = prepared(icb, finance)
    check(run, first)
    results = at_once(*(lambda by=by: release_run(run=run, by=by, on=APRIL) for by in (first, second)))
    assert results == [0, 0]
    assert LedgerEntry.objects.count() == 1
    assert run.transitions.filter(action="release").count() == 1
    # And of its file, one is made.
    made = at_once(*(lambda: make_file(run=run, kind=FileKind.BANK, by=finance, on=APRIL) for _ in range(2)))
    assert made[0] == made[1]
    assert StoredDocument.objects.count() == 1


def test_run_released_and_abandoned_at_once_is_one_of_the_two(icb: Commissioner, finance: User) -> None:
    second = make_finance(icb)
    run = prepared(icb, finance)
    check(run, second)
    results = at_once(
        lambda: release_run(run=run, by=second, on=APRIL),
        lambda: abandon_run(run=run, by=finance, on=APRIL, reason="Wrong day"),
    )
    assert sum(isinstance(each, BudgetRefused) for each in results) == 1, results
    run.refresh_from_db()
    assert (run.status == RunStatus.RELEASED) is LedgerEntry.objects.exists()


def test_two_runs_asked_for_and_one_prepared_twice_at_once_pay_a_period_once(icb: Commissioner, finance: User) -> None:
    ask = {"commissioner": icb, "pays_on": APRIL, "by": finance, "today": APRIL}
    results = at_once(lambda: ask_for_run(**ask), lambda: ask_for_run(**ask))
    assert kinds(results) == ["BudgetRefused", "PaymentRun"], results
    run = PaymentRun.objects.get()
    at_once(lambda: prepare(run=PaymentRun.objects.get()), lambda: prepare(run=PaymentRun.objects.get()))
    assert Payment.objects.count() == 1
    assert run.transitions.filter(action="prepare").count() == 1


def test_schedule_stopped_while_the_run_is_released_is_paid_or_held(icb: Commissioner, finance: User) -> None:
    second = make_finance(icb)
    run = prepared(icb, finance)
    check(run, second)
    phb = run.payments.get().phb
    held, stopped = at_once(
        lambda: release_run(run=run, by=second, on=APRIL),
        lambda: stop_schedules(phb=phb, from_day=APRIL, by=finance, reason="Ended"),
    )
    run.refresh_from_db()
    assert (stopped, run.status) == (1, RunStatus.PREPARED if held else RunStatus.RELEASED), held
    assert LedgerEntry.objects.exists() is (run.status == RunStatus.RELEASED)


def test_schedule_that_is_being_stopped_is_not_paid_by_a_run_released_meanwhile(
    icb: Commissioner, finance: User
) -> None:
    """Each waits for the other in one order only: the budget first, the log's one line last."""
    second = make_finance(icb)
    run = prepared(icb, finance)
    check(run, second)
    phb = run.payments.get().phb
    is_held = threading.Event()

    def stop() -> int:
        with transaction.atomic():
            PersonalHealthBudget.objects.select_for_update().get(pk=phb.pk)
            is_held.set()
            time.sleep(0.5)
            return stop_schedules(phb=phb, from_day=APRIL, by=finance, reason="Ended")

    def release() -> int:
        is_held.wait(timeout=10)
        return release_run(run=run, by=second, on=APRIL)

    assert at_once(stop, release) == [1, 1]
    run.refresh_from_db()
    assert (run.status, LedgerEntry.objects.exists()) == (RunStatus.PREPARED, False)


KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from budgets.services import payment_preparing
from phb_register import jobs
copy = payment_preparing.copy_payments
def copy_and_die(*args):
    copy(*args)
    os.kill(os.getpid(), signal.SIGKILL)
payment_preparing.copy_payments = copy_and_die
jobs.run(int(sys.argv[2]))
"""


def test_worker_killed_while_it_writes_leaves_nothing_and_the_next_one_prepares(
    icb: Commissioner, finance: User
) -> None:
    run = ask_for_run(commissioner=icb, pays_on=APRIL, by=finance, today=APRIL)
    assert run.job is not None
    database = connection.settings_dict["NAME"]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(database), str(run.job.pk)], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert not Payment.objects.exists()
    assert Job.objects.get().state == JobState.RUNNING
    # PostgreSQL frees the dead worker's lock as soon as it notices that the connection has gone.
    deadline = time.monotonic() + 20
    while not Payment.objects.exists() and time.monotonic() < deadline:
        jobs.run(run.job.pk)
        time.sleep(0.1)
    run.refresh_from_db()
    assert run.status == RunStatus.PREPARED
    assert [each.amount for each in run.payments.all()] == [Decimal("1000.00")]
    assert dt.date(2026, 4, 1) == run.pays_on
