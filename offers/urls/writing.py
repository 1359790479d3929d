"""Where the text of an offer is written."""

from django.urls import path

from offers.views import cohorts, writing

from .base import WRITE

#: These come before the slugs; no offer may be called "write".
FIXED = [
    path("local-offers/write/", writing.your_offers, name="your-offers"),
    path("local-offers/write/start/", writing.start_offer, name="start-offer"),
]

urlpatterns = [
    path(WRITE, writing.workshop, name="workshop"),
    path(f"{WRITE}preview/", writing.preview, name="preview"),
    path(f"{WRITE}cohorts/add/", cohorts.add, name="add-cohort"),
    path(f"{WRITE}cohorts/<slug:code>/", cohorts.change, name="cohort"),
]
