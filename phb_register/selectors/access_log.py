"""Reads of the access log, for auditors only."""

from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from phb_register.models import AccessLogEntry, Membership, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids


def access_log_for(auditor: Any) -> QuerySet[AccessLogEntry]:
    """What was done with the records of the auditor's commissioners, and by or to their users; newest first.

    A sign-in, a search or a list belongs to no one commissioner: it is shown to the auditors of those for whom the
    user works or worked.
    """
    ids = commissioner_ids(auditor, Permission.VIEW_ACCESS_LOG)
    users = Membership.objects.filter(commissioner__in=ids).values("user_id")
    as_text = Membership.objects.filter(commissioner__in=ids).values_list(Cast("user_id", CharField()))
    of_nobody_in_particular = Q(commissioner__isnull=True) & (
        Q(actor__in=users) | Q(subject_type=User._meta.label, subject_id__in=as_text)
    )
    entries = AccessLogEntry.objects.filter(Q(commissioner__in=ids) | of_nobody_in_particular)
    return entries.select_related("actor", "commissioner").order_by("-pk")
