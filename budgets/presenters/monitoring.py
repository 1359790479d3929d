"""Returns, statements, savings and surpluses: their words, rows and tables."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from budgets.enums import ServiceCategory
from budgets.models import (
    MonitoringReturn,
    MonitoringReturnTransition,
    PersonalHealthBudget,
    ReturnSchedule,
    RingFencedSaving,
    Statement,
    StatementLine,
    Surplus,
)
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.matching import LineMatch
from budgets.rules.monitoring_states import ReturnStatus, ReturnStep
from budgets.rules.surplus import weeks_in_words
from budgets.selectors.monitoring import MOVEMENT, OPENING, PAYMENTS, Reconciliation, UnspentMoney
from eligibility.presenters.answers import Tag
from phb_register.presenters import counted, spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

RETURN_TAGS: dict[str, str] = {
    ReturnStatus.DUE: "nhsuk-tag--grey",
    ReturnStatus.RECEIVED: "nhsuk-tag--blue",
    ReturnStatus.QUERIED: "nhsuk-tag--yellow",
    ReturnStatus.RECONCILED: "nhsuk-tag--green",
    ReturnStatus.WAIVED: "nhsuk-tag--white",
}
#: A heading says it already.
HIDDEN = "nhsuk-u-visually-hidden"
STEP_URLS = {
    "receive": "budgets:return-receive",
    "waive": "budgets:return-waive",
    "query": "budgets:return-query",
    "answer": "budgets:return-answer",
    "reconcile": "budgets:return-reconcile",
    "reopen": "budgets:return-reopen",
    "expect": "budgets:return-expect",
}
DIFFERENCES = {
    OPENING: "Between the balance before the first line and the balance of the return before",
    MOVEMENT: "Between the lines and the balance at the end. A part of the statement may be missing",
    PAYMENTS: "Between the lines that are payments of ours and what the ledger says was paid",
}


def return_url(monitoring_return: MonitoringReturn) -> str:
    """Its own page."""
    return reverse("budgets:return", args=[monitoring_return.reference])


def monitoring_url(phb: PersonalHealthBudget) -> str:
    """The page of a PHB's monitoring."""
    return reverse("budgets:monitoring", args=[phb.reference])


def surplus_url(surplus: Surplus) -> str:
    """Its own page."""
    return reverse("budgets:surplus", args=[surplus.reference])


def period_words(monitoring_return: MonitoringReturn) -> str:
    """The days a return covers."""
    return f"{spoken_date(monitoring_return.first_on)} to {spoken_date(monitoring_return.last_on)}"


def return_tag(monitoring_return: MonitoringReturn, today: dt.date) -> Tag:
    """Where a return stands; one that should have come is overdue."""
    if monitoring_return.status == ReturnStatus.DUE and monitoring_return.due_on < today:
        return Tag("Overdue", "nhsuk-tag--red")
    return Tag(monitoring_return.get_status_display(), RETURN_TAGS[monitoring_return.status])


def return_rows(found: MonitoringReturn) -> list[dict[str, Any]]:
    """What a return is, and what came."""
    rows: list[tuple[str, Any]] = [
        ("Covers", period_words(found) + (" (final return)" if found.is_final else "")),
        ("Of", found.schedule.get_method_display()),
        ("Risk level", found.get_risk_level_display()),
        ("Due on", spoken_date(found.due_on)),
    ]
    if found.received_on:
        rows += [
            ("Received on", spoken_date(found.received_on)),
            ("Balance at the end", pounds(found.closing_balance)),
        ]
    if found.reconciled_on:
        rows += [("Reconciled", f"{spoken_date(found.reconciled_on)} by {found.reconciled_by}")]
    if found.difference_note:
        rows.append(("What explains the differences", found.difference_note))
    return summary(rows)


def sums_rows(found: Reconciliation) -> list[dict[str, Any]]:
    """What the lines come to."""
    rows: list[tuple[str, Any]] = []
    if found.opening_balance is not None:
        rows.append(("Balance before the first line", pounds(found.opening_balance)))
    rows += [
        ("Money in", pounds(found.sums.money_in)),
        ("Of it payments of ours", f"{pounds(found.sums.paid_by_us)} (ledger: {pounds(found.paid_by_ledger)})"),
        ("Money out", pounds(found.sums.money_out)),
        ("Not in the plan", pounds(found.sums.off_plan)),
        ("Lines", f"{counted(found.lines, 'line', 'lines')}, {found.unmatched_lines} not matched yet"),
        ("Receipts", f"{found.receipts_asked} asked for, {found.receipts_missing} not seen yet"),
    ]
    return summary(rows)


def differences(found: Reconciliation) -> list[str]:
    """What does not fit, in sentences."""
    return [f"{DIFFERENCES[name]}: {pounds(amount)}" for name, amount in found.differences.items()]


def step_buttons(found: MonitoringReturn, steps: Iterable[ReturnStep]) -> list[dict[str, str]]:
    """The buttons of a return; the first is the next step, the others are secondary."""
    return [
        {
            "text": step.label,
            "href": reverse(STEP_URLS[step.action], args=[found.reference]),
            "variant": "" if step.action in ("reconcile", "answer") else "secondary",
        }
        for step in steps
    ]


def history(rows: Iterable[MonitoringReturnTransition]) -> list[str]:
    """What happened to a return, in sentences."""
    return [
        ("Scheduled" if row.action == "schedule" else f"{row.get_to_status_display()}")
        + f" on {spoken_date(row.occurred_on)}"
        + ("" if row.action == "schedule" else f" by {row.made_by}")
        + (f": {row.note}" if row.note else "")
        + f" (entered {spoken_moment(row.recorded_at)})"
        for row in rows
    ]


def match_words(line: StatementLine) -> str:
    """What a line is."""
    if not line.match:
        return "Not matched yet"
    said = line.get_category_display() if line.match == LineMatch.PLAN else line.get_match_display()
    return f"{said}: {line.note}" if line.note else str(said)


def line_label(line: StatementLine) -> str:
    """A line in one sentence, as a question about it asks."""
    way = "in" if line.amount > 0 else "out"
    return f"{spoken_date(line.booked_on)}, {pounds(abs(line.amount))} {way}: {line.description}"


LINE_COLUMNS: list[Column[StatementLine]] = [
    Column("Date", lambda line: spoken_date(line.booked_on)),
    Column("Description", lambda line: line.description),
    Column("In", lambda line: pounds(line.amount) if line.amount > 0 else "", is_number=True),
    Column("Out", lambda line: pounds(-line.amount) if line.amount < 0 else "", is_number=True),
    Column("What it is", match_words),
    Column("Receipt", lambda line: receipt_words(line)),
]


def lines_table(rows: Iterable[StatementLine]) -> dict[str, Any]:
    """Lines in their order."""
    return table_params(LINE_COLUMNS, rows, caption="Lines in their order", caption_classes=HIDDEN, is_responsive=True)


def receipt_words(line: StatementLine) -> str:
    """Whether a receipt is asked for, and was seen."""
    if not line.is_receipt_asked:
        return "Not asked for"
    return f"Seen {spoken_date(line.receipt_seen_on)}" if line.receipt_seen_on else "Asked for"


def statement_table(found: MonitoringReturn, rows: Iterable[Statement], *, may_remove: bool) -> dict[str, Any]:
    """The files stored for a return."""
    columns: list[Column[Statement]] = [
        Column("Lines from", lambda row: f"{spoken_date(row.first_on)} to {spoken_date(row.last_on)}"),
        Column("Account ends in", lambda row: row.account_last_four or "Not known"),
        Column("Before", lambda row: pounds(row.opening_balance), is_number=True),
        Column("After", lambda row: pounds(row.closing_balance), is_number=True),
        Column("Stored", lambda row: f"{spoken_moment(row.imported_at)} by {row.imported_by}"),
    ]
    if may_remove:
        columns.append(
            Column(
                "Stored by mistake?",
                lambda row: "Remove",
                link=lambda row: reverse("budgets:return-remove-statement", args=[found.reference, row.reference]),
            )
        )
    return table_params(columns, rows, caption="Statements stored", caption_classes=HIDDEN, is_responsive=True)


def spending_table(planned: Mapping[str, Decimal], spent: Mapping[str, Decimal]) -> dict[str, Any] | None:
    """What was spent by category, beside what the plan buys a year."""
    codes = [each for each in ServiceCategory if each in planned or each in spent]
    if not codes:
        return None
    columns: list[Column[ServiceCategory]] = [
        Column("Category", lambda code: code.label),
        Column("Spent in this return", lambda code: pounds(spent.get(code, Decimal(0))), is_number=True),
        Column("In the plan, a year", lambda code: pounds(planned.get(code)), is_number=True),
    ]
    return table_params(columns, codes, caption="Spent as the plan says", caption_classes=HIDDEN)


def returns_table(rows: Iterable[MonitoringReturn], today: dt.date, *, has_names: bool, caption: str) -> dict[str, Any]:
    """A list of returns."""
    columns: list[Column[MonitoringReturn]] = [
        Column("Covers", period_words, link=return_url),
        Column("Of", lambda row: row.schedule.get_method_display()),
        Column("Risk", lambda row: row.get_risk_level_display().partition(":")[0]),
        Column("Due on", lambda row: spoken_date(row.due_on)),
        Column("Status", lambda row: return_tag(row, today).text),
        Column("Balance", lambda row: pounds(row.closing_balance), is_number=True),
    ]
    if has_names:
        columns.insert(0, Column("Person", lambda row: str(row.schedule.phb.person), link=return_url))
        columns[1] = Column("Covers", period_words)
    return table_params(columns, rows, caption=caption, is_responsive=True)


def schedule_table(rows: Iterable[ReturnSchedule], *, may_change: bool) -> dict[str, Any]:
    """How often returns are due."""
    columns: list[Column[ReturnSchedule]] = [
        Column("Of", lambda row: row.get_method_display()),
        Column("Risk level", lambda row: row.get_risk_level_display()),
        Column("Every", lambda row: counted(row.months, "month", "months")),
        Column("From", lambda row: spoken_date(row.starts_on)),
        Column("Until", lambda row: spoken_date(row.ends_on) if row.ends_on else "Goes on"),
    ]
    if may_change:
        columns.append(
            Column(
                "Level right?",
                lambda row: "" if row.ends_on else "Change",
                link=lambda row: (
                    None
                    if row.ends_on
                    else reverse("budgets:monitoring-risk-level", args=[row.phb.reference, row.method])
                ),
            )
        )
    return table_params(columns, rows, caption="How often returns are due", is_responsive=True)


def savings_table(rows: Iterable[RingFencedSaving], *, may_end: bool) -> dict[str, Any]:
    """What is put by."""
    columns: list[Column[RingFencedSaving]] = [
        Column("For", lambda row: row.purpose),
        Column("Amount", lambda row: pounds(row.amount), is_number=True),
        Column("Agreed", lambda row: f"{spoken_date(row.agreed_on)} by {row.agreed_by}"),
        Column(
            "Until",
            lambda row: f"{spoken_date(row.ended_on)}: {row.end_note}" if row.ended_on else spoken_date(row.until),
        ),
    ]
    if may_end:
        columns.append(
            Column(
                "Used or given up?",
                lambda row: "" if row.ended_on else "End",
                link=lambda row: (
                    None if row.ended_on else reverse("budgets:monitoring-saving-end", args=[row.phb.reference, row.pk])
                ),
            )
        )
    return table_params(columns, rows, caption="Ring-fenced savings", is_responsive=True)


def unspent_rows(found: UnspentMoney) -> list[dict[str, Any]]:
    """What is unspent, and how it is measured."""
    facts = found.facts
    return summary(
        [
            ("Balance", f"{pounds(facts.balance)} at the end of {spoken_date(found.as_at)}"),
            ("Ring-fenced savings, left out", pounds(facts.ring_fenced)),
            ("Paid a week", pounds(facts.weekly_amount)),
            ("Unspent", f"{pounds(facts.unspent)}: {weeks_in_words(facts.weeks)}"),
            ("Flagged above", f"{facts.threshold_weeks.normalize():f} weeks: local practice, not law"),
        ]
    )


def surplus_rows(surplus: Surplus) -> list[dict[str, Any]]:
    """A surplus as it was worked out, and what was decided."""
    facts = surplus.facts
    rows: list[tuple[str, Any]] = [
        ("Worked out on", spoken_date(surplus.worked_out_on)),
        ("Balance", pounds(facts.balance)),
        ("Ring-fenced savings, left out", pounds(facts.ring_fenced)),
        ("Paid a week", pounds(facts.weekly_amount)),
        ("Unspent", f"{pounds(facts.unspent)}: {weeks_in_words(facts.weeks)}"),
        ("Flagged above", f"{facts.threshold_weeks.normalize():f} weeks: local practice, not law"),
    ]
    if surplus.decision:
        rows += [
            ("Decision", surplus.get_decision_display()),
            ("Reason", surplus.reason),
            ("Decided", f"{spoken_date(surplus.decided_on)} by {surplus.decided_by}"),
        ]
    return summary(rows)


def surplus_why(surplus: Surplus) -> str:
    """Why a surplus is on a list."""
    return f"{pounds(surplus.facts.unspent)} unspent: {weeks_in_words(surplus.facts.weeks)}"


def surpluses_table(rows: Iterable[Surplus], *, has_names: bool = True) -> dict[str, Any]:
    """A list of surpluses."""
    columns: list[Column[Surplus]] = [
        Column("Return", lambda row: period_words(row.monitoring_return), link=surplus_url),
        Column("Unspent", surplus_why),
        Column("Decision", lambda row: row.get_decision_display() or "To be decided"),
    ]
    if has_names:
        columns.insert(
            0, Column("Person", lambda row: str(row.monitoring_return.schedule.phb.person), link=surplus_url)
        )
        columns[1] = Column("Return", lambda row: period_words(row.monitoring_return))
    return table_params(columns, rows, caption="Surpluses", is_responsive=True)


def overdue_item(row: MonitoringReturn) -> WorkItem:
    """A return that should have come."""
    return WorkItem(
        text=f"{row.schedule.phb.person}: return of {period_words(row)}",
        url=return_url(row),
        why=f"It was due on {spoken_date(row.due_on)}",
        due_on=row.due_on,
    )


def received_item(row: MonitoringReturn) -> WorkItem:
    """A return that came."""
    return WorkItem(
        text=f"{row.schedule.phb.person}: return of {period_words(row)}",
        url=return_url(row),
        why=f"It came on {spoken_date(row.received_on)} and is not reconciled",
    )


def surplus_item(row: Surplus) -> WorkItem:
    """A surplus that waits for a decision."""
    return WorkItem(text=str(row.monitoring_return.schedule.phb.person), url=surplus_url(row), why=surplus_why(row))
