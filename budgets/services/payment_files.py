"""The files of a payment run: laid out by each commissioner, made once, and the same bytes ever after."""

import datetime as dt

from django.db import transaction

from budgets.exceptions import BudgetRefused
from budgets.models import PaymentFileLayout, PaymentRun
from budgets.payment_enums import FileKind, RunStatus
from budgets.rules.payment_files import Layout, check_layout, written
from budgets.selectors.payment_files import file_rows, layout_of
from phb_register import audit, documents, scope
from phb_register.models import Commissioner, StoredDocument, User
from phb_register.roles import Permission

from .payment_run_steps import locked, refused

MEDIA_TYPE = "text/csv; charset=utf-8"


@transaction.atomic
def lay_out_file(*, commissioner: Commissioner, layout: Layout, by: User) -> PaymentFileLayout:
    """Say what stands in a kind of file of a commissioner or partnership, from the next file on.

    Raises `PermissionDenied` without PREPARE_PAYMENTS there, or `BudgetRefused`.
    """
    scope.check(by, Permission.PREPARE_PAYMENTS, commissioner)
    problems = check_layout(layout)
    if problems:
        raise BudgetRefused(problems)
    row, _ = PaymentFileLayout.objects.update_or_create(
        commissioner=commissioner,
        kind=layout.kind,
        defaults={
            "columns": [{"column": each.code, "header": each.header.strip()} for each in layout.columns],
            "date_format": layout.date_format,
            "has_headings": layout.has_headings,
            "has_control_totals": layout.has_control_totals,
        },
    )
    audit.record(actor=by, action="lay-out-payment-file", subject=row, commissioner=commissioner)
    return row


@transaction.atomic
def make_file(*, run: PaymentRun, kind: FileKind, by: User, on: dt.date) -> StoredDocument:
    """The file of a released run. Made the first time it is asked for, and given as it was made ever after.

    Raises `PermissionDenied` without PREPARE_PAYMENTS there, or `BudgetRefused` before the run is released.
    """
    run = locked(run)
    scope.check(by, Permission.PREPARE_PAYMENTS, run.commissioner)
    if run.status != RunStatus.RELEASED:
        raise refused("Release the run first. Until then nothing in it may be paid")
    field = f"{kind}_file"
    existing: StoredDocument | None = getattr(run, field)
    if existing is not None:
        return existing
    layout = layout_of(run.commissioner, kind, on)
    made = documents.store(
        title=f"{kind.label} of payment run {run.label}",
        filename=f"{kind}-{run.label}.csv".lower(),
        media_type=MEDIA_TYPE,
        content=written(layout, file_rows(run)) or b"\r\n",
        made_by=by,
    )
    setattr(run, field, made)
    run.save(update_fields=[field])
    audit.record(actor=by, action="make-payment-file", subject=run, detail={"file": kind, "sha256": made.sha256})
    return made
