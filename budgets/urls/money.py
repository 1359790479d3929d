"""Money at a glance, unit costs, and what organisations are paid."""

from django.urls import path

from budgets.views import money as views
from budgets.views import unit_costs

urlpatterns = [
    path("personal-health-budgets/<uuid:reference>/money/", views.of_budget, name="budget-money"),
    path("money/", views.commissioners, name="money-choice"),
    path("money/<str:code>/", views.money, name="money"),
    path("money/<str:code>/budgets/", views.budgets, name="money-budgets"),
    path("money/<str:code>/unit-costs/", unit_costs.unit_costs, name="unit-costs"),
    path("money/<str:code>/unit-costs/unit-costs.csv", unit_costs.unit_costs_file, name="unit-costs-file"),
    path("money/<str:code>/organisations/", unit_costs.organisations, name="money-organisations"),
    path(
        "money/<str:code>/organisations/organisations.csv",
        unit_costs.organisations_file,
        name="money-organisations-file",
    ),
]
