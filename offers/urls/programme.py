"""Where the programme behind an offer stands: one set of addresses for all its tools."""

from django.urls import path

from offers.views import programme

from .base import OFFER

_PROGRAMME = f"{OFFER}programme/"
_TOOL = f"{_PROGRAMME}<slug:tool>/"
_ENTRY = f"{_TOOL}<int:number>/"

urlpatterns = [
    # Beside the staff's own list; no offer may be called "write".
    path("local-offers/write/programme-due/", programme.due, name="programme-due"),
    path(_PROGRAMME, programme.programme, name="programme"),
    # Before the tools; none is called so.
    path(f"{_PROGRAMME}board-pack/", programme.choose_tools, name="programme-board-pack"),
    path(
        f"{_PROGRAMME}key-performance-indicators/<int:number>/readings/add/",
        programme.add_reading,
        name="programme-add-reading",
    ),
    path(_TOOL, programme.tool, name="programme-tool"),
    path(f"{_TOOL}add/", programme.add, name="programme-add"),
    path(_ENTRY, programme.entry, name="programme-entry"),
    path(f"{_ENTRY}change/", programme.change, name="programme-change"),
    path(f"{_ENTRY}remove/", programme.remove, name="programme-remove"),
    path(f"{_ENTRY}put-back/", programme.put_back, name="programme-put-back"),
    path(f"{_ENTRY}steps/<slug:action>/", programme.step, name="programme-step"),
]
