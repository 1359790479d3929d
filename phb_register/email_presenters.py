"""How the outbox is said on its pages."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from phb_register.email_states import EmailStatus
from phb_register.models import OutgoingEmail
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_moment, summary
from phb_register.tables import Column

TAGS: dict[str, str] = {
    EmailStatus.WAITING: "nhsuk-tag--blue",
    EmailStatus.SENT: "nhsuk-tag--green",
    EmailStatus.GIVEN_UP: "nhsuk-tag--red",
}


def status_tag(email: OutgoingEmail) -> SafeString:
    """How far it is, as a coloured word."""
    return render_component("tag", {"text": email.get_status_display(), "classes": TAGS[email.status]})


OUTBOX_COLUMNS: list[Column[OutgoingEmail]] = [
    Column(
        "Subject",
        lambda each: each.subject,
        link=lambda each: reverse("phb_register:outbox-email", args=[each.reference]),
    ),
    Column("To", lambda each: each.to_address),
    Column("For", lambda each: each.commissioner),
    Column("Written", lambda each: spoken_moment(each.written_at)),
    Column("Status", status_tag),
]


def email_rows(email: OutgoingEmail) -> list[dict[str, Any]]:
    """The details of one e-mail."""
    rows: list[tuple[str, Any]] = [
        ("To", email.to_address),
        ("For", email.commissioner),
        ("Written", spoken_moment(email.written_at)),
        ("Sent", spoken_moment(email.sent_at) if email.sent_at else "Not yet"),
        ("Times tried", email.attempts or "Not tried yet"),
    ]
    if email.error:
        rows.append(("What went wrong", email.error))
    return summary(rows)
