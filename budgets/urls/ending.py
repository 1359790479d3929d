"""The end of a PHB and what is left of its money."""

from django.urls import path

from budgets.views import ending as views

_BUDGET = "personal-health-budgets/<uuid:reference>/"

urlpatterns = [
    path(f"{_BUDGET}end/", views.end, name="end"),
    path(f"{_BUDGET}take-back-end/", views.take_back_end, name="take-back-end"),
    path(f"{_BUDGET}closure/", views.closure, name="closure"),
    path(f"{_BUDGET}closure/reconcile/", views.reconcile, name="reconcile-closure"),
]
