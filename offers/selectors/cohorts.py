"""The cohorts that a page may name."""

from typing import Any

from django.db.models import QuerySet

from offers.models import Cohort
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids


def cohorts_for(user: Any, permission: Permission) -> QuerySet[Cohort]:
    """Those that the records the user may see with a permission can be in, in the order of lists."""
    return Cohort.objects.used_by(commissioner_ids(user, permission))
