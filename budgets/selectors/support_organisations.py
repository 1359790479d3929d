"""Support organisations: those a user sees, and those that may serve a person's commissioner."""

import datetime as dt
import uuid

from django.db.models import QuerySet

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from budgets.models.support_organisations import SupportOrganisationQuerySet
from phb_register.models import Commissioner, User
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on, commissioners_of


def organisations_of(user: User, permission: Permission = Permission.VIEW_BUDGETS) -> SupportOrganisationQuerySet:
    """Those the user may see, or write with MANAGE_BUDGETS, by name."""
    return SupportOrganisation.objects.visible_to(user, permission).select_related("commissioner").order_by("name")


def organisation_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS
) -> SupportOrganisation | None:
    """The organisation with this reference, if the user has the permission for it."""
    return organisations_of(user, permission).filter(reference=reference).first()


def organisations_serving(
    commissioner: Commissioner, on: dt.date, kind: SupportKind | None = None
) -> SupportOrganisationQuerySet:
    """Those that may serve the people of a commissioner on a day, of one kind or of any, by name.

    Its own and its partnerships', not closed by then. What a body that closed recorded is its successor's, as its
    people are.
    """
    heir = accountable_on(commissioner, on)
    ids = {commissioner.pk, heir.pk, *counted_ids([heir.pk], on)}
    rows = SupportOrganisation.objects.serving(ids).open_on(on).order_by("name")
    return rows.of_kind(kind) if kind else rows


def commissioners_to_write_for(user: User, today: dt.date) -> QuerySet[Commissioner]:
    """The open commissioners and partnerships to whose list the user may add."""
    return commissioners_of(user, Permission.MANAGE_BUDGETS).open_on(today).order_by("name")
