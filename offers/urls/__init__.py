"""Addresses of the room: what the public reads, and under `write/` what staff write."""

from . import consultations, editions, feedback, open_referral, programme, public, sections, timeline, writing

app_name = "offers"

urlpatterns = [
    *writing.FIXED,
    *public.urlpatterns,
    *consultations.urlpatterns,
    *feedback.urlpatterns,
    *open_referral.urlpatterns,
    *writing.urlpatterns,
    *sections.urlpatterns,
    *timeline.urlpatterns,
    *editions.urlpatterns,
    *programme.urlpatterns,
]
