"""The one table of what may happen to a transfer of a person from one commissioner to another.

It drives the services, the buttons, the database trigger that refuses any other jump, and the diagram in the
documents. Pure.
"""

from dataclasses import dataclass
from enum import Enum

from eligibility.enums import TransferStatus


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
OPEN: tuple[TransferStatus, ...] = (TransferStatus.WAITING, TransferStatus.SENT)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted({(step.from_status.value, step.to_status.value) for step in STEPS if step.from_status})


def steps_from(status: str) -> list[TransferStep]:
    """What may be done to a transfer in this status, in the order of the buttons."""
    return [step for step in STEPS if step.from_status is not None and step.from_status == status]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for step in STEPS:
        start = step.from_status.value if step.from_status else "[*]"
        lines.append(f"    {start} --> {step.to_status.value}: {step.label}")
    return "\n".join(lines) + "\n"
