"""What everybody may read."""

from django.urls import path

from offers.views import public

from .base import OFFER

urlpatterns = [
    path("local-offers/", public.local_offers, name="local-offers"),
    path(OFFER, public.local_offer, name="local-offer"),
    path(f"{OFFER}editions/", public.editions, name="editions"),
    path(f"{OFFER}editions/<int:number>/", public.edition, name="edition"),
]
