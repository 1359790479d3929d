"""Addresses of this room."""

from django.urls import path

from reporting.views import dashboard, denominators

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboard.dashboards, name="dashboards"),
    path("dashboard/<str:code>/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<str:code>/figures.csv", dashboard.figures_csv, name="figures-csv"),
    path("dashboard/<str:code>/people/<slug:measure_code>/", dashboard.people, name="people"),
    path("dashboard/<str:code>/targets/", denominators.targets, name="targets"),
    path("dashboard/<str:code>/eligible-populations/", denominators.eligible_populations, name="eligible-populations"),
    path("targets/", denominators.choose, name="targets-choice"),
]
