"""Addresses of the room: what the public reads, and under `write/` what staff write."""

from django.urls import path

from offers.rules.editions import Verb
from offers.views import cohorts, editions, public, timeline, writing

app_name = "offers"

_WRITE = "local-offers/<slug:slug>/write/"

urlpatterns = [
    path("local-offers/", public.local_offers, name="local-offers"),
    # Before the slugs; no offer may be called "write".
    path("local-offers/write/", writing.your_offers, name="your-offers"),
    path("local-offers/write/start/", writing.start_offer, name="start-offer"),
    path("local-offers/<slug:slug>/", public.local_offer, name="local-offer"),
    path("local-offers/<slug:slug>/local-offer.pdf", public.local_offer_pdf, name="local-offer-pdf"),
    path("local-offers/<slug:slug>/editions/", public.editions, name="editions"),
    path("local-offers/<slug:slug>/editions/<int:number>/", public.edition, name="edition"),
    path("local-offers/<slug:slug>/editions/<int:number>/local-offer.pdf", public.edition_pdf, name="edition-pdf"),
    path(_WRITE, writing.workshop, name="workshop"),
    path(f"{_WRITE}preview/", writing.preview, name="preview"),
    path(f"{_WRITE}sections/<slug:kind>/", writing.write_section, name="write-section"),
    path(f"{_WRITE}timeline/add/", timeline.add_phase, name="add-phase"),
    path(f"{_WRITE}timeline/<int:pk>/", timeline.phase, name="phase"),
    path(f"{_WRITE}timeline/<int:pk>/remove/", timeline.remove_phase, name="remove-phase"),
    path(f"{_WRITE}cohorts/add/", cohorts.add, name="add-cohort"),
    path(f"{_WRITE}cohorts/<slug:code>/", cohorts.change, name="cohort"),
    path(f"{_WRITE}editions/start/", editions.start_edition, name="start-edition"),
    path(f"{_WRITE}editions/<int:number>/", editions.edition_progress, name="edition-progress"),
    path(f"{_WRITE}editions/<int:number>/change/", editions.change_edition, name="change-edition"),
    *(
        path(f"{_WRITE}editions/<int:number>/{verb}/", editions.move_view(verb), name=f"edition-{verb}")
        for verb in Verb
        if verb != Verb.SUPERSEDE
    ),
]
