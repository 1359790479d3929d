"""Reads of what a commissioner or partnership decided for itself."""

import datetime as dt

from django.db.models import Max, QuerySet

from phb_register.models import Commissioner, CommissionerSettings, PartnershipMember, Population


def settings_of(commissioner: Commissioner, on: dt.date | None = None) -> CommissionerSettings:
    """The settings in use: the commissioner's own, else its partnership's on a date, else the defaults (unsaved)."""
    own = CommissionerSettings.objects.filter(commissioner=commissioner).first()
    if own is None and on is not None:
        partnerships = PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
        own = CommissionerSettings.objects.filter(commissioner__in=partnerships).first()
    return own or CommissionerSettings(commissioner=commissioner)


def longest_birthday_notice() -> int:
    """The most months of notice before a birthday that any commissioner asks for; at least the default."""
    longest = CommissionerSettings.objects.aggregate(months=Max("birthday_notice_months"))["months"] or 0
    return max(longest, CommissionerSettings().birthday_notice_months)


def populations_of(commissioner: Commissioner) -> QuerySet[Population]:
    """Every recorded count of the people served, newest first."""
    return Population.objects.filter(commissioner=commissioner).order_by("-counted_on")
