"""Transfers between commissioners: their page on each side, a person's page, and the worklists."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from eligibility.enums import TransferStatus
from eligibility.models import PersonTransfer, PersonTransferTransition, ResponsibilityCheck
from eligibility.rules.transfer_states import TransferStep
from eligibility.selectors.transfers import Moving
from phb_register.models import Person
from phb_register.presenters import counted, spoken_date, spoken_moment, summary
from phb_register.slots import TimelineEvent, WorkItem
from phb_register.tables import Column, table_params

from .answers import Tag

STATUS_TAGS: dict[str, str] = {
    TransferStatus.WAITING: "nhsuk-tag--blue",
    TransferStatus.SENT: "nhsuk-tag--blue",
    TransferStatus.ACCEPTED: "nhsuk-tag--green",
    TransferStatus.REFUSED: "nhsuk-tag--red",
    TransferStatus.CANCELLED: "nhsuk-tag--grey",
}
DONE: dict[str, str] = {
    "propose": "Asked for",
    "send": "Sent outside this register",
    "accept": "Accepted",
    "refuse": "Refused",
    "cancel": "Cancelled",
    "record_accepted": "Recorded as accepted",
    "record_refused": "Recorded as refused",
}
#: The page on which each step is taken; the two that record an answer share those of the answer.
PAGES: dict[str, str] = {
    "accept": "accept-transfer",
    "refuse": "refuse-transfer",
    "cancel": "cancel-transfer",
    "record_accepted": "accept-transfer",
    "record_refused": "refuse-transfer",
}
FLASH: dict[str, str] = {
    TransferStatus.ACCEPTED: "The transfer is accepted, and the person’s record has moved",
    TransferStatus.REFUSED: "The transfer is refused, and nothing has moved",
    TransferStatus.CANCELLED: "The transfer is cancelled, and nothing has moved",
}


def transfer_url(transfer: PersonTransfer) -> str:
    """The transfer's own page."""
    return reverse("eligibility:transfer", args=[transfer.reference])


def transfer_tag(transfer: PersonTransfer) -> Tag:
    """The tag of its status."""
    return Tag(transfer.get_status_display(), STATUS_TAGS[transfer.status])


def transfer_rows(transfer: PersonTransfer) -> list[dict[str, Any]]:
    """What is asked for, and the answer: the same for both sides."""
    rows: list[tuple[str, Any]] = [
        ("From", transfer.from_commissioner),
        ("To", transfer.to_commissioner),
        ("Reason", transfer.get_reason_display()),
        ("Basis of responsibility", transfer.get_basis_display()),
        ("Takes effect on", spoken_date(transfer.effective_on)),
        ("Asked for", f"{spoken_date(transfer.requested_on)} by {transfer.requested_by}"),
    ]
    if transfer.note:
        rows.append(("Note", transfer.note))
    if transfer.answered_on:
        rows.append(("Answered", f"{spoken_date(transfer.answered_on)} by {transfer.answered_by}"))
    if transfer.answered_for:
        rows.append(("Who answered there", transfer.answered_for))
    if transfer.answer_note:
        rows.append(("Note on the answer", transfer.answer_note))
    return summary(rows)


def minimum_rows(person: Person, moving: Moving) -> list[dict[str, Any]]:
    """As much of a person as the other side needs to say whether it is responsible, and what would come to it."""
    waiting = counted(moving.waiting_referrals, "referral waits", "referrals wait") + " for a decision"
    if moving.first_due_on is not None:
        waiting += f", the first due on {spoken_date(moving.first_due_on)}"
    return summary(
        [
            ("Name", person.display_name),
            ("NHS number", person.display_nhs_number),
            ("Date of birth", spoken_date(person.born_on)),
            ("GP practice", person.gp_practice),
            ("Postcode", person.postcode),
            ("What comes with it", waiting),
        ]
    )


def step_buttons(transfer: PersonTransfer, steps: Iterable[TransferStep]) -> list[dict[str, str]]:
    """What the user may do, as buttons that lead to their pages."""
    return [
        {
            "text": step.label,
            "href": reverse(f"eligibility:{PAGES[step.action]}", args=[transfer.reference]),
            "variant": "" if step.to_status == TransferStatus.ACCEPTED else "secondary",
        }
        for step in steps
    ]


def transfer_history(transitions: Iterable[PersonTransferTransition]) -> list[dict[str, str]]:
    """What happened to it, the oldest first."""
    return [
        {
            "what": DONE[each.action],
            "when": spoken_date(each.occurred_on),
            "who": str(each.made_by),
            "recorded": spoken_moment(each.recorded_at),
        }
        for each in transitions
    ]


def transfers_table(
    rows: Iterable[PersonTransfer], caption: str, *, shows_name: Callable[[PersonTransfer], bool]
) -> dict[str, Any]:
    """The parameters of a table of transfers. ``shows_name`` says of which the user may read who it is about."""
    columns: list[Column[PersonTransfer]] = [
        Column(
            "Person",
            lambda row: row.person.display_name if shows_name(row) else "Not shown",
            link=transfer_url,
        ),
        Column("From", lambda row: row.from_commissioner),
        Column("To", lambda row: row.to_commissioner),
        Column("Asked for on", lambda row: spoken_date(row.requested_on)),
        Column("Status", lambda row: row.get_status_display()),
    ]
    return table_params(columns, rows, caption=caption, is_responsive=True)


def transfer_item(transfer: PersonTransfer) -> WorkItem:
    """A transfer that waits for the user's side, on the home page."""
    return WorkItem(
        text=f"Accept or refuse {transfer.person.display_name} from {transfer.from_commissioner}",
        url=transfer_url(transfer),
        why=f"{transfer.get_reason_display()}. Asked for on {spoken_date(transfer.requested_on)}",
        due_on=transfer.effective_on,
    )


def sent_item(transfer: PersonTransfer) -> WorkItem:
    """A transfer that was sent outside this register, on the home page."""
    return WorkItem(
        text=f"Record what {transfer.to_commissioner} said about {transfer.person.display_name}",
        url=transfer_url(transfer),
        why=f"Sent on {spoken_date(transfer.requested_on)} to a commissioner that does not use this register",
        due_on=transfer.effective_on,
    )


def check_item(check: ResponsibilityCheck) -> WorkItem:
    """A check of who is responsible for a person, on the home page."""
    return WorkItem(
        text=f"Check who is responsible for {check.person.display_name}",
        url=reverse("eligibility:check-responsible", args=[check.person.reference]),
        why=f"The {check.changed} changed on {spoken_date(check.opened_on)}",
    )


def check_words(check: ResponsibilityCheck) -> str:
    """What changed, in a sentence."""
    return f"The {check.changed} of this person changed on {spoken_date(check.opened_on)}."


def transfer_events(
    transfers: Iterable[PersonTransfer], checks: Iterable[ResponsibilityCheck], *, is_linked: bool
) -> list[TimelineEvent]:
    """What happened to who is responsible for a person, for their timeline; linked for those who may follow."""
    events: list[TimelineEvent] = []
    for each in transfers:
        where = f"From {each.from_commissioner} to {each.to_commissioner}"
        url = transfer_url(each) if is_linked else ""
        asked = TimelineEvent(
            each.requested_on,
            "Transfer asked for",
            where,
            by=str(each.requested_by),
            url=url,
            recorded_at=each.recorded_at,
            about=each,
        )
        events.append(asked)
        if each.answered_on is not None:
            title = f"Transfer {each.get_status_display().lower()}"
            events.append(TimelineEvent(each.answered_on, title, where, by=str(each.answered_by), url=url, about=each))
    for check in checks:
        if check.closed_on is not None:
            title = "Who is responsible was checked"
            words = str(check.get_result_display())
            events.append(TimelineEvent(check.closed_on, title, words, by=str(check.closed_by), about=check))
    return events
