"""What changed between editions, and why."""

from django.urls import path

from offers.views import changes

from .base import WRITE

_EDITIONS = "local-offers/<slug:slug>/editions/"

urlpatterns = [
    path(f"{_EDITIONS}compare/", changes.compare, name="compare-editions"),
    path(f"{_EDITIONS}<int:was>/compared-with/<int:now>/", changes.comparison, name="comparison"),
    path(f"{WRITE}editions/<int:was>/compared-with/<int:now>/", changes.compare_drafts, name="compare-drafts"),
    path(f"{WRITE}editions/<int:number>/changes/", changes.edition_changes, name="edition-changes"),
    path(f"{WRITE}editions/<int:number>/changes/learning/", changes.write_learning, name="write-learning"),
    path(
        f"{WRITE}editions/<int:number>/changes/<slug:kind>/<slug:mark>/",
        changes.explain_change,
        name="explain-change",
    ),
]
