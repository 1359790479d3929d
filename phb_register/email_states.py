"""The one table of what may happen to an e-mail of the outbox. Pure."""

from dataclasses import dataclass

from django.db import models

from phb_register.state_tables import StateTable


class EmailStatus(models.TextChoices):
    """How far an e-mail is."""

    WAITING = "waiting", "Waiting to be sent"
    SENT = "sent", "Sent"
    GIVEN_UP = "given-up", "Not sent"


@dataclass(frozen=True)
class EmailStep:
    """One thing that happens to an e-mail."""

    action: str
    label: str
    from_status: EmailStatus | None
    to_status: EmailStatus


WRITE = EmailStep("write", "Written", None, EmailStatus.WAITING)
DELIVER = EmailStep("deliver", "Taken by the mail server", EmailStatus.WAITING, EmailStatus.SENT)
GIVE_UP = EmailStep("give_up", "Refused, or tried for two days", EmailStatus.WAITING, EmailStatus.GIVEN_UP)
TRY_AGAIN = EmailStep("try_again", "Send again", EmailStatus.GIVEN_UP, EmailStatus.WAITING)

TABLE: StateTable[EmailStep] = StateTable((WRITE, DELIVER, GIVE_UP, TRY_AGAIN))
allowed_jumps = TABLE.allowed_jumps
mermaid = TABLE.mermaid
