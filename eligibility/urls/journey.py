"""Addresses of the pages on which a referral is written."""

from django.urls import path

from eligibility.views import journey

urlpatterns = [
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
    path("referrals/unfinished/<uuid:reference>/questions/<slug:code>/so-far/", journey.so_far, name="draft-so-far"),
    path("referrals/unfinished/<uuid:reference>/answer/", journey.answer, name="draft-answer"),
    path("referrals/unfinished/<uuid:reference>/check/", journey.check, name="draft-check"),
    path("referrals/unfinished/<uuid:reference>/typed/", journey.keep_typed, name="draft-typed"),
    path("referrals/unfinished/<uuid:reference>/delete/", journey.discard, name="draft-discard"),
    path("referrals/<uuid:reference>/submitted/", journey.submitted, name="submitted"),
]
