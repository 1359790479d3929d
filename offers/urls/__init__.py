"""Addresses of the room: what the public reads, and under `write/` what staff write."""

from . import editions, open_referral, public, timeline, writing

app_name = "offers"

urlpatterns = [
    *writing.FIXED,
    *public.urlpatterns,
    *open_referral.urlpatterns,
    *writing.urlpatterns,
    *timeline.urlpatterns,
    *editions.urlpatterns,
]
