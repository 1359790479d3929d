"""Arrangements, court orders, support organisations."""

from django.urls import path

from budgets.views import arrangements, court_orders, support_organisations

_BUDGET = "personal-health-budgets/<uuid:reference>/arrangements/"
_DIRECT = "direct-payment-arrangements/<uuid:reference>/"
_ORGANISATIONS = "support-organisations/"

urlpatterns = [
    path(_BUDGET, arrangements.arrangements, name="arrangements"),
    path(f"{_BUDGET}direct-payment/", arrangements.arrange_direct_payment, name="arrange-direct-payment"),
    path(f"{_BUDGET}third-party/", arrangements.arrange_third_party, name="arrange-third-party"),
    path(f"{_BUDGET}wheelchair/", arrangements.arrange_wheelchair, name="arrange-wheelchair"),
    path(f"{_BUDGET}stop-direct-payment/", arrangements.stop_direct_payment, name="stop-direct-payment"),
    path(f"{_BUDGET}go-on/", arrangements.finish_stop, name="finish-stop"),
    path(f"{_DIRECT}complete/", arrangements.complete_direct_payment, name="complete-direct-payment"),
    path(f"{_DIRECT}account/", arrangements.approve_account, name="approve-account"),
    path(f"{_DIRECT}withdraw-nomination/", arrangements.withdraw_nomination, name="withdraw-nomination"),
    path("third-party-arrangements/<uuid:reference>/sign/", arrangements.sign_third_party, name="sign-third-party"),
    path("people/<uuid:reference>/court-orders/", court_orders.court_orders, name="court-orders"),
    path("people/<uuid:reference>/court-orders/record/", court_orders.record_order, name="record-court-order"),
    path("court-orders/<uuid:reference>/last-day/", court_orders.change_last_day, name="change-court-order"),
    path("court-orders/<uuid:reference>/withdraw/", court_orders.withdraw_order, name="withdraw-court-order"),
    path(_ORGANISATIONS, support_organisations.organisations, name="support-organisations"),
    path(f"{_ORGANISATIONS}add/", support_organisations.add, name="add-support-organisation"),
    path(f"{_ORGANISATIONS}<uuid:reference>/", support_organisations.organisation, name="support-organisation"),
    path(f"{_ORGANISATIONS}<uuid:reference>/change/", support_organisations.change, name="change-support-organisation"),
]
