"""The addresses of this room. None holds a name or an NHS number."""

from django.urls import path

from budgets import views

app_name = "budgets"

_BUDGET = "personal-health-budgets/<uuid:reference>/"

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/register.csv", views.register_file, name="register-file"),
    path("referrals/<uuid:reference>/agree/", views.agree, name="agree"),
    path(_BUDGET, views.personal_health_budget, name="personal-health-budget"),
    path(f"{_BUDGET}start/", views.start, name="start"),
    path(f"{_BUDGET}change-methods/", views.change_methods, name="change-methods"),
    path(f"{_BUDGET}end/", views.end, name="end"),
]
