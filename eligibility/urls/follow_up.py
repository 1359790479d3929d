"""Addresses of what follows a decision, of offers of a budget, and of transfers between commissioners."""

from django.urls import path

from eligibility.views import budget_offers, reconsiderations, transfers

urlpatterns = [
    path(
        "referrals/<uuid:reference>/reconsiderations/new/",
        reconsiderations.request_reconsideration,
        name="request-reconsideration",
    ),
    path("reconsiderations/<uuid:reference>/", reconsiderations.reconsideration, name="reconsideration"),
    path("reconsiderations/<uuid:reference>/decide/", reconsiderations.decide, name="decide-reconsideration"),
    path("reconsiderations/<uuid:reference>/notice/", reconsiderations.give_notice, name="give-notice-reconsideration"),
    path("reconsiderations/<uuid:reference>/withdraw/", reconsiderations.withdraw, name="withdraw-reconsideration"),
    path("people/<uuid:reference>/budget-offers/new/", budget_offers.record_offer, name="record-budget-offer"),
    path("budget-offers/<uuid:reference>/", budget_offers.budget_offer, name="budget-offer"),
    path("budget-offers/<uuid:reference>/answer/", budget_offers.answer_offer, name="answer-budget-offer"),
    path("budget-offers/<uuid:reference>/correct/", budget_offers.correct_offer, name="correct-budget-offer"),
    path("people/<uuid:reference>/transfers/new/", transfers.propose_transfer, name="propose-transfer"),
    path("people/<uuid:reference>/responsible/", transfers.check_responsible, name="check-responsible"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<uuid:reference>/", transfers.transfer, name="transfer"),
    path("transfers/<uuid:reference>/accept/", transfers.accept_transfer, name="accept-transfer"),
    path("transfers/<uuid:reference>/refuse/", transfers.refuse_transfer, name="refuse-transfer"),
    path("transfers/<uuid:reference>/cancel/", transfers.cancel_transfer, name="cancel-transfer"),
]
