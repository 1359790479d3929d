"""Writing and verifying the access log. Features never read it; only the auditor's page does."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.models.access_log import CHAINED_TEXT

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

READ = "read"
LIST = "list"
EXPORT = "export"


def record(
    *,
    actor: "User | AnonymousUser | None",
    action: str,
    subject: models.Model | None = None,
    commissioner: Commissioner | None = None,
    detail: dict[str, Any] | None = None,
) -> AccessLogEntry:
    """Add one entry, in the caller's transaction where there is one.

    ``actor`` is None for the system. ``commissioner`` is taken from the subject where it has one. ``detail`` holds
    codes and counts, never names or NHS numbers: the log outlives the record and is read by fewer rules.
    """
    if commissioner is None:
        owner = getattr(subject, "commissioner", None)
        commissioner = owner if isinstance(owner, Commissioner) else None
    return AccessLogEntry.objects.create(
        actor=actor if isinstance(actor, User) else None,
        action=action,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        commissioner=commissioner,
        detail=detail or {},
    )


def record_read(user: User, subject: models.Model, *, person: Person | None = None) -> None:
    """Note that ``user`` saw the record ``subject``, and whose record it is where that is not plain from it."""
    whose = person or (subject if isinstance(subject, Person) else None)
    record(
        actor=user,
        action=READ,
        subject=subject,
        commissioner=whose.commissioner if whose else None,
        detail={"person": whose.pk} if whose else {},
    )


def record_list(user: User, what: str, people: Iterable[Person]) -> None:
    """Note that ``user`` saw a list of ``people``, with who was on it: their ids, not their names."""
    record(actor=user, action=LIST, detail={"what": what, "people": [each.pk for each in people]})


def record_export(
    user: User,
    what: str,
    *,
    commissioner: Commissioner | None,
    rows: int,
    filters: dict[str, Any] | None = None,
) -> None:
    """Note that ``user`` took ``rows`` rows of ``what`` out of the register, by which filters."""
    record(
        actor=user,
        action=EXPORT,
        commissioner=commissioner,
        detail={"what": what, "rows": rows, "filters": filters or {}},
    )


def first_broken_entry() -> int | None:
    """The id of the first entry that was altered, or follows a removed one; None if the chain is whole.

    One pass over the log inside PostgreSQL, by the very expression the trigger used.
    """
    computed = f"encode(sha256(convert_to({CHAINED_TEXT.format(row='entry')}, 'UTF8')), 'hex')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT min(id) FROM (
                SELECT entry.id, entry.entry_hash <> {computed}
                    OR entry.previous_hash <> coalesce(lag(entry.entry_hash) OVER (ORDER BY entry.id), '') AS broken
                FROM phb_register_accesslogentry AS entry
            ) AS checked WHERE broken
            """  # noqa: S608  # the parts are constants of this module
        )
        row = cursor.fetchone()
    return row[0] if row else None
