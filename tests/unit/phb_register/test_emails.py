import datetime as dt
from pathlib import Path

from phb_register import email_states
from phb_register.email_states import EmailStatus
from phb_register.emails import message_of, text_of
from phb_register.models import OutgoingEmail

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def email(**fields: object) -> OutgoingEmail:
    known: dict[str, object] = {"to_address": "board@example.nhs.uk", "subject": "A pack", "body": "It is ready."}
    return OutgoingEmail(**{"link": "/board-packs/", "written_at": NOON, **known, **fields})


def test_text_has_the_whole_address_of_its_link(settings) -> None:
    settings.SITE_URL = "https://phb.example.org/"
    assert text_of(email()).startswith("It is ready.\n\nhttps://phb.example.org/board-packs/\n\n")


def test_text_without_a_link_has_no_address() -> None:
    assert "http" not in text_of(email(link=""))


def test_message_keeps_its_identity_however_often_it_is_tried(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Register <register@phb.example.org>"
    written = email()
    first, second = (message_of(written).message() for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{written.reference}@phb.example.org>"
    assert first["Auto-Submitted"] == "auto-generated"


def test_what_was_sent_is_never_sent_again() -> None:
    assert email_states.TABLE.steps_from(EmailStatus.SENT) == []


def test_diagram_in_the_documentation_is_current() -> None:
    document = (Path(__file__).parents[3] / "docs" / "states" / "email-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{email_states.mermaid()}```" in document
