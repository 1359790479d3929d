"""Proposing a budget, deciding on proposals, and the meetings of the risk panel."""

from django.urls import path

from budgets.views import budget_proposals as proposals
from budgets.views import budget_settings, risk_panels

_PROPOSAL = "budget-proposals/<uuid:reference>/"
_PANEL = "risk-panels/<uuid:reference>/"

urlpatterns = [
    path("referrals/<uuid:reference>/proposals/", proposals.proposals_of_referral, name="proposals"),
    path("referrals/<uuid:reference>/proposals/new/", proposals.propose, name="propose"),
    path("referrals/<uuid:reference>/proposals/confirm/", proposals.confirm, name="confirm"),
    path("budget-proposals/", proposals.budget_proposals, name="budget-proposals"),
    path(_PROPOSAL, proposals.budget_proposal, name="budget-proposal"),
    path(f"{_PROPOSAL}change/", proposals.change, name="change-proposal"),
    path(f"{_PROPOSAL}submit/", proposals.submit, name="submit-proposal"),
    path(f"{_PROPOSAL}revise/", proposals.revise, name="revise-proposal"),
    path(f"{_PROPOSAL}withdraw/", proposals.withdraw, name="withdraw-proposal"),
    path(f"{_PROPOSAL}approve/", proposals.approve, name="approve-proposal"),
    path(f"{_PROPOSAL}return/", proposals.return_, name="return-proposal"),
    path(f"{_PROPOSAL}refer/", proposals.refer, name="refer-proposal"),
    path(f"{_PROPOSAL}decline/", proposals.decline, name="decline-proposal"),
    path("risk-panels/", risk_panels.risk_panels, name="risk-panels"),
    path("risk-panels/new/", risk_panels.plan, name="plan-risk-panel"),
    path(_PANEL, risk_panels.risk_panel, name="risk-panel"),
    path(f"{_PANEL}agenda/", risk_panels.agenda, name="risk-panel-agenda"),
    path(f"{_PANEL}present/", risk_panels.present, name="risk-panel-present"),
    path(f"{_PANEL}cancel/", risk_panels.cancel, name="cancel-risk-panel"),
    path(f"{_PANEL}items/<int:pk>/decide/", risk_panels.decide, name="decide-panel-item"),
    path(f"{_PANEL}items/<int:pk>/remove/", risk_panels.remove, name="remove-panel-item"),
    path("settings/<str:code>/budgets/", budget_settings.budget_settings, name="budget-settings"),
]
