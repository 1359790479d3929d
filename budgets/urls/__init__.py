"""The addresses of this room, a file for each part of it. None holds a name or an NHS number."""

from . import (
    arrangements,
    budget_proposals,
    ending,
    indicative_budgets,
    money,
    monitoring,
    payments,
    personal_health_budgets,
    rate_cards,
    recoveries,
    register_imports,
    reviews,
    support_plans,
)

app_name = "budgets"

urlpatterns = [
    *personal_health_budgets.urlpatterns,
    *rate_cards.urlpatterns,
    *indicative_budgets.urlpatterns,
    *support_plans.urlpatterns,
    *budget_proposals.urlpatterns,
    *arrangements.urlpatterns,
    *ending.urlpatterns,
    *payments.urlpatterns,
    *reviews.urlpatterns,
    *monitoring.urlpatterns,
    *money.urlpatterns,
    *recoveries.urlpatterns,
    *register_imports.urlpatterns,
]
