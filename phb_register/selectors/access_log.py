"""Reads of the access log, for auditors only."""

from typing import Any

from django.db.models import QuerySet

from phb_register.models import AccessLogEntry
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids


def access_log_for(auditor: Any) -> QuerySet[AccessLogEntry]:
    """Entries about the records of the commissioners whom the auditor looks after, newest first."""
    ids = commissioner_ids(auditor, Permission.VIEW_ACCESS_LOG)
    return AccessLogEntry.objects.filter(commissioner__in=ids).select_related("actor", "commissioner").order_by("-pk")
