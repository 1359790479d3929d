"""The support organisations that everybody may read: what fills the slot of the open data (`offers`)."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from budgets.models.support_organisations import SupportOrganisationQuerySet
from offers import support_directory as slot


class PublicOrganisations:
    """Those marked for the public and not closed, by name."""

    def kinds(self) -> Sequence[slot.SupportKind]:
        """What a support organisation may do."""
        return [slot.SupportKind(code=kind.value, label=kind.label) for kind in SupportKind]

    def count(self, search: slot.SupportSearch, *, on: dt.date) -> int:
        """How many match."""
        return _matching(search, on).count()

    def entries(self, search: slot.SupportSearch, *, on: dt.date, start: int, stop: int) -> Sequence[slot.SupportEntry]:
        """Those from one place to before another, with nothing that is not for the public."""
        rows = _matching(search, on).select_related("commissioner").order_by("name", "pk")[start:stop]
        return [_entry(row) for row in rows]


def _matching(search: slot.SupportSearch, on: dt.date) -> SupportOrganisationQuerySet:
    rows = SupportOrganisation.objects.public().open_on(on)
    if search.words:
        rows = rows.filter(Q(name__icontains=search.words) | Q(description__icontains=search.words))
    if search.kind:
        rows = rows.of_kind(SupportKind(search.kind))
    if search.reference:
        rows = rows.filter(reference=search.reference)
    if search.changed_since:
        rows = rows.filter(changed_at__gte=search.changed_since)
    return rows


def _entry(row: SupportOrganisation) -> slot.SupportEntry:
    return slot.SupportEntry(
        reference=row.reference,
        name=row.name,
        description=row.description,
        kinds=tuple(row.kinds),
        website=row.website,
        email=row.email,
        phone=row.phone,
        commissioner_code=row.commissioner.code,
        commissioner_name=row.commissioner.name,
        changed_at=row.changed_at,
    )
