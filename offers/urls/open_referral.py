"""Addresses of the open data. The standard writes them without a last slash."""

from django.urls import path

from offers.views import open_referral as views

_ROOT = "open-referral/"

urlpatterns = [
    path(_ROOT, views.root, name="open-referral"),
    path(f"{_ROOT}services", views.services, name="open-services"),
    path(f"{_ROOT}services/<uuid:reference>", views.service, name="open-service"),
    path(f"{_ROOT}organizations", views.organizations, name="open-organizations"),
    path(f"{_ROOT}organizations/<uuid:reference>", views.organization, name="open-organization"),
    path(f"{_ROOT}taxonomies", views.taxonomies, name="open-taxonomies"),
    path(f"{_ROOT}taxonomies/<uuid:reference>", views.taxonomy, name="open-taxonomy"),
    path(f"{_ROOT}taxonomy_terms", views.taxonomy_terms, name="open-taxonomy-terms"),
    path(f"{_ROOT}taxonomy_terms/<uuid:reference>", views.taxonomy_term, name="open-taxonomy-term"),
    path(f"{_ROOT}service_at_locations", views.service_at_locations, name="open-service-at-locations"),
    path(f"{_ROOT}service_at_locations/<uuid:reference>", views.service_at_location, name="open-service-at-location"),
]
