"""Reads of what a commissioner or partnership decided for itself."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from phb_register.disclosure import PROFILES, Profile
from phb_register.models import Commissioner, CommissionerSettings, PartnershipMember, Population
from phb_register.models.commissioners import counted_ids

DEFAULT_NOTICE_MONTHS: int = CommissionerSettings().birthday_notice_months


def settings_of(commissioner: Commissioner, on: dt.date | None = None) -> CommissionerSettings:
    """The settings in use: the commissioner's own, else its partnership's on a date, else the defaults (unsaved)."""
    whose = Q(commissioner=commissioner)
    if on is not None:
        whose |= Q(
            commissioner__in=PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
        )
    found = list(CommissionerSettings.objects.filter(whose).order_by("pk"))
    own = [each for each in found if each.commissioner_id == commissioner.pk]
    return next(iter(own or found), None) or CommissionerSettings(commissioner=commissioner)


def profile_of(commissioner: Commissioner) -> Profile:
    """Which numbers the commissioner hides from readers who may not see people."""
    return profiles_of([commissioner.pk])[commissioner.pk]


def profiles_of(commissioners: Iterable[int]) -> dict[int, Profile]:
    """The same of each of these, by its id."""
    ids = set(commissioners)
    default = CommissionerSettings._meta.get_field("disclosure_profile").get_default()
    chosen = CommissionerSettings.objects.filter(commissioner__in=ids)
    found = dict(chosen.values_list("commissioner_id", "disclosure_profile"))
    return {pk: PROFILES[found.get(pk) or default] for pk in ids}


def birthday_notices(on: dt.date) -> dict[int, int]:
    """By the id of a commissioner, the months of notice before a birthday, where they are not the default.

    As ``settings_of`` has it for whoever answers for the commissioner's people on the day. Three reads for each
    that has settings of its own, few as they are.
    """
    notices: dict[int, int] = {}
    rows = CommissionerSettings.objects.select_related("commissioner")
    for row in sorted(rows, key=lambda each: not each.commissioner.is_partnership):
        if row.birthday_notice_months != DEFAULT_NOTICE_MONTHS or row.commissioner_id in notices:
            ids = counted_ids([row.commissioner_id], on)
            notices |= dict.fromkeys(ids, row.birthday_notice_months)
    return notices


def populations_of(commissioner: Commissioner) -> QuerySet[Population]:
    """Every recorded count of the people served, newest first."""
    return Population.objects.filter(commissioner=commissioner).order_by("-counted_on")
