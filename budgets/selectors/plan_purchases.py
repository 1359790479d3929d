"""What the people of a commissioner cannot buy with a PHB."""

import datetime as dt

from budgets.models import ProhibitedPurchase
from budgets.rules.plan_purchases import Prohibited
from phb_register.models import Commissioner, PartnershipMember
from phb_register.models.commissioners import counted_ids
from phb_register.selectors.commissioners import accountable_on


def owners_for(commissioner: Commissioner, on: dt.date) -> set[int]:
    """Those whose own entries hold for a commissioner: itself, its heir, those they count with, their partnerships."""
    heir = accountable_on(commissioner, on)
    bodies = {commissioner.pk, heir.pk, *counted_ids([heir.pk], on)}
    partnerships = PartnershipMember.objects.on(on).filter(member__in=bodies)
    return bodies | set(partnerships.values_list("partnership_id", flat=True))


def entries_for(commissioner: Commissioner, on: dt.date) -> list[ProhibitedPurchase]:
    """The national entries and the commissioner's own, as they stand on a day."""
    return list(ProhibitedPurchase.objects.of(owners_for(commissioner, on)).in_force_on(on))


def prohibited_for(commissioner: Commissioner, on: dt.date) -> list[Prohibited]:
    """The same for the rules."""
    return [
        Prohibited(each.code, each.label, tuple(each.words), each.authority, each.citation)
        for each in entries_for(commissioner, on)
    ]


def national_entries() -> list[ProhibitedPurchase]:
    """The entries that hold everywhere."""
    return list(ProhibitedPurchase.objects.filter(commissioner__isnull=True))


def own_entries(commissioner: Commissioner) -> list[ProhibitedPurchase]:
    """Those that a commissioner or partnership added itself, ended ones too."""
    return list(ProhibitedPurchase.objects.filter(commissioner=commissioner))


def own_entry(commissioner: Commissioner, pk: int) -> ProhibitedPurchase | None:
    """One of those."""
    return ProhibitedPurchase.objects.filter(commissioner=commissioner, pk=pk).first()
