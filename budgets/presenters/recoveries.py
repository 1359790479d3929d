"""Recoveries and offsets: their words, rows and tables."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from budgets.models import (
    Offset,
    PersonalHealthBudget,
    Recovery,
    RecoveryNotice,
    RecoveryReconsideration,
    RecoveryTransition,
    Repayment,
    WriteOff,
)
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules import recovery_states as states
from budgets.rules.offsets import OffsetStatus
from budgets.rules.recovery_states import RecoveryStatus, RecoveryStep
from eligibility.presenters.answers import Tag
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

TAGS: dict[str, str] = {
    RecoveryStatus.DRAFTED: "nhsuk-tag--grey",
    RecoveryStatus.APPROVED: "nhsuk-tag--blue",
    RecoveryStatus.NOTIFIED: "nhsuk-tag--yellow",
    RecoveryStatus.PART_REPAID: "nhsuk-tag--yellow",
    RecoveryStatus.REPAID: "nhsuk-tag--green",
    RecoveryStatus.RECONSIDERING: "nhsuk-tag--purple",
    RecoveryStatus.WRITTEN_OFF: "nhsuk-tag--white",
    RecoveryStatus.WITHDRAWN: "nhsuk-tag--white",
}
OFFSET_TAGS: dict[str, str] = {
    OffsetStatus.PROPOSED: "nhsuk-tag--grey",
    OffsetStatus.APPROVED: "nhsuk-tag--blue",
    OffsetStatus.APPLIED: "nhsuk-tag--green",
    OffsetStatus.WITHDRAWN: "nhsuk-tag--white",
}
#: A heading says it already.
HIDDEN = "nhsuk-u-visually-hidden"
DONE: dict[str, str] = {
    "draft": "Drafted",
    "approve": "Approved",
    "give_notice": "Notice given",
    "withdraw": "Withdrawn",
    "repay": "Repayment recorded",
    "reverse": "Repayment reversed",
    "ask_again": "Asked to look again",
    "decide_again": "Looked at again",
    "propose_write_off": "Writing off proposed",
    "write_off": "Writing off decided",
}
MAIN = ("approve", "give_notice", "repay", "decide_again", "write_off")


def recovery_url(recovery: Recovery) -> str:
    """Its own page."""
    return reverse("budgets:recovery", args=[recovery.reference])


def offset_url(offset: Offset) -> str:
    """Its own page."""
    return reverse("budgets:offset", args=[offset.reference])


def new_recovery_url(phb: PersonalHealthBudget, surplus: object = "") -> str:
    """Where a recovery is drafted."""
    address = reverse("budgets:new-recovery", args=[phb.reference])
    return f"{address}?surplus={surplus}" if surplus else address


def new_offset_url(phb: PersonalHealthBudget, surplus: object = "") -> str:
    """Where an offset is proposed."""
    address = reverse("budgets:new-offset", args=[phb.reference])
    return f"{address}?surplus={surplus}" if surplus else address


def recovery_tag(recovery: Recovery, today: dt.date) -> Tag:
    """Where a recovery stands; one whose time to repay is over is overdue."""
    if recovery.status in (RecoveryStatus.NOTIFIED, RecoveryStatus.PART_REPAID) and recovery.repay_by < today:
        return Tag("Overdue", "nhsuk-tag--red")
    return Tag(recovery.get_status_display(), TAGS[recovery.status])


def owed(recovery: Recovery) -> Decimal:
    """What is still owed of one that was read with its sums; in pounds."""
    asked = Decimal(0) if recovery.status == RecoveryStatus.WITHDRAWN else recovery.amount
    return states.outstanding(asked, recovery.repaid_amount, recovery.written_off_amount)  # type: ignore[attr-defined]


def recovery_rows(recovery: Recovery) -> list[dict[str, Any]]:
    """The four things, and what became of the money."""
    left = owed(recovery)
    rows: list[tuple[str, Any]] = [
        ("Reason", recovery.get_reason_code_display()),
        ("Reasons in writing", recovery.reasons),
        ("Amount", pounds(recovery.amount)),
        ("Repay by", spoken_date(recovery.repay_by)),
        ("Who must repay", f"{recovery.payer_name} ({recovery.get_payer_kind_display().lower()})"),
        ("Prepared", f"{spoken_date(recovery.prepared_on)} by {recovery.prepared_by}"),
        ("Approved", _approved(recovery)),
    ]
    if recovery.status in (*states.NOTICED, RecoveryStatus.WITHDRAWN):
        rows += [
            ("Repaid", pounds(recovery.repaid_amount)),  # type: ignore[attr-defined]
            ("Written off", pounds(recovery.written_off_amount)),  # type: ignore[attr-defined]
            ("Still owed", pounds(max(left, Decimal(0)))),
        ]
    if left < 0:
        rows.append(("To be given back", pounds(-left)))
    return summary(rows)


def _approved(recovery: Recovery) -> str:
    if recovery.approved_by is not None:
        return f"{spoken_date(recovery.approved_on)} by {recovery.approved_by}"
    return "Needed, by somebody else" if recovery.needs_approval else "Not needed for this amount"


def step_buttons(recovery: Recovery, steps: Iterable[RecoveryStep]) -> list[dict[str, str]]:
    """The buttons of a recovery."""
    return [
        {
            "text": step.label,
            "href": reverse(f"budgets:recovery-{step.action.replace('_', '-')}", args=[recovery.reference]),
            "variant": "" if step.action in MAIN else "secondary",
        }
        for step in steps
    ]


def recoveries_table(rows: Iterable[Recovery], today: dt.date, *, has_names: bool = False) -> dict[str, Any]:
    """A list of recoveries."""
    columns: list[Column[Recovery]] = [
        Column("Prepared", lambda row: spoken_date(row.prepared_on), link=recovery_url),
        Column("Reason", lambda row: row.get_reason_code_display()),
        Column("Amount", lambda row: pounds(row.amount), is_number=True),
        Column("Still owed", lambda row: pounds(max(owed(row), Decimal(0))), is_number=True),
        Column("Repay by", lambda row: spoken_date(row.repay_by)),
        Column("Status", lambda row: recovery_tag(row, today).text),
    ]
    if has_names:
        columns[0] = Column("Person", lambda row: str(row.phb.person), link=recovery_url)
    return table_params(columns, rows, caption="Recoveries", is_responsive=True)


def notices_table(rows: Iterable[RecoveryNotice]) -> dict[str, Any]:
    """The notices that were given."""
    columns: list[Column[RecoveryNotice]] = [
        Column("Given", lambda row: f"{spoken_date(row.given_on)} by {row.given_by}"),
        Column("Amount", lambda row: pounds(row.amount), is_number=True),
        Column("Repay by", lambda row: spoken_date(row.repay_by)),
        Column("To", lambda row: row.payer_name),
        Column("Format", lambda row: row.get_communication_format_display()),
        Column(
            "Letter",
            lambda row: "PDF" if row.pdf_id else "Being made",
            link=lambda row: reverse("budgets:repayment-notice-pdf", args=[row.reference]),
        ),
    ]
    return table_params(columns, rows, caption="Notices", caption_classes=HIDDEN, is_responsive=True)


def repayments_table(rows: Iterable[Repayment]) -> dict[str, Any]:
    """What came back."""
    columns: list[Column[Repayment]] = [
        Column("Date", lambda row: spoken_date(row.received_on)),
        Column("Amount", lambda row: pounds(row.amount), is_number=True),
        Column("Note", lambda row: f"Reversed: {row.note}" if row.amount < 0 else row.note or "–"),
        Column("Recorded by", lambda row: str(row.recorded_by)),
    ]
    return table_params(columns, rows, caption="Repayments", caption_classes=HIDDEN, is_responsive=True)


def write_offs_table(rows: Iterable[WriteOff]) -> dict[str, Any]:
    """Proposals to write off."""
    columns: list[Column[WriteOff]] = [
        Column("Proposed", lambda row: f"{spoken_date(row.proposed_on)} by {row.proposed_by}"),
        Column("Amount", lambda row: pounds(row.amount), is_number=True),
        Column("Reason", lambda row: row.reason),
        Column("Decision", _decided),
    ]
    return table_params(columns, rows, caption="Writing off", caption_classes=HIDDEN, is_responsive=True)


def _decided(row: WriteOff) -> str:
    if row.is_approved is None:
        return "Waits for somebody else"
    said = "Written off" if row.is_approved else f"Not written off: {row.decision_note}"
    return f"{said}, {spoken_date(row.decided_on)} by {row.decided_by}"


def again_table(rows: Iterable[RecoveryReconsideration]) -> dict[str, Any]:
    """Each time the notice was looked at again."""
    columns: list[Column[RecoveryReconsideration]] = [
        Column("Asked", lambda row: f"{spoken_date(row.requested_on)} by {row.asked_by_name}"),
        Column("Why", lambda row: row.statement),
        Column("Decide by", lambda row: spoken_date(row.due_on)),
        Column("Outcome", lambda row: row.get_outcome_display() or "To be decided"),
        Column("Reasons", lambda row: row.reasons or "–"),
        Column("Decided", lambda row: f"{spoken_date(row.decided_on)} by {row.decided_by}" if row.decided_on else "–"),
    ]
    return table_params(columns, rows, caption="Looked at again", caption_classes=HIDDEN, is_responsive=True)


def history(rows: Iterable[RecoveryTransition]) -> list[str]:
    """What happened to a recovery, in sentences."""
    return [
        f"{DONE[row.action]} on {spoken_date(row.occurred_on)} by {row.made_by}"
        + (f": {row.note}" if row.note else "")
        + f" (entered {spoken_moment(row.recorded_at)})"
        for row in rows
    ]


def repayment_label(row: Repayment) -> str:
    """A repayment in one sentence."""
    return f"{pounds(row.amount)} on {spoken_date(row.received_on)}"


def offset_tag(offset: Offset) -> Tag:
    """Where an offset stands."""
    return Tag(offset.get_status_display(), OFFSET_TAGS[offset.status])


def offset_rows(offset: Offset) -> list[dict[str, Any]]:
    """What is set off, and who said so."""
    rows: list[tuple[str, Any]] = [
        ("Payment of", spoken_date(offset.pays_on)),
        ("What the payment comes to", pounds(offset.payment_due)),
        ("Set off", pounds(offset.amount)),
        ("Reason", offset.reason),
        ("Proposed", f"{spoken_date(offset.proposed_on)} by {offset.proposed_by}"),
    ]
    if offset.approved_by is not None:
        rows.append(("Approved", f"{spoken_date(offset.approved_on)} by {offset.approved_by}"))
    if offset.applied_on is not None:
        rows.append(
            ("Set off by the payment run", f"{pounds(offset.applied_amount)} on {spoken_date(offset.applied_on)}")
        )
    return summary(rows)


def offsets_table(rows: Iterable[Offset]) -> dict[str, Any]:
    """The offsets of a PHB."""
    columns: list[Column[Offset]] = [
        Column("Payment of", lambda row: spoken_date(row.pays_on), link=offset_url),
        Column("Payment", lambda row: pounds(row.payment_due), is_number=True),
        Column("Set off", lambda row: pounds(row.amount), is_number=True),
        Column("Status", lambda row: row.get_status_display()),
    ]
    return table_params(columns, rows, caption="Offsets", is_responsive=True)


def recovery_item(row: Recovery, why: str, due_on: dt.date | None = None) -> WorkItem:
    """A recovery on a worklist."""
    return WorkItem(text=f"{row.phb.person}: {pounds(row.amount)}", url=recovery_url(row), why=why, due_on=due_on)


def offset_item(row: Offset) -> WorkItem:
    """An offset that waits for approval."""
    why = f"{pounds(row.amount)} off the payment of {spoken_date(row.pays_on)} waits for approval"
    return WorkItem(text=str(row.phb.person), url=offset_url(row), why=why, due_on=row.pays_on)
