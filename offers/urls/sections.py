"""Where one section is written, and the offer is previewed in the forms it is read in."""

from django.urls import path

from offers.views import easy_read, previews, sections

from .base import WRITE

_SECTION = f"{WRITE}sections/<slug:kind>/"

urlpatterns = [
    path(f"{WRITE}preview/large-print/", previews.large_print, name="preview-large-print"),
    path(f"{WRITE}preview/easy-read/", previews.easy_read, name="preview-easy-read"),
    path(_SECTION, sections.write_section, name="write-section"),
    path(f"{_SECTION}keep/", sections.keep_section, name="keep-section"),
    path(f"{_SECTION}easy-read/", easy_read.write_easy_read, name="write-easy-read"),
    path(f"{_SECTION}easy-read/keep/", easy_read.keep_easy_read, name="keep-easy-read"),
    path(f"{_SECTION}discard/<slug:part>/", sections.discard_draft, name="discard-draft"),
]
