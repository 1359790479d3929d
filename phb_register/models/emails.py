"""The outbox: e-mails as rows, written in the transaction of what they tell of, and sent after it."""

import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from phb_register.email_states import EmailStatus, allowed_jumps
from phb_register.roles import Permission

from .commissioners import Commissioner
from .guards import no_delete
from .scope import ScopedQuerySet

# What was written stays as it is: only how far it is changes.
WORDS = (
    "reference",
    "to_address",
    "subject",
    "body",
    "link",
    "commissioner_id",
    "about_type",
    "about_id",
    "written_at",
)


class OutgoingEmailQuerySet(ScopedQuerySet["OutgoingEmail"]):
    """Reads of the outbox."""

    scope_permission = Permission.MANAGE_USERS

    def about(self, row: models.Model) -> Self:
        """Those that tell of a record."""
        return self.filter(about_type=row._meta.label, about_id=str(row.pk))

    def waiting(self) -> Self:
        """Those still to be sent."""
        return self.filter(status=EmailStatus.WAITING)


@pghistory.track(exclude=["body"])
class OutgoingEmail(models.Model):
    """One e-mail to one address, in plain text.

    ``link`` is a path of this site, so that no e-mail leads anywhere else. ``about_type`` and ``about_id`` name the
    record it tells of, as in the access log.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    to_address = models.EmailField("to")
    subject = models.CharField("subject", max_length=200)
    body = models.TextField("text", help_text="Plain text, without the link and the last lines.")
    link = models.CharField("link", max_length=300, blank=True, help_text="A path of this site.")
    about_type = models.CharField("kind of record", max_length=60, blank=True)
    about_id = models.CharField("record", max_length=40, blank=True)
    status = models.CharField("status", max_length=8, choices=EmailStatus.choices, default=EmailStatus.WAITING)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    error = models.CharField("what went wrong", max_length=300, blank=True)
    written_at = models.DateTimeField("written at")
    waiting_since = models.DateTimeField("waiting since", help_text="Given up two days later.")
    sent_at = models.DateTimeField("sent at", null=True, blank=True)

    objects: ClassVar[OutgoingEmailQuerySet] = OutgoingEmailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="email_one_address", condition=Q(to_address__regex=r"^[^\s@,;<>]+@[^\s@,;<>]+$")
            ),
            models.CheckConstraint(
                name="email_subject_on_one_line",
                condition=~Q(subject="") & ~Q(subject__regex=r"[\r\n]"),
            ),
            models.CheckConstraint(name="email_says_something", condition=~Q(body="")),
            models.CheckConstraint(
                name="email_link_stays_here", condition=Q(link="") | Q(link__regex=r"^/([^/\\\s][^\\\s]*)?$")
            ),
            models.CheckConstraint(
                name="email_sent_has_a_time",
                condition=Q(status=EmailStatus.SENT, sent_at__isnull=False)
                | (~Q(status=EmailStatus.SENT) & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-written_at", "-id"], name="email_by_commissioner"),
            models.Index(fields=["about_type", "about_id"], name="email_by_subject"),
            models.Index(fields=["waiting_since"], name="email_waiting", condition=Q(status=EmailStatus.WAITING)),
        ]
        triggers = [
            no_delete("email"),
            pgtrigger.FSM(name="email_states", field="status", transitions=allowed_jumps()),
            pgtrigger.Protect(
                name="email_begins_waiting",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'waiting'"),
            ),
            pgtrigger.Protect(
                name="email_words_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in WORDS)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
