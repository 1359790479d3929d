"""How payment runs, payments, schedules and the ledger are said on a page."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.enums import Method
from budgets.models import (
    LedgerEntry,
    MethodPart,
    Payment,
    PaymentCorrection,
    PaymentRun,
    PaymentRunTransition,
    PersonalHealthBudget,
)
from budgets.payment_enums import CorrectionStatus, Frequency, PaymentState, RunStatus
from budgets.rules.payment_run_states import RunStep, steps_from
from budgets.selectors.payment_schedules import Instalment
from budgets.selectors.payments import Totals
from phb_register.dates import FinancialYear
from phb_register.models import User
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_date, spoken_moment, summary
from phb_register.scope import can
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .personal_health_budgets import pounds

RUN_TAGS: dict[str, str] = {
    RunStatus.PREPARING: "nhsuk-tag--grey",
    RunStatus.PREPARED: "nhsuk-tag--yellow",
    RunStatus.CHECKED: "nhsuk-tag--blue",
    RunStatus.RELEASED: "nhsuk-tag--green",
    RunStatus.ABANDONED: "nhsuk-tag--grey",
}
PAYMENT_TAGS: dict[str, str] = {
    PaymentState.INCLUDED: "nhsuk-tag--green",
    PaymentState.HELD: "nhsuk-tag--red",
    PaymentState.LEFT_OUT: "nhsuk-tag--grey",
    PaymentState.RETURNED: "nhsuk-tag--orange",
    PaymentState.REVERSED: "nhsuk-tag--orange",
}
_BUTTONS = {"check": "primary", "release": "primary", "send_back": "secondary", "abandon": "warning"}
_DONE = {
    "ask": "Asked for",
    "prepare": "Prepared",
    "check": "Checked",
    "release": "Released",
    "send_back": "Sent back",
    "abandon": "Abandoned",
}


def runs_url() -> str:
    """The list of payment runs."""
    return reverse("budgets:payment-runs")


def run_url(run: PaymentRun) -> str:
    """The page of a run."""
    return reverse("budgets:payment-run", args=[run.reference])


def payments_url(phb: PersonalHealthBudget) -> str:
    """The payments of a PHB."""
    return reverse("budgets:budget-payments", args=[phb.reference])


def payment_url(payment: Payment) -> str:
    """One payment of a PHB."""
    return reverse("budgets:payment", args=[payment.phb.reference, payment.pk])


def run_tag(run: PaymentRun) -> SafeString:
    """Where a run is, as a tag."""
    return render_component("tag", {"text": run.get_status_display(), "classes": RUN_TAGS[run.status]})


def payment_tag(payment: Payment) -> SafeString:
    """What a payment is, as a tag. One that is included was made once its run is released."""
    is_paid = payment.state == PaymentState.INCLUDED and payment.run.status == RunStatus.RELEASED
    text = "Paid" if is_paid else payment.get_state_display()
    return render_component("tag", {"text": text, "classes": PAYMENT_TAGS[payment.state]})


def period(first: dt.date, last: dt.date) -> str:
    """Days paid for together: 1 to 30 April 2026."""
    if first == last:
        return spoken_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {spoken_date(last)}"
    return f"{spoken_date(first)} to {spoken_date(last)}"


RUN_COLUMNS: list[Column[PaymentRun]] = [
    Column("Run", lambda run: run.label, link=run_url),
    Column("Pays on", lambda run: spoken_date(run.pays_on)),
    Column("Commissioner", lambda run: run.commissioner.name),
    Column("Schedules", lambda run: schedules_words(run)),
    Column("State", run_tag),
    Column("Payments", lambda run: "" if run.checked_count is None else f"{run.checked_count:,}", is_number=True),
    Column("To the bank", lambda run: pounds(run.checked_amount), is_number=True),
]


def schedules_words(run: PaymentRun) -> str:
    """Which schedules a run pays."""
    return "All" if not run.frequency else str(Frequency(run.frequency).label)


def run_rows(run: PaymentRun, totals: Totals) -> list[dict[str, Any]]:
    """The summary of a run with its control totals."""
    rows: list[tuple[str, Any]] = [
        ("Commissioner", run.commissioner.name),
        ("Pays on", spoken_date(run.pays_on)),
        ("Schedules", schedules_words(run)),
        ("Prepared by", run.prepared_by),
    ]
    if run.checked_by:
        rows.append(("Checked by", f"{run.checked_by}: {checked_words(run)}"))
    if run.released_by:
        rows.append(("Released by", run.released_by))
    if run.status not in (RunStatus.PREPARING, RunStatus.ABANDONED):
        rows += [
            ("Payments", f"{totals.count:,}"),
            ("To the bank", pounds(totals.amount)),
            *((str(Method(method).label), _by_method(found)) for method, found in sorted(totals.by_method.items())),
        ]
        if totals.offset_amount:
            rows.append(("Set off", pounds(totals.offset_amount)))
        if totals.held_count:
            rows.append(("Not paid", f"{counted(totals.held_count, 'payment', 'payments')}"))
    return summary(rows)


def _by_method(found: dict[str, Any]) -> str:
    return f"{counted(int(found['count']), 'payment', 'payments')}, {pounds(Decimal(found['amount']))}"


def checked_words(run: PaymentRun) -> str:
    """The control totals as they were checked."""
    return f"{counted(run.checked_count or 0, 'payment', 'payments')}, {pounds(run.checked_amount)}"


def run_buttons(user: User, run: PaymentRun) -> list[dict[str, str]]:
    """What the user may do to a run now."""
    return [
        {"text": f"{step.label} the run", "href": step_url(run, step), "variant": _BUTTONS[step.action]}
        for step in steps_from(run.status)
        if can(user, step.permission, run.commissioner) and not (step.by_another and run.prepared_by_id == user.pk)
    ]


def step_url(run: PaymentRun, step: RunStep) -> str:
    """Where a step is taken."""
    return reverse(f"budgets:{step.action.replace('_', '-')}-payment-run", args=[run.reference])


def run_history(steps: Sequence[PaymentRunTransition]) -> list[str]:
    """What happened to a run."""
    return [
        f"{_DONE[step.action]} on {spoken_date(step.occurred_on)} by {step.made_by} "
        f"(entered {spoken_moment(step.recorded_at)})" + (f": {step.note}" if step.note else "")
        for step in steps
    ]


def exception_words(found: dict[str, int]) -> list[str]:
    """What a checker looks at first, one line each."""
    words = (
        ("held", "payment is held", "payments are held"),
        ("new_payee", "payment goes to a payee not paid before", "payments go to payees not paid before"),
        ("changed", "payment differs from the one before", "payments differ from those before"),
    )
    return [counted(found[name], one, many) for name, one, many in words if found[name]]


def _why(payment: Payment) -> str:
    said = []
    if payment.state in (PaymentState.HELD, PaymentState.LEFT_OUT):
        return payment.held_reason or "The run was abandoned"
    if payment.is_new_payee:
        said.append("New payee")
    if payment.adjustment_amount:
        said.append(f"Balance of earlier payments {signed(payment.adjustment_amount)}")
    if payment.offset_amount:
        said.append(f"Set off {pounds(payment.offset_amount)}")
    if payment.previous_amount is not None and payment.is_changed:
        said.append(f"Before: {pounds(payment.previous_amount)}")
    return ". ".join(said)


def signed(amount: Decimal) -> str:
    """An amount with its sign: +£5.00, −£5.00."""
    return f"{'−' if amount < 0 else '+'}{pounds(abs(amount))}"


def run_payment_columns(*, may_hold: bool) -> list[Column[Payment]]:
    """The payments of a run. `may_hold`: with a way to hold each, or to include it again."""
    columns: list[Column[Payment]] = [
        Column("Number", lambda payment: payment.number, link=payment_url),
        Column("Person", lambda payment: payment.phb.person.display_name),
        Column("Payee", _payee),
        Column("For", lambda payment: period(payment.period_first, payment.period_last)),
        Column("Amount", lambda payment: pounds(payment.amount), is_number=True),
        Column("State", payment_tag),
        Column("Look at", _why),
    ]
    if may_hold:
        columns.append(Column("Change", _hold_words, link=_hold_url))
    return columns


def _payee(payment: Payment) -> str:
    ends = f", account ends {payment.payee_last_four}" if payment.payee_last_four else ""
    return f"{payment.payee_name} ({payment.payee_reference or 'no reference'}{ends})" if payment.payee_name else "–"


def _hold_words(payment: Payment) -> SafeString:
    word = "Hold" if payment.state == PaymentState.INCLUDED else "Include"
    return format_html('{}<span class="nhsuk-u-visually-hidden"> payment {}</span>', word, payment.number)


def _hold_url(payment: Payment) -> str:
    name = "hold-payment" if payment.state == PaymentState.INCLUDED else "include-payment"
    return reverse(f"budgets:{name}", args=[payment.run.reference, payment.number])


# ── The payments of one PHB ───────────────────────────────────────────────────────────────────────────────────


PAYMENT_COLUMNS: list[Column[Payment]] = [
    Column("Payment", lambda payment: payment.label, link=payment_url),
    Column("Pays on", lambda payment: spoken_date(payment.run.pays_on)),
    Column("For", lambda payment: period(payment.period_first, payment.period_last)),
    Column("Method", lambda payment: payment.get_method_display()),
    Column("Amount", lambda payment: pounds(payment.amount), is_number=True),
    Column("State", payment_tag),
]

COMING_COLUMNS: list[Column[Instalment]] = [
    Column("Due on", lambda each: spoken_date(each.due_on)),
    Column("For", lambda each: period(each.first, each.last)),
    Column("Method", lambda each: str(each.method.label)),
    Column("Instalment", lambda each: pounds(each.amount), is_number=True),
]

LEDGER_COLUMNS: list[Column[tuple[LedgerEntry, Decimal]]] = [
    Column("Date", lambda row: spoken_date(row[0].entered_on)),
    Column("Entry", lambda row: row[0].get_kind_display()),
    Column("Payment", lambda row: row[0].payment.label if row[0].payment else ""),
    Column("Note", lambda row: row[0].note),
    Column("Amount", lambda row: signed(row[0].amount), is_number=True),
    Column("Balance", lambda row: pounds(row[1]), is_number=True),
]


def ledger_table(entries: list[tuple[LedgerEntry, Decimal]]) -> dict[str, Any] | None:
    """The ledger of a PHB with its balance after each entry."""
    return table_params(LEDGER_COLUMNS, entries, caption="Ledger") if entries else None


def year_rows(years: list[tuple[int, Decimal]], total: Decimal) -> list[dict[str, Any]]:
    """What was paid net by financial year."""
    return summary(
        [("Paid in all", pounds(total)), *((FinancialYear(year).label, pounds(sum_)) for year, sum_ in years)]
    )


def payment_rows(payment: Payment) -> list[dict[str, Any]]:
    """One payment with what makes up its amount."""
    rows: list[tuple[str, Any]] = [
        ("Payment run", f"{payment.run.label}, {payment.run.get_status_display().lower()}"),
        ("Pays on", spoken_date(payment.run.pays_on)),
        ("Method", payment.get_method_display()),
        ("For", period(payment.period_first, payment.period_last)),
        ("Due on", spoken_date(payment.due_on)),
        ("Payee", _payee(payment)),
        ("Instalment", pounds(payment.instalment_amount)),
    ]
    if payment.adjustment_amount:
        rows.append(("Balance of earlier payments", signed(payment.adjustment_amount)))
    if payment.offset_amount:
        rows.append(("Set off", signed(-payment.offset_amount)))
    rows.append(("To the bank", pounds(payment.amount)))
    if payment.held_reason:
        rows.append(("Why it is not paid", payment.held_reason))
    return summary(rows)


CORRECTION_COLUMNS: list[Column[PaymentCorrection]] = [
    Column(
        "Asked for on",
        lambda each: spoken_date(each.asked_on),
        link=lambda each: reverse("budgets:payment-correction", args=[each.reference]),
    ),
    Column("What happened", lambda each: each.get_kind_display()),
    Column("Amount", lambda each: pounds(each.amount), is_number=True),
    Column("State", lambda each: each.get_status_display()),
]


def correction_rows(each: PaymentCorrection) -> list[dict[str, Any]]:
    """One correction."""
    rows: list[tuple[str, Any]] = [
        ("Payment", f"{each.payment.label}, {period(each.payment.period_first, each.payment.period_last)}"),
        ("Paid", pounds(each.payment.amount)),
        ("What happened", each.get_kind_display()),
        ("Amount that came back", pounds(each.amount)),
        ("Came back on", spoken_date(each.came_back_on)),
        ("Reason", each.reason),
        ("Asked for by", f"{each.asked_by}, {spoken_date(each.asked_on)}"),
        ("State", each.get_status_display()),
    ]
    if each.status != CorrectionStatus.ASKED:
        rows.append(("Decided by", f"{each.decided_by}, {spoken_date(each.decided_on)}. {each.decision_note}"))
    return summary(rows)


# ── Worklists ─────────────────────────────────────────────────────────────────────────────────────────────────


def run_item(run: PaymentRun) -> WorkItem:
    """A run that somebody else has to check or release."""
    why = f"{run.get_status_display()}. Prepared by {run.prepared_by}"
    return WorkItem(text=f"Payment run {run.label}", url=run_url(run), why=why, due_on=run.pays_on)


def missing_item(part: MethodPart) -> WorkItem:
    """A part of a budget that is paid to somebody and has no schedule."""
    return WorkItem(
        text=f"{part.phb.person}: {part.get_method_display()}",
        url=payments_url(part.phb),
        why=f"In force since {spoken_date(part.starts_on)}, without a payment schedule",
    )


def held_item(payment: Payment) -> WorkItem:
    """A payment that is held in an open run."""
    return WorkItem(
        text=f"{payment.phb.person}: {pounds(payment.amount)} in run {payment.run.label}",
        url=payment_url(payment),
        why=payment.held_reason,
        due_on=payment.run.pays_on,
    )


def correction_item(each: PaymentCorrection) -> WorkItem:
    """A correction that somebody else asked for."""
    return WorkItem(
        text=f"{each.payment.phb.person}: {pounds(each.amount)} of payment {each.payment.label}",
        url=reverse("budgets:payment-correction", args=[each.reference]),
        why=f"{each.get_kind_display()}. Asked for by {each.asked_by}",
    )
