"""Addresses of monitoring: returns, statements, lines, savings, surpluses."""

from django.urls import path

from budgets.views import monitoring, monitoring_returns, statements

_BUDGET = "personal-health-budgets/<uuid:reference>/"
_RETURN = "returns/<uuid:reference>/"

urlpatterns = [
    path(f"{_BUDGET}monitoring/", monitoring.monitoring, name="monitoring"),
    path(f"{_BUDGET}monitoring/start/", monitoring.start_monitoring, name="monitoring-start"),
    path(f"{_BUDGET}monitoring/<slug:method>/risk-level/", monitoring.risk_level, name="monitoring-risk-level"),
    path(f"{_BUDGET}ring-fenced-savings/new/", monitoring.ring_fence, name="monitoring-saving"),
    path(f"{_BUDGET}ring-fenced-savings/<int:pk>/end/", monitoring.end_ring_fence, name="monitoring-saving-end"),
    path("returns/", monitoring_returns.returns, name="returns"),
    path(_RETURN, monitoring_returns.monitoring_return, name="return"),
    path(f"{_RETURN}receive/", monitoring_returns.receive, name="return-receive"),
    path(f"{_RETURN}query/", monitoring_returns.query, name="return-query"),
    path(f"{_RETURN}answer/", monitoring_returns.answer, name="return-answer"),
    path(f"{_RETURN}waive/", monitoring_returns.waive, name="return-waive"),
    path(f"{_RETURN}expect/", monitoring_returns.expect, name="return-expect"),
    path(f"{_RETURN}reconcile/", monitoring_returns.reconcile, name="return-reconcile"),
    path(f"{_RETURN}reopen/", monitoring_returns.reopen, name="return-reopen"),
    path(f"{_RETURN}statement/", statements.read_statement, name="return-statement"),
    path(f"{_RETURN}statement/<uuid:key>/", statements.preview, name="return-statement-preview"),
    path(f"{_RETURN}statement/<uuid:key>/columns/", statements.columns, name="return-statement-columns"),
    path(f"{_RETURN}statements/<uuid:key>/remove/", statements.remove_statement, name="return-remove-statement"),
    path(f"{_RETURN}lines/", statements.lines, name="return-lines"),
    path(f"{_RETURN}suggestions/", statements.suggestions, name="return-suggestions"),
    path(f"{_RETURN}receipts/", statements.receipts, name="return-receipts"),
    path(f"{_RETURN}rules/new/", statements.keep_rule, name="return-rule"),
    path("matching-rules/", statements.rules, name="matching-rules"),
    path("matching-rules/<int:pk>/retire/", statements.retire_rule, name="retire-rule"),
    path("surpluses/", monitoring.surpluses, name="surpluses"),
    path("surpluses/<uuid:reference>/", monitoring.surplus, name="surplus"),
]
