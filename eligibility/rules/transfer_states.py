"""The one table of what may happen to a transfer of a person from one commissioner to another.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass
from enum import Enum

from eligibility.enums import TransferStatus
from phb_register.state_tables import StateTable


class Side(Enum):
    """Whose PHB team takes a step."""

    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class TransferStep:
    """One thing that may be done to a transfer, by the PHB team of one side."""

    action: str
    label: str
    from_status: TransferStatus | None
    to_status: TransferStatus
    side: Side


PROPOSE = TransferStep("propose", "Propose", None, TransferStatus.WAITING, Side.SENDER)
SEND = TransferStep("send", "Send outside this register", None, TransferStatus.SENT, Side.SENDER)
ACCEPT = TransferStep("accept", "Accept", TransferStatus.WAITING, TransferStatus.ACCEPTED, Side.RECEIVER)
REFUSE = TransferStep("refuse", "Refuse", TransferStatus.WAITING, TransferStatus.REFUSED, Side.RECEIVER)
CANCEL = TransferStep("cancel", "Cancel", TransferStatus.WAITING, TransferStatus.CANCELLED, Side.SENDER)
RECORD_ACCEPTED = TransferStep(
    "record_accepted", "Record that it was accepted", TransferStatus.SENT, TransferStatus.ACCEPTED, Side.SENDER
)
RECORD_REFUSED = TransferStep(
    "record_refused", "Record that it was refused", TransferStatus.SENT, TransferStatus.REFUSED, Side.SENDER
)
CANCEL_SENT = TransferStep("cancel", "Cancel", TransferStatus.SENT, TransferStatus.CANCELLED, Side.SENDER)

STEPS: tuple[TransferStep, ...] = (
    PROPOSE,
    SEND,
    ACCEPT,
    REFUSE,
    CANCEL,
    RECORD_ACCEPTED,
    RECORD_REFUSED,
    CANCEL_SENT,
)
_TABLE = StateTable(STEPS)
allowed_jumps = _TABLE.allowed_jumps
steps_from = _TABLE.steps_from
mermaid = _TABLE.mermaid
OPEN: tuple[TransferStatus, ...] = (TransferStatus.WAITING, TransferStatus.SENT)
