"""Statement files: read, looked at, stored or thrown away. A file is taken whole or not at all."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetSettings, MonitoringReturn, Statement, StatementDraft, StatementLayout, StatementLine
from budgets.rules.monitoring_states import ReturnStatus
from budgets.rules.receipts import receipts_asked
from budgets.rules.statements import StatementEntry, check_columns, header_key, read_file
from budgets.selectors.statements import layout_owner, preview_of, remembered_columns
from phb_register import audit, clock
from phb_register.models import User

from .monitoring_returns import NO_LONGER, held_return, mark_received
from .surplus import work_out_surplus

#: A file that nobody stored is thrown away when the next one of its return is read.
KEPT_FOR = dt.timedelta(days=1)
TAKES_STATEMENTS = (ReturnStatus.DUE, ReturnStatus.RECEIVED, ReturnStatus.QUERIED)


@transaction.atomic
def read_statement(
    *, monitoring_return: MonitoringReturn, content: bytes, by: User, received_on: dt.date | None = None
) -> StatementDraft:
    """Read a file for a return, so that it can be looked at before it is stored. Nothing of its account is kept.

    The columns are those that were remembered for its headings, or what the headings say. Raises
    ``PermissionDenied``, ``BudgetRefused``, or ``StatementFileRefused`` with what is wrong with the file.
    """
    held = held_return(monitoring_return, by)
    _check_takes(held)
    file = read_file(content)
    StatementDraft.objects.filter(monitoring_return=held, made_at__lt=clock.now() - KEPT_FOR).delete()
    draft = StatementDraft.objects.create(
        monitoring_return=held,
        file_sha256=file.sha256,
        received_on=received_on or clock.today(),
        account_last_four=file.account_last_four,
        header=list(file.header),
        rows=[[row.number, list(row.cells)] for row in file.rows],
        columns=remembered_columns(layout_owner(held), list(file.header)),
        made_by=by,
    )
    audit.record(
        actor=by,
        action="statement-read",
        subject=held,
        commissioner=held.schedule.phb.commissioner,
        detail={"rows": len(file.rows)},
    )
    return draft


def _check_takes(held: MonitoringReturn) -> None:
    if held.status not in TAKES_STATEMENTS:
        raise BudgetRefused([Problem("", NO_LONGER)])


@transaction.atomic
def choose_columns(*, draft: StatementDraft, columns: Mapping[str, str], by: User) -> StatementDraft:
    """Say which column of a file is which, and remember it for the commissioner's next file with these headings.

    Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    held = held_return(draft.monitoring_return, by)
    chosen = {field: name for field, name in columns.items() if name}
    problems = check_columns(chosen, draft.header)
    if problems:
        raise BudgetRefused([Problem("", problem) for problem in problems])
    draft.columns = chosen
    draft.save(update_fields=["columns"])
    StatementLayout.objects.update_or_create(
        commissioner=layout_owner(held),
        header_key=header_key(draft.header),
        defaults={"header": draft.header, "columns": chosen, "remembered_by": by},
    )
    return draft


@transaction.atomic
def store_statement(
    *, monitoring_return: MonitoringReturn, key: uuid.UUID, by: User, on: dt.date | None = None
) -> Statement | None:
    """Store what a file says of the period of its return: the lines that are not there yet, and the balance.

    The same file again changes nothing; a draft that was stored already (the button pressed twice) answers None.
    Raises ``PermissionDenied``, ``BudgetRefused``, or ``StatementFileRefused``.
    """
    held = held_return(monitoring_return, by)
    draft = StatementDraft.objects.filter(key=key, monitoring_return=held, made_by=by).first()
    if draft is None:
        return None
    _check_takes(held)
    same = Statement.objects.filter(monitoring_return=held, file_sha256=draft.file_sha256).first()
    if same is not None:
        draft.delete()
        return same
    preview = preview_of(draft)
    part = preview.part
    if not part.lines:
        raise BudgetRefused([Problem("", "The file has no line in the period of this return. Choose another file")])
    known = [line for line in part.lines if line.key in preview.known_keys]
    statement = Statement.objects.create(
        monitoring_return=held,
        file_sha256=draft.file_sha256,
        account_last_four=draft.account_last_four,
        first_on=part.lines[0].booked_on,
        last_on=part.lines[-1].booked_on,
        opening_balance=part.opening_balance,
        closing_balance=part.closing_balance,
        known_lines=len(known),
        known_amount=sum((line.amount for line in known), start=Decimal(0)),
        lines_outside=part.outside,
        imported_by=by,
    )
    asked = _receipts(held, part.lines, on or clock.today())
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=statement,
            monitoring_return=held,
            row=line.row,
            key=line.key,
            booked_on=line.booked_on,
            description=line.description,
            amount=line.amount,
            is_receipt_asked=line.key in asked,
        )
        for line in part.lines
        if line.key not in preview.known_keys
    )
    received_on = draft.received_on
    draft.delete()
    latest = held.statements.order_by("-last_on", "-pk")[0]
    mark_received(held, latest.closing_balance, by=by, on=on or received_on)
    _record(held, "statement-stored", statement, by)
    return statement


def _receipts(held: MonitoringReturn, lines: Sequence[StatementEntry], on: dt.date) -> set[str]:
    """The keys of the lines whose receipt is asked for, by the risk level of the return."""
    settings = BudgetSettings.objects.of(held.schedule.phb.commissioner, on)
    return receipts_asked(
        held.risk_level,
        [(line.key, line.amount) for line in lines],
        over=settings.receipts_over_amount,
        one_in=settings.receipts_one_in,
        salt=str(held.reference),
    )


@transaction.atomic
def discard_draft(*, monitoring_return: MonitoringReturn, key: uuid.UUID, by: User) -> None:
    """Throw away a file that was read and not stored. Raises ``PermissionDenied``."""
    held = held_return(monitoring_return, by)
    StatementDraft.objects.filter(key=key, monitoring_return=held, made_by=by).delete()


@transaction.atomic
def remove_statement(*, statement: Statement, reason: str, by: User, on: dt.date | None = None) -> MonitoringReturn:
    """Remove a statement that was stored by mistake, with its lines: it may be somebody else's.

    Not once the return is reconciled. The balance becomes that of the statement before it; of the only one, it stays
    until another is stored. Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    held = held_return(statement.monitoring_return, by)
    if held.status == ReturnStatus.RECONCILED:
        raise BudgetRefused([Problem("", "Reopen the return first")])
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why the statement is removed")])
    _record(held, "statement-removed", statement, by, reason=reason.strip())
    statement.delete()
    latest = held.statements.order_by("-last_on", "-pk").first()
    if latest is not None:
        held.closing_balance = latest.closing_balance
        held.save(update_fields=["closing_balance"])
        work_out_surplus(monitoring_return=held, by=by, on=on or clock.today())
    return held


def _record(held: MonitoringReturn, action: str, statement: Statement, by: User, **detail: str) -> None:
    audit.record(
        actor=by,
        action=action,
        subject=held,
        commissioner=held.schedule.phb.commissioner,
        detail={"statement": str(statement.reference), "lines": statement.lines.count(), **detail},
    )
