"""Addresses of the room: what the public reads, and under `write/` what staff write."""

from . import (
    changes,
    consultations,
    editions,
    feedback,
    open_referral,
    outputs,
    programme,
    public,
    sections,
    timeline,
    writing,
)

app_name = "offers"

urlpatterns = [
    *writing.FIXED,
    *public.urlpatterns,
    *outputs.urlpatterns,
    *consultations.urlpatterns,
    *feedback.urlpatterns,
    *open_referral.urlpatterns,
    *writing.urlpatterns,
    *sections.urlpatterns,
    *timeline.urlpatterns,
    *changes.urlpatterns,
    *editions.urlpatterns,
    *programme.urlpatterns,
]
