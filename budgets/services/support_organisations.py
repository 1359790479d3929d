"""Adding and changing support organisations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import SupportOrganisation
from budgets.rules.support_organisations import check_organisation, kinds_in_order
from phb_register import audit, clock, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

FIELDS = ("name", "kinds", "description", "website", "phone", "email", "is_public", "payee_reference", "closed_on")


def add_organisation(*, commissioner: Commissioner, by: User, **given: Any) -> SupportOrganisation:
    """Add an organisation of a commissioner or partnership. `given` are `FIELDS`.

    Raises `PermissionDenied`, or `BudgetRefused` where something is missing or the name is taken.
    """
    scope.check(by, Permission.MANAGE_BUDGETS, commissioner)
    if not commissioner.is_open_on(clock.today()):
        raise BudgetRefused([Problem("commissioner", f"{commissioner} has closed. Select who is responsible now")])
    return _saved(SupportOrganisation(commissioner=commissioner), given, "support-organisation-added", by)


@transaction.atomic
def change_organisation(*, organisation: SupportOrganisation, by: User, **given: Any) -> SupportOrganisation:
    """Change what is known of an organisation. Raises as `add_organisation` does."""
    held = (
        SupportOrganisation.objects.select_for_update(of=("self",))
        .select_related("commissioner")
        .get(pk=organisation.pk)
    )
    if not SupportOrganisation.objects.visible_to(by, Permission.MANAGE_BUDGETS).filter(pk=held.pk).exists():
        raise PermissionDenied(f"This needs the permission {Permission.MANAGE_BUDGETS} for {held.commissioner}")
    return _saved(held, given, "support-organisation-changed", by)


def _saved(held: SupportOrganisation, given: dict[str, Any], action: str, by: User) -> SupportOrganisation:
    for name, value in given.items():
        setattr(held, name, value.strip() if isinstance(value, str) else value)
    held.kinds = kinds_in_order(held.kinds)
    held.changed_at = clock.now()
    problems = check_organisation(
        name=held.name, kinds=held.kinds, is_public=held.is_public, description=held.description
    )
    if problems:
        raise BudgetRefused(problems)
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as error:
        if "support_organisation_once" not in str(error):
            raise
        raise BudgetRefused(
            [Problem("name", "There is an organisation with this name already. Change that one instead")]
        ) from error
    audit.record(
        actor=by, action=action, subject=held, commissioner=held.commissioner, detail={"fields": sorted(given)}
    )
    return held
