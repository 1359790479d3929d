"""The life of an edition."""

from django.urls import path

from offers.rules.editions import Verb
from offers.views import editions

from .base import WRITE

urlpatterns = [
    path(f"{WRITE}editions/start/", editions.start_edition, name="start-edition"),
    path(f"{WRITE}editions/<int:number>/", editions.edition_progress, name="edition-progress"),
    path(f"{WRITE}editions/<int:number>/change/", editions.change_edition, name="change-edition"),
    *(
        path(f"{WRITE}editions/<int:number>/{verb}/", editions.move_view(verb), name=f"edition-{verb}")
        for verb in Verb
        if verb not in (Verb.SUPERSEDE, Verb.OPEN_CONSULTATION)
    ),
]
