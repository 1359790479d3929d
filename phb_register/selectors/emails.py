"""Reads of the outbox, for administrators."""

import uuid
from typing import Any

from phb_register.models import OutgoingEmail
from phb_register.models.emails import OutgoingEmailQuerySet


def emails_visible_to(administrator: Any) -> OutgoingEmailQuerySet:
    """The e-mails of the commissioners and partnerships that the administrator looks after, newest first."""
    return OutgoingEmail.objects.visible_to(administrator).select_related("commissioner").defer("body")


def email_for(administrator: Any, reference: uuid.UUID) -> OutgoingEmail | None:
    """One of them, with its text."""
    found = OutgoingEmail.objects.visible_to(administrator).filter(reference=reference)
    return found.select_related("commissioner").first()
