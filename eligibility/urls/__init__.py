"""Addresses of this room, a file for each part of it. The order matters only where one address could be two."""

from . import (
    birthdays,
    criteria_editor,
    follow_up,
    journey,
    letters,
    referrals,
    resource_implications,
    rule_sets,
    screenings,
    self_check,
    work,
)

app_name = "eligibility"

urlpatterns = [
    *birthdays.urlpatterns,
    *criteria_editor.urlpatterns,
    *journey.urlpatterns,
    *letters.urlpatterns,
    *referrals.urlpatterns,
    *follow_up.urlpatterns,
    *resource_implications.urlpatterns,
    *rule_sets.urlpatterns,
    *work.urlpatterns,
    *screenings.urlpatterns,
    *self_check.urlpatterns,
]
