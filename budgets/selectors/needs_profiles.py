"""Reads of needs profiles and of the tools they are recorded with."""

import datetime as dt

from django.db.models import QuerySet

from budgets.models import NeedsProfile, NeedsTool
from eligibility.models import Referral
from phb_register.models import Person, User

ADULT_AGE = 18


def tools_on(day: dt.date) -> list[NeedsTool]:
    """The tools in use on a day: one for adults and one for children, as far as any is known."""
    return list(NeedsTool.objects.in_use_on(day).prefetch_related("domains"))


def all_tools() -> QuerySet[NeedsTool]:
    """Every version that reference data holds, with its domains."""
    return NeedsTool.objects.prefetch_related("domains")


def tool_by_code(code: str) -> NeedsTool | None:
    """The version with this code."""
    return all_tools().filter(code=code).first()


def tool_for(referral: Referral, day: dt.date) -> NeedsTool | None:
    """The tool for somebody of the person's age on a day; None where none was in use."""
    is_child = referral.person.age_on(day) < ADULT_AGE
    return next((tool for tool in tools_on(day) if tool.is_for_children == is_child), None)


def profiles_of(user: User, referral: Referral) -> QuerySet[NeedsProfile]:
    """The needs profiles of a referral that the user may see, the latest first."""
    rows = NeedsProfile.objects.visible_to(user).filter(referral=referral).order_by("-number")
    return rows.select_related("tool", "recorded_by").prefetch_related("levels__domain")


def profiles_of_person(user: User, person: Person) -> QuerySet[NeedsProfile]:
    """The needs profiles of any referral of a person that the user may see."""
    rows = NeedsProfile.objects.visible_to(user).filter(referral__person=person)
    return rows.select_related("referral", "tool", "recorded_by").order_by("assessed_on", "pk")


def latest_profile(referral: Referral) -> NeedsProfile | None:
    """The needs profile with the highest number."""
    return NeedsProfile.objects.filter(referral=referral).order_by("-number").first()
