"""Addresses of this room, a file for each part of it. The order matters only where one address could be two."""

from . import journey, referrals, self_check

app_name = "eligibility"

urlpatterns = [*journey.urlpatterns, *referrals.urlpatterns, *self_check.urlpatterns]
