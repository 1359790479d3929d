"""How commissioners count: on a date, and how that came about."""

import datetime as dt

from django.db.models import QuerySet

from phb_register.models import Commissioner
from reporting.models import CountingPolicyChange
from reporting.rules.counting import DEFAULT_POLICY, CountingPolicy


def policy_on(commissioner: Commissioner, on: dt.date) -> CountingPolicy:
    """How a commissioner counts on a date: as it has set, or as the national collection does."""
    own = CountingPolicyChange.objects.in_force(commissioner, on)
    return own.policy if own else DEFAULT_POLICY


def source_on(commissioner: Commissioner, on: dt.date) -> str:
    """Where its own way of counting is set out; empty where it has none."""
    own = CountingPolicyChange.objects.in_force(commissioner, on)
    return own.source if own else ""


def changes_of(commissioner: Commissioner) -> QuerySet[CountingPolicyChange]:
    """Every change of a commissioner's way of counting, the latest to apply first."""
    return CountingPolicyChange.objects.for_commissioner(commissioner).select_related("recorded_by")
