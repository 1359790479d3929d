"""Taking back an import that was a mistake: what came of it goes, as long as nobody has worked on it since.

Nothing else in the register removes a record. Here the file was the mistake and the records never were anybody's
work; their row history stays, and the access log says who undid what and why (ADR 0034).
"""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.db import IntegrityError, models

from budgets.models import (
    AgreedBudget,
    FundingShare,
    MethodPart,
    PersonalHealthBudget,
    RegisterImport,
    RegisterImportRow,
    ReviewDue,
)
from eligibility.models import Decision, Referral, ReferralTransition
from phb_register.bulk import settle
from phb_register.models import Person
from phb_register.services.file_imports import LaterWork

#: What an import writes, those that hang on others first; each with its way to the row of the import.
_WRITTEN: tuple[tuple[type[models.Model], str], ...] = (
    (ReviewDue, "phb_id"),
    (FundingShare, "phb_id"),
    (MethodPart, "phb_id"),
    (AgreedBudget, "phb_id"),
    (PersonalHealthBudget, "id"),
    (Decision, "referral_id"),
    (ReferralTransition, "referral_id"),
    (Referral, "id"),
    (Person, "id"),
)


def remove_rows(register_import: RegisterImport) -> dict[str, int]:
    """Remove what came of an import, and return how many of each. Raises `LaterWork`. In the caller's transaction."""
    rows = RegisterImportRow.objects.filter(register_import=register_import)
    keys = {
        PersonalHealthBudget: set(rows.filter(phb__isnull=False).values_list("phb_id", flat=True)),
        Referral: set(rows.values_list("referral_id", flat=True)),
        Person: set(rows.filter(is_new_person=True).values_list("person_id", flat=True)),
    }
    _refuse_changed(register_import, keys)
    rows.delete()
    removed: dict[str, int] = {}
    with pgtrigger.ignore(*_guards()):
        for model, path in _WRITTEN:
            owner = Referral if path == "referral_id" else PersonalHealthBudget if path == "phb_id" else model
            # Past the ORM's own search for what hangs on them: the database's foreign keys find all of it.
            found = model._default_manager.filter(**{f"{path}__in": keys[owner]})
            removed[str(model._meta.verbose_name_plural)] = found._raw_delete(found.db)
    try:
        settle()
    except IntegrityError as error:
        raise LaterWork(_hangs_on(error)) from error
    return removed


def _refuse_changed(register_import: RegisterImport, keys: dict[Any, set[int]]) -> None:
    """Raise `LaterWork` where a person, referral or budget was changed since the import; none can be from now on."""
    for model, ids in keys.items():
        # Work that is just being saved is waited for, and then seen.
        list(model.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
        events = model.pgh_event_model.objects.filter(pgh_obj_id__in=ids, pgh_label="update")
        changed = events.values("pgh_obj_id").distinct().count()
        if changed:
            named = model._meta.verbose_name if changed == 1 else model._meta.verbose_name_plural
            raise LaterWork(
                f"{changed} {named} of this import {'was' if changed == 1 else 'were'} changed since. "
                "Correct what is wrong by hand: undoing would lose that work"
            )


def _hangs_on(error: IntegrityError) -> str:
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", "") or ""
    by_table = {each._meta.db_table: each for each in _all_models()}
    what = by_table[table]._meta.verbose_name_plural if table in by_table else "records"
    return (
        f"Since the import, {what} were entered for what came of it. Correct what is wrong by hand: undoing would lose "
        "that work"
    )


def _all_models() -> Iterable[type[models.Model]]:
    return PersonalHealthBudget._meta.apps.get_models()


def _guards() -> list[str]:
    """The triggers that refuse to remove what an import wrote: for these tables, here alone, they may not."""
    names = ("no_delete", "append_only")
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, _ in _WRITTEN
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name.endswith(names)
    ]
