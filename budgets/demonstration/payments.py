"""Payment schedules of the PHBs that are shown from plan to review, this financial year's runs, and an invoice."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from budgets.enums import Method
from budgets.exceptions import BudgetRefused
from budgets.models import PaymentRun, PaymentSchedule, PersonalHealthBudget
from budgets.payment_enums import FileKind, Frequency, PaidWhen, RunStatus
from budgets.selectors.partner_invoices import partners_of
from budgets.selectors.payment_schedules import providers_for
from budgets.selectors.payments import control_totals
from budgets.services.partner_invoices import issue_invoice
from budgets.services.payment_files import make_file
from budgets.services.payment_preparing import prepare
from budgets.services.payment_runs import abandon_run, ask_for_run, check_run, release_run
from budgets.services.payments import make_schedule
from phb_register import clock
from phb_register.dates import financial_year
from phb_register.models import Commissioner, User

from .fully_run import COMMISSIONER, fully_run

FINANCE, PAYMENTS = "finance@llr.example.nhs.uk", "payments@llr.example.nhs.uk"
DAY = dt.timedelta(days=1)


def load(progress: Callable[[int, int], None]) -> None:
    """Schedules first, then a run on the first of each month since April, the last of which waits to be checked.

    Once there is a run, nothing more is made.
    """
    today, body = clock.today(), Commissioner.objects.get(code=COMMISSIONER)
    if PaymentRun.objects.filter(commissioner=body).exists():
        progress(1, 1)
        return
    finance, payments = User.objects.get(email=FINANCE), User.objects.get(email=PAYMENTS)
    days = _days(today)
    with transaction.atomic():
        for method in Method:
            for place, phb in enumerate(fully_run(method, today)):
                _schedule(phb, method, place, finance, today)
    for done, day in enumerate(days[:-1], start=1):
        _pay(body, day, finance, payments)
        progress(done, len(days))
    _wait(body, days[-1], finance, today)
    _invoice(body, finance, today)
    progress(len(days), len(days))


def _days(today: dt.date) -> list[dt.date]:
    """The first of each month from April to the one after today's."""
    days = [financial_year(today).start]
    while days[-1] <= today:
        days.append((days[-1] + 31 * DAY).replace(day=1))
    return days


def _schedule(phb: PersonalHealthBudget, method: Method, place: int, by: User, today: dt.date) -> None:
    """Monthly in advance or four-weekly in arrears, in turn; notional ones to a provider, monthly in arrears."""
    part = phb.method_parts.in_force_on(today).filter(method=method).first()
    if part is None or phb.is_one_off or PaymentSchedule.objects.filter(phb=phb, method=method).exists():
        return
    providers = providers_for(phb, today) if method == Method.NOTIONAL else []
    is_four_weekly = place % 3 == 2 and method != Method.NOTIONAL
    in_arrears = is_four_weekly or method == Method.NOTIONAL
    try:
        make_schedule(
            phb=phb,
            method=method,
            frequency=Frequency.FOUR_WEEKLY if is_four_weekly else Frequency.MONTHLY,
            starts_on=max(part.starts_on, financial_year(today).start),
            paid_when=PaidWhen.ARREARS if in_arrears else PaidWhen.ADVANCE,
            provider=providers[place % len(providers)] if providers else None,
            by=by,
        )
    except BudgetRefused:
        # What the record does not allow yet is left to be done, as in life.
        return


def _pay(body: Commissioner, day: dt.date, finance: User, payments: User) -> None:
    """A run that one prepared, another checked and released, with its bank file."""
    with transaction.atomic():
        run = prepare(run=ask_for_run(commissioner=body, pays_on=day, by=finance, today=day))
        totals = control_totals(run)
        if not totals.count:
            abandon_run(run=run, by=finance, on=day, reason="Nothing can be paid")
            return
        check_run(run=run, by=payments, on=day, count=totals.count, amount=totals.amount)
        release_run(run=run, by=payments, on=day)
        make_file(run=run, kind=FileKind.BANK, by=finance, on=day)


def _wait(body: Commissioner, day: dt.date, finance: User, today: dt.date) -> None:
    """A run that waits to be checked."""
    with transaction.atomic():
        prepare(run=ask_for_run(commissioner=body, pays_on=day, by=finance, today=today))


def _invoice(body: Commissioner, finance: User, today: dt.date) -> None:
    """The first partner that owes anything is invoiced what was paid up to the end of last month."""
    if not PaymentRun.objects.filter(commissioner=body, status=RunStatus.RELEASED).exists():
        return
    for partner in partners_of(finance):
        try:
            issue_invoice(
                commissioner=body,
                partner=partner,
                period_first=financial_year(today).start,
                period_last=today.replace(day=1) - DAY,
                by=finance,
                on=today,
            )
        except BudgetRefused:
            continue
        return
