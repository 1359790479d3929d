"""Monitoring returns: their list, the page of one, and what is done to it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.filters_of_returns import ReturnFilter
from budgets.forms.monitoring import ReceiveForm, ReconcileForm, TextStepForm
from budgets.presenters import monitoring as words
from budgets.rules.monitoring_states import ReturnStatus
from budgets.selectors import monitoring as selectors
from budgets.selectors import statements as statement_selectors
from budgets.services import monitoring_returns as service
from budgets.services.statements import TAKES_STATEMENTS
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import page_of

from .monitoring_support import FORMS, LIST_PAGE, RECORD_PAGE, act, found_return, posted

#: Of the steps that need one sentence: the service, its argument, what is asked, the remedy, and what is said after.
STEPS: dict[str, tuple[Callable[..., Any], str, str, str, str, str]] = {
    "query": (
        service.query_return, "question", "What do you ask?", "Enter what you ask", "Query",
        "The query is recorded",
    ),
    "answer": (
        service.answer_query, "answer", "What was answered?", "Enter what was answered", "Record the answer",
        "The answer is recorded",
    ),
    "waive": (
        service.waive_return, "reason", "Why is it not needed?", "Enter why it is not needed", "Waive",
        "The return is waived",
    ),
    "expect": (
        service.expect_return, "reason", "Why is it needed after all?", "Enter why it is needed after all", "Expect it",
        "The return is due again",
    ),
    "reopen": (
        service.reopen_return, "reason", "What is to be corrected?", "Enter what is to be corrected", "Reopen",
        "The return is open again",
    ),
}  # fmt: skip


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """The returns the user may see, the first due first, by filters that stand in the address."""
    user: Any = request.user
    today = clock.today()
    chosen = ReturnFilter(request.GET, selectors.returns_of(user), today=today, user=user)
    page = page_of(request, chosen.qs)
    audit.record_list(user, "returns", [row.schedule.phb.person for row in page])
    context = {
        "heading": "Monitoring returns",
        "list_code": "returns",
        "filter_form": chosen.form,
        "is_filtered": chosen.is_chosen,
        "table": words.returns_table(page, today, has_names=True, caption="Monitoring returns, the first due first")
        if page.object_list
        else None,
        "empty": "No return fits.",
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
        "forms": [chosen.form],
    }
    return TemplateResponse(request, LIST_PAGE, context, status=422 if chosen.form.errors else 200)


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def monitoring_return(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One return: what came, what fits and what does not, and every line. The read is logged."""
    user: Any = request.user
    found = found_return(request, reference, Permission.VIEW_PAYMENTS)
    audit.record_read(user, found, person=found.schedule.phb.person)
    result, page = selectors.reconciliation_of(found), page_of(request, statement_selectors.lines_of(found))
    may = can(user, Permission.MONITOR_BUDGETS, found.schedule.phb.commissioner)
    context = {
        "heading": f"Monitoring return {found.number}",
        "caption": found.schedule.phb.person,
        "back_url": words.monitoring_url(found.schedule.phb),
        "back_text": "Monitoring of this budget",
        "tag": words.return_tag(found, clock.today()),
        "rows": words.return_rows(found),
        "buttons": [
            *_file_buttons(found, result, may),
            *words.step_buttons(found, selectors.steps_for(user, found)),
        ],
        "insets": words.differences(result) if found.status != ReturnStatus.RECONCILED else [],
        "inset_heading": "What does not fit",
        "tables": _tables(found, result, page, may),
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
        "history": words.history(selectors.transitions_of(found)),
    }
    return TemplateResponse(request, RECORD_PAGE, context)


def _file_buttons(found: Any, result: selectors.Reconciliation, may: bool) -> list[dict[str, str]]:
    """What is done with the file and its lines before a return is reconciled."""
    if not may or found.status not in TAKES_STATEMENTS:
        return []
    args = [found.reference]
    buttons = [
        {
            "text": "Add another statement" if result.has_statement else "Add a statement",
            "href": reverse("budgets:return-statement", args=args),
            "variant": "secondary" if result.has_statement else "",
        }
    ]
    if result.lines and found.status != ReturnStatus.DUE:
        name = "Match the lines" if result.unmatched_lines else "Change what lines are"
        buttons.append({"text": name, "href": reverse("budgets:return-lines", args=args), "variant": "secondary"})
    if result.receipts_missing:
        buttons.append(
            {"text": "Receipts", "href": reverse("budgets:return-receipts", args=args), "variant": "secondary"}
        )
    return buttons


def _tables(found: Any, result: selectors.Reconciliation, page: Any, may: bool) -> list[dict[str, Any]]:
    """What the lines come to, the files, what was spent beside the plan, and the lines."""
    if not result.has_statement:
        return []
    may_remove = may and found.status != ReturnStatus.RECONCILED
    stored = statement_selectors.statements_of(found)
    spending = words.spending_table(
        statement_selectors.planned_by_category(found.schedule.phb, found), statement_selectors.spent_by_category(found)
    )
    tables: list[dict[str, Any]] = [{"heading": "What the lines come to", "rows": words.sums_rows(result)}]
    if spending:
        tables.append({"heading": "Spent as the plan says", "params": spending})
    tables.append({"heading": "Statements", "params": words.statement_table(found, stored, may_remove=may_remove)})
    return [*tables, {"heading": "Lines", "params": words.lines_table(page)}]


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def receive(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record a return that came without a file."""
    user: Any = request.user
    found = found_return(request, reference)
    return act(
        request,
        ReceiveForm(posted(request), today=clock.today()),
        lambda given: service.receive_return(monitoring_return=found, by=user, **given),
        done="The return is recorded",
        to=words.return_url(found),
        page=_page(found, "Record what was received")
        | {"lead": "Where a statement came, add its file instead. At low risk a balance is enough."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def reconcile(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Close a return."""
    user: Any = request.user
    found = found_return(request, reference)
    result = selectors.reconciliation_of(found)
    form = ReconcileForm(posted(request), today=clock.today(), has_differences=bool(result.differences))
    page = _page(found, "Reconcile") | {"rows": words.sums_rows(result), "insets": words.differences(result)}
    return act(
        request,
        form,
        lambda given: service.reconcile_return(monitoring_return=found, by=user, **given),
        done="The return is reconciled",
        to=words.return_url(found),
        page=page,
    )


def _step(action: str) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """The view of a step that needs one sentence."""
    do, name, label, remedy, button, done = STEPS[action]

    def view(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        user: Any = request.user
        found = found_return(request, reference)
        if action not in [step.action for step in selectors.steps_for(user, found)]:
            return redirect(words.return_url(found))
        form = TextStepForm(posted(request), today=clock.today(), name=name, label=label, remedy=remedy, button=button)
        return act(
            request,
            form,
            lambda given: do(monitoring_return=found, by=user, **given),
            done=done,
            to=words.return_url(found),
            page=_page(found, button),
        )

    guarded: Callable[[HttpRequest, uuid.UUID], HttpResponse] = requires(Permission.MONITOR_BUDGETS)(
        require_http_methods(FORMS)(view)
    )
    return guarded


query, answer, waive, expect, reopen = (_step(action) for action in ("query", "answer", "waive", "expect", "reopen"))


def _page(found: Any, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "caption": f"{found.schedule.phb.person}: {words.period_words(found)}",
        "back_url": words.return_url(found),
        "rows": words.return_rows(found),
    }
