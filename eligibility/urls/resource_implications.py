"""Addresses of what a version of a rule set would change for people, and cost."""

from django.urls import path

from eligibility.views import resource_implications as views

RESULT = "rule-sets/resource-implications/<uuid:reference>/"

urlpatterns = [
    path(
        "rule-sets/<slug:code>/versions/<int:number>/resource-implications/",
        views.resource_implications,
        name="resource-implications",
    ),
    path(RESULT, views.result, name="resource-implications-result"),
    path(f"{RESULT}people/", views.people, name="resource-implications-people"),
]
