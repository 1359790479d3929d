"""Addresses of this room, a file for each part of it. The order matters only where one address could be two."""

from . import journey, letters, referrals, resource_implications, self_check, work

app_name = "eligibility"

urlpatterns = [
    *journey.urlpatterns,
    *letters.urlpatterns,
    *referrals.urlpatterns,
    *resource_implications.urlpatterns,
    *work.urlpatterns,
    *self_check.urlpatterns,
]
