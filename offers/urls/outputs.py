"""Addresses of an edition's outputs: of each edition by its number, and of the published one."""

from django.urls import path

from offers.rules.outputs import OUTPUTS
from offers.views import checking
from offers.views import outputs as views

from .base import OFFER

_EDITION = f"{OFFER}editions/<int:number>/"

urlpatterns = [
    # No slug has a dot in it.
    path("local-offers/feed.json", views.feed, name="feed"),
    path("check-a-pdf/", checking.check_a_pdf, name="check-a-pdf"),
    path(f"{OFFER}easy-read/", views.easy_read_view(views.current), name="local-offer-easy-read"),
    path(f"{_EDITION}easy-read/", views.easy_read_view(views.numbered), name="edition-easy-read"),
    *(
        path(f"{OFFER}{each.file}", views.output_view(each.code, views.current), name=f"local-offer-{each.code}")
        for each in OUTPUTS
    ),
    *(
        path(f"{_EDITION}{each.file}", views.output_view(each.code, views.numbered), name=f"edition-{each.code}")
        for each in OUTPUTS
    ),
]
