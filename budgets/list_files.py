"""The lists of this room that can be taken as files, each by the filters of its page.

A file goes further than a page: of a list of people it holds only those of commissioners for which the user may export.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from budgets.filters import RegisterFilter
from budgets.filters_of_returns import ReturnFilter
from budgets.forms.budget_proposals import ProposalFilterForm
from budgets.forms.support_organisations import OrganisationFilter
from budgets.presenters import budget_proposals as proposal_words
from budgets.presenters import monitoring as monitoring_words
from budgets.presenters import partner_invoices as invoice_words
from budgets.presenters import payments as payment_words
from budgets.presenters import personal_health_budgets as register_words
from budgets.presenters import recoveries as recovery_words
from budgets.presenters import reviews as review_words
from budgets.presenters import support_organisations as organisation_words
from budgets.review_filters import ReviewFilter
from budgets.selectors import budget_proposals as proposals
from budgets.selectors import monitoring, partner_invoices, payments, recoveries, reviews
from budgets.selectors import personal_health_budgets as register
from budgets.selectors import support_organisations as organisations
from budgets.selectors.register_file import register_rows
from phb_register.filters import in_codes, in_words
from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.roles import Permission
from phb_register.tables import table_params


def register_list(asked: Asked) -> ListRows | None:
    """The register, filtered and searched."""
    user = asked.user
    rows = register.register_of(user, Permission.EXPORT_FIGURES)
    chosen = RegisterFilter(asked.query, rows, user=user, today=asked.today)
    if chosen.form.errors:
        return None
    found = chosen.qs.visible_to(user)
    found = (found.search(asked.words) if asked.words else found).newest_first()
    as_at = chosen.as_at_date.isoformat()
    return ListRows(
        register_words.file_columns(chosen.as_at_date),
        found,
        [("As at", as_at), *(pair for pair in in_words(chosen.form) if pair[0] != "As at")],
        {**in_codes(chosen.form), "as_at": as_at},
        batches=register_rows,
    )


def reviews_list(asked: Asked) -> ListRows | None:
    """The reviews to come."""
    user = asked.user
    rows = reviews.reviews_due(user, Permission.EXPORT_FIGURES).visible_to(user)
    chosen = ReviewFilter(asked.query, rows, user=user, today=asked.today)
    if chosen.form.errors:
        return None
    columns = review_words.file_columns(asked.today)
    words = [("On", asked.today.isoformat()), *in_words(chosen.form)]
    return ListRows(columns, chosen.qs, words, in_codes(chosen.form), batches=reviews.in_batches)


def returns_list(asked: Asked) -> ListRows | None:
    """The monitoring returns."""
    user = asked.user
    rows = monitoring.returns_of(user).visible_to(user, Permission.EXPORT_FIGURES)
    chosen = ReturnFilter(asked.query, rows, today=asked.today, user=user)
    if chosen.form.errors:
        return None

    def table(batch: list[Any]) -> dict[str, Any]:
        return monitoring_words.returns_table(batch, asked.today, has_names=True, caption="")

    return rows_as_shown(chosen.qs, table, in_words=in_words(chosen.form), in_codes=in_codes(chosen.form))


def recoveries_list(asked: Asked) -> ListRows:
    """The recoveries."""
    rows = recoveries.all_recoveries(asked.user).visible_to(asked.user, Permission.EXPORT_FIGURES)
    return rows_as_shown(rows, lambda batch: recovery_words.recoveries_table(batch, asked.today, has_names=True))


def surpluses_list(asked: Asked) -> ListRows:
    """The surpluses that wait for a decision."""
    rows: Any = monitoring.all_surpluses(asked.user)
    return rows_as_shown(rows.visible_to(asked.user, Permission.EXPORT_FIGURES), monitoring_words.surpluses_table)


def proposals_list(asked: Asked) -> ListRows | None:
    """The budget proposals."""
    form = ProposalFilterForm(asked.query if asked.query else {})
    if not form.is_valid():
        return None
    rows: Any = proposals.filtered(asked.user, form.cleaned_data["status"], form.cleaned_data["kind"])
    return rows_as_shown(
        rows.visible_to(asked.user, Permission.EXPORT_FIGURES),
        lambda batch: proposal_words.proposals_table(batch, asked.today),
        in_words=in_words(form),
        in_codes=in_codes(form),
    )


def runs_list(asked: Asked) -> ListRows:
    """The payment runs."""
    rows: Any = payments.runs_of(asked.user)
    return rows_as_shown(
        rows.visible_to(asked.user, Permission.EXPORT_FIGURES),
        lambda batch: table_params(payment_words.RUN_COLUMNS, batch, caption=""),
    )


def payments_of_run_list(asked: Asked) -> ListRows | None:
    """The payments of the run that the address names: those that its page shows."""
    try:
        run = payments.run_for(asked.user, uuid.UUID(asked.query.get("run", "")))
    except ValueError:
        return None
    if run is None or not payments.run_for(asked.user, run.reference, Permission.EXPORT_FIGURES):
        return None
    only = asked.query.get("show", "")
    columns = payment_words.run_payment_columns(may_hold=False)
    return rows_as_shown(
        payments.payments_of_run(run, only=only),
        lambda batch: table_params(columns, batch, caption=""),
        in_words=[("Payment run", run.label), ("Payments", only or "All")],
        in_codes={"run": str(run.reference), "show": only},
        commissioner=run.commissioner,
    )


def invoices_list(asked: Asked) -> ListRows:
    """The partner invoices and credits."""
    rows: Any = partner_invoices.invoices_of(asked.user)
    return rows_as_shown(
        rows.visible_to(asked.user, Permission.EXPORT_FIGURES),
        lambda batch: table_params(invoice_words.INVOICE_COLUMNS, batch, caption=""),
    )


def organisations_list(asked: Asked) -> ListRows | None:
    """The support organisations, of which nothing is about a person."""
    chosen = OrganisationFilter(asked.query, queryset=organisations.organisations_of(asked.user), today=asked.today)
    if not chosen.form.is_valid():
        return None
    return rows_as_shown(
        chosen.qs,
        organisation_words.list_table,
        in_words=in_words(chosen.form),
        in_codes=in_codes(chosen.form),
    )


def _page(url_name: str) -> Callable[[Mapping[str, str]], str]:
    """The list's page, with the same filters."""
    return lambda query: f"{reverse(url_name)}?{urlencode(query)}"


def _run_page(query: Mapping[str, str]) -> str:
    try:
        return reverse("budgets:payment-run", args=[uuid.UUID(query.get("run", ""))])
    except ValueError:
        return reverse("budgets:payment-runs")


_LISTS: tuple[tuple[str, str, Permission, Callable[[Asked], ListRows | None]], ...] = (
    ("register", "Register of personal health budgets", Permission.VIEW_BUDGETS, register_list),
    ("reviews", "Reviews to come", Permission.VIEW_BUDGETS, reviews_list),
    ("returns", "Monitoring returns", Permission.VIEW_PAYMENTS, returns_list),
    ("recoveries", "Recoveries", Permission.VIEW_PAYMENTS, recoveries_list),
    ("surpluses", "Surpluses to look at", Permission.MONITOR_BUDGETS, surpluses_list),
    ("budget-proposals", "Budget proposals", Permission.VIEW_BUDGETS, proposals_list),
    ("payment-runs", "Payment runs", Permission.VIEW_PAYMENTS, runs_list),
    ("partner-invoices", "Partner invoices", Permission.VIEW_PAYMENTS, invoices_list),
    ("support-organisations", "Support organisations", Permission.VIEW_BUDGETS, organisations_list),
)


def fill() -> None:
    """Declare the lists; each has the name of its page."""
    export = Permission.EXPORT_FIGURES
    for order, (code, title, permission, rows) in enumerate(_LISTS):
        list_files.add(ListFile(code, title, (permission, export), rows, _page(f"budgets:{code}"), order))
    of_run = (Permission.VIEW_PAYMENTS, export)
    list_files.add(ListFile("payments-of-run", "Payments of a run", of_run, payments_of_run_list, _run_page, 50))
