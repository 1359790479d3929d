"""Addresses of this room, a file for each part of it. The order matters only where one address could be two."""

from . import journey, referrals, self_check, work

app_name = "eligibility"

urlpatterns = [*journey.urlpatterns, *referrals.urlpatterns, *work.urlpatterns, *self_check.urlpatterns]
