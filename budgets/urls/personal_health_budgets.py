"""The register, and a PHB from agreement to end."""

from django.urls import path

from budgets.views import personal_health_budgets as views

_BUDGET = "personal-health-budgets/<uuid:reference>/"

urlpatterns = [
    path("register/", views.register, name="register"),
    path(_BUDGET, views.personal_health_budget, name="personal-health-budget"),
    path(f"{_BUDGET}start/", views.start, name="start"),
    path(f"{_BUDGET}change-methods/", views.change_methods, name="change-methods"),
]
