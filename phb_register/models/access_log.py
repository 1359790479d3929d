"""The access log: who read, exported, decided and signed in. Append-only, each entry chained to the one before."""

from typing import ClassVar

import pgtrigger
from django.db import models

from .commissioners import Commissioner
from .guards import append_only
from .users import User

# The text that an entry's hash covers. One definition for the trigger that writes it and the query that verifies it.
CHAINED_TEXT = """concat_ws(
    E'\\x1f', {row}.previous_hash, {row}.at::timestamptz AT TIME ZONE 'UTC', {row}.actor_id, {row}.action,
    {row}.subject_type, {row}.subject_id, {row}.commissioner_id, {row}.detail::text
)"""

CHAIN_ENTRY = f"""
    -- One writer at a time, so that the chain has no forks; held to the end of the transaction.
    PERFORM pg_advisory_xact_lock(hashtext('phb_register_access_log'));
    NEW.at = clock_timestamp();
    SELECT entry_hash INTO NEW.previous_hash FROM phb_register_accesslogentry ORDER BY id DESC LIMIT 1;
    NEW.previous_hash = coalesce(NEW.previous_hash, '');
    NEW.id = nextval(pg_get_serial_sequence('phb_register_accesslogentry', 'id'));
    NEW.entry_hash = encode(sha256(convert_to({CHAINED_TEXT.format(row="NEW")}, 'UTF8')), 'hex');
    RETURN NEW;
"""  # noqa: S608  # the part put in is the constant above


class AccessLogEntry(models.Model):
    """One act. The database sets the time and the hashes; nothing can change or remove an entry.

    ``subject_type`` and ``subject_id`` are not foreign keys, so that the log outlives what it speaks of.
    """

    at = models.DateTimeField("when", auto_now_add=True)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Null: the system."
    )
    action = models.CharField("what", max_length=40)
    subject_type = models.CharField("kind of record", max_length=60, blank=True)
    subject_id = models.CharField("record", max_length=40, blank=True)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.JSONField("detail", default=dict)
    previous_hash = models.CharField(max_length=64, default="", editable=False)
    entry_hash = models.CharField(max_length=64, default="", editable=False)

    objects: ClassVar[models.Manager["AccessLogEntry"]] = models.Manager()

    class Meta:
        verbose_name_plural = "access log"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="access_log_by_subject"),
            models.Index(fields=["actor", "-id"], name="access_log_by_actor"),
            models.Index(fields=["commissioner", "-id"], name="access_log_by_commissioner"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="access_log_chain", when=pgtrigger.Before, operation=pgtrigger.Insert, func=CHAIN_ENTRY
            ),
            *append_only("access_log"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor or 'the system'}: {self.action}"
