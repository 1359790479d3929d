"""Addresses of the list of referrals, of one referral, and of what can be done with it."""

from django.urls import path

from eligibility.views import decisions, referrals

urlpatterns = [
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/search/", referrals.search, name="search"),
    path("referrals/<uuid:reference>/", referrals.referral, name="referral"),
    path("referrals/<uuid:reference>/accept/", decisions.accept, name="accept"),
    path("referrals/<uuid:reference>/accept-in-part/", decisions.accept_in_part, name="accept-in-part"),
    path("referrals/<uuid:reference>/decline/", decisions.decline, name="decline"),
    path("referrals/<uuid:reference>/withdraw/", decisions.withdraw, name="withdraw"),
]
