"""Rate cards, by the code of their commissioner or partnership."""

from django.urls import path

from budgets.views import rate_cards as views

_CARD = "rate-cards/<str:code>/<int:number>/"

urlpatterns = [
    path("rate-cards/", views.rate_card_owners, name="rate-card-owners"),
    path("rate-cards/<str:code>/", views.rate_cards, name="rate-cards"),
    path("rate-cards/<str:code>/start/", views.start_rate_card, name="start-rate-card"),
    path("rate-cards/<str:code>/compare/", views.compare_rate_cards, name="compare-rate-cards"),
    path(_CARD, views.rate_card, name="rate-card"),
    path(f"{_CARD}details/", views.rate_card_details, name="rate-card-details"),
    path(f"{_CARD}values/<str:group>/", views.rate_card_values, name="rate-card-values"),
    path(f"{_CARD}put-in-force/", views.put_rate_card_in_force, name="put-rate-card-in-force"),
    path(f"{_CARD}withdraw/", views.withdraw_rate_card, name="withdraw-rate-card"),
]
