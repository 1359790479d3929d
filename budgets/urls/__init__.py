"""The addresses of this room, a file for each part of it. None holds a name or an NHS number."""

from . import personal_health_budgets, reviews, support_plans

app_name = "budgets"

urlpatterns = [
    *personal_health_budgets.urlpatterns,
    *support_plans.urlpatterns,
    *reviews.urlpatterns,
]
