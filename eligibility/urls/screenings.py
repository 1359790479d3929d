"""Addresses of stored screenings, and of screening a referral again."""

from django.urls import path

from eligibility.views import screenings

_UNFINISHED = "screenings/unfinished/<uuid:reference>/"

urlpatterns = [
    path("screenings/<uuid:reference>/", screenings.screening, name="screening"),
    path("referrals/<uuid:reference>/screen-again/", screenings.screen_again, name="screen-again"),
    path(_UNFINISHED, screenings.unfinished, name="screening-draft"),
    path(f"{_UNFINISHED}questions/<slug:code>/", screenings.question, name="screening-draft-question"),
    path(f"{_UNFINISHED}questions/<slug:code>/so-far/", screenings.so_far, name="screening-draft-so-far"),
    path(f"{_UNFINISHED}delete/", screenings.discard, name="screening-draft-discard"),
]
