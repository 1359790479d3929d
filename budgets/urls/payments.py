"""Payment runs and their files, the payments of a PHB, corrections, and partner invoices."""

from django.urls import path

from budgets.views import budget_payments, partner_invoices, payment_files, payment_runs

_RUN = "payment-runs/<uuid:reference>/"
_BUDGET = "personal-health-budgets/<uuid:reference>/payments/"
_CORRECTION = "payment-corrections/<uuid:reference>/"
_INVOICE = "partner-invoices/<uuid:reference>/"

urlpatterns = [
    path("payment-runs/", payment_runs.payment_runs_list, name="payment-runs"),
    path("payment-runs/new/", payment_runs.prepare_run, name="prepare-payment-run"),
    path(_RUN, payment_runs.payment_run, name="payment-run"),
    path(f"{_RUN}check/", payment_runs.check_run, name="check-payment-run"),
    path(f"{_RUN}release/", payment_runs.release_run, name="release-payment-run"),
    path(f"{_RUN}send-back/", payment_runs.send_back_run, name="send-back-payment-run"),
    path(f"{_RUN}abandon/", payment_runs.abandon_run, name="abandon-payment-run"),
    path(f"{_RUN}payments/<int:number>/hold/", payment_runs.hold_payment, name="hold-payment"),
    path(f"{_RUN}payments/<int:number>/include/", payment_runs.include_payment, name="include-payment"),
    path(f"{_RUN}files/<slug:kind>/", payment_files.payment_file, name="payment-file"),
    path(f"{_RUN}files/<slug:kind>/download/", payment_files.download_payment_file, name="payment-file-download"),
    path(
        "settings/<str:code>/payment-files/<slug:kind>/",
        payment_files.payment_file_layout,
        name="payment-file-layout",
    ),
    path(_BUDGET, budget_payments.budget_payments, name="budget-payments"),
    path(f"{_BUDGET}schedules/new/", budget_payments.make_schedule, name="make-payment-schedule"),
    path(f"{_BUDGET}schedules/<int:pk>/stop/", budget_payments.stop_schedule, name="stop-payment-schedule"),
    path(f"{_BUDGET}<int:pk>/", budget_payments.payment, name="payment"),
    path(f"{_BUDGET}<int:pk>/correct/", budget_payments.correct_payment, name="correct-payment"),
    path(_CORRECTION, budget_payments.correction, name="payment-correction"),
    path(f"{_CORRECTION}confirm/", budget_payments.confirm_correction, name="confirm-payment-correction"),
    path(f"{_CORRECTION}refuse/", budget_payments.refuse_correction, name="refuse-payment-correction"),
    path("partner-invoices/", partner_invoices.partner_invoices, name="partner-invoices"),
    path("partner-invoices/new/", partner_invoices.issue_partner_invoice, name="issue-partner-invoice"),
    path(_INVOICE, partner_invoices.partner_invoice, name="partner-invoice"),
    path(f"{_INVOICE}cancel/", partner_invoices.cancel_partner_invoice, name="cancel-partner-invoice"),
    path(f"{_INVOICE}invoice.csv", partner_invoices.partner_invoice_csv, name="partner-invoice-csv"),
    path(f"{_INVOICE}invoice.pdf", partner_invoices.partner_invoice_pdf, name="partner-invoice-pdf"),
]
