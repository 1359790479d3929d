"""Addresses of the referral pathway."""

from django.urls import path

from .views import decisions, journey, referrals

app_name = "eligibility"

urlpatterns = [
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/search/", referrals.search, name="search"),
    path("referrals/new/", journey.new, name="new"),
    path("referrals/new/without-nhs-number/", journey.new_without_number, name="new-without-number"),
    path("referrals/unfinished/<uuid:reference>/", journey.draft, name="draft"),
    path("referrals/unfinished/<uuid:reference>/find/", journey.find, name="draft-find"),
    path(
        "referrals/unfinished/<uuid:reference>/find/without-nhs-number/",
        journey.find_without_number,
        name="draft-find-without-number",
    ),
    path("referrals/unfinished/<uuid:reference>/person/", journey.person, name="draft-person"),
    path("referrals/unfinished/<uuid:reference>/details/", journey.details, name="draft-details"),
    path("referrals/unfinished/<uuid:reference>/received/", journey.received, name="draft-received"),
    path("referrals/unfinished/<uuid:reference>/questions/", journey.questions, name="draft-questions"),
    path("referrals/unfinished/<uuid:reference>/questions/<slug:code>/", journey.question, name="draft-question"),
    path("referrals/unfinished/<uuid:reference>/answer/", journey.answer, name="draft-answer"),
    path("referrals/unfinished/<uuid:reference>/check/", journey.check, name="draft-check"),
    path("referrals/unfinished/<uuid:reference>/delete/", journey.discard, name="draft-discard"),
    path("referrals/<uuid:reference>/", referrals.referral, name="referral"),
    path("referrals/<uuid:reference>/submitted/", journey.submitted, name="submitted"),
    path("referrals/<uuid:reference>/accept/", decisions.accept, name="accept"),
    path("referrals/<uuid:reference>/accept-in-part/", decisions.accept_in_part, name="accept-in-part"),
    path("referrals/<uuid:reference>/decline/", decisions.decline, name="decline"),
    path("referrals/<uuid:reference>/withdraw/", decisions.withdraw, name="withdraw"),
]
