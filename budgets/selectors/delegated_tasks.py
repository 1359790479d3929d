"""Delegated healthcare tasks whose sign-off runs out, or was never given."""

import datetime as dt

from django.db.models import QuerySet

from budgets.enums import PlanStatus
from budgets.models import DelegatedTask, TaskSignOff
from budgets.models.delegated_tasks import TaskSignOffQuerySet
from phb_register import scope
from phb_register.models import User
from phb_register.roles import Permission

#: How long before its end a sign-off is on the worklist: time for training and for a professional to come.
SOON = dt.timedelta(days=42)
_WITH_CASE = ("task__plan__referral__person", "task__plan__referral__commissioner")


def sign_offs_running_out(user: User, today: dt.date) -> TaskSignOffQuerySet:
    """Last sign-offs of tasks of plans in force that have run out or soon will, the first to run out first."""
    rows = TaskSignOff.objects.visible_to(user, Permission.PLAN_BUDGETS).of_plans_in_force_on(today)
    return rows.running_out_by(today + SOON).select_related(*_WITH_CASE)


def tasks_never_signed_off(user: User, today: dt.date) -> QuerySet[DelegatedTask]:
    """Tasks of plans in force that nobody signed off yet, those of the oldest plan first."""
    ids = scope.commissioner_ids(user, Permission.PLAN_BUDGETS)
    rows = DelegatedTask.objects.filter(
        plan__status=PlanStatus.SIGNED, plan__referral__commissioner__in=ids, sign_offs__isnull=True
    )
    open_ones = rows.exclude(plan__in_force_until__lte=today)
    return open_ones.select_related("plan__referral__person").order_by("plan__in_force_from", "pk")
