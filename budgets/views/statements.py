"""Statement files and their lines: read, looked at, stored; matched, with rules that suggest; receipts seen."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.monitoring import (
    ColumnsForm,
    ConfirmForm,
    MatchForm,
    ReceiptsForm,
    RuleForm,
    StatementFileForm,
    TextStepForm,
)
from budgets.models import StatementDraft
from budgets.presenters import statements as words
from budgets.presenters.monitoring import line_label, period_words, return_url
from budgets.rules.statements import StatementFileRefused, check_columns
from budgets.selectors import statements as selectors
from budgets.services import matching
from budgets.services import statements as service
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of

from .monitoring_support import FORM_PAGE, FORMS, LIST_PAGE, act, found_return, posted, step_only

LINES_A_PAGE = 20
SHOWN_OF_A_FILE = 20


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def read_statement(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Choose the file of a statement; what is wrong with it is said, row by row, and nothing is stored."""
    user: Any = request.user
    found = found_return(request, reference)
    form = StatementFileForm(posted(request), request.FILES or None, today=clock.today())
    page = _page(found, "Add a statement")
    if form.is_valid():
        given = form.cleaned_data
        try:
            draft = service.read_statement(
                monitoring_return=found, content=given["file"], received_on=given["received_on"], by=user
            )
        except BudgetRefused as refusal:
            form.show(refusal)
        except StatementFileRefused as refusal:
            form.add_error("file", "The file was not stored. Put right what is listed, and choose it again")
            page["insets"] = words.file_errors(refusal)
        else:
            return redirect("budgets:return-statement-preview", reference, draft.key)
    return form_page(request, FORM_PAGE, form, page | {"inset_heading": "What is wrong with the file"})


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def columns(request: HttpRequest, reference: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Say which column of a file is which."""
    user: Any = request.user
    draft = _draft(request, reference, key)
    form = ColumnsForm(posted(request), header=draft.header, initial=draft.columns)
    return act(
        request,
        form,
        lambda given: service.choose_columns(draft=draft, columns=given, by=user),
        done="The columns are remembered for the next file with these headings",
        to=reverse("budgets:return-statement-preview", args=[reference, key]),
        page=_page(draft.monitoring_return, "Which column is which?")
        | {"lead": "Choose either the amount, or paid in and paid out."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def preview(request: HttpRequest, reference: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """What would be stored of a file; then store it, or throw it away."""
    user: Any = request.user
    found = found_return(request, reference)
    if request.method == "POST":
        return _store_or_discard(request, found, key)
    draft = selectors.draft_for(user, reference, key)
    if draft is None:
        messages.warning(request, "This file was stored, or thrown away, already")
        return redirect(return_url(found))
    if check_columns(draft.columns, draft.header):
        return redirect("budgets:return-statement-columns", reference, key)
    page = _page(found, "Check the statement") | {"draft": draft, "form": ConfirmForm(button="Store the statement")}
    shown, status = _shown(draft)
    return TemplateResponse(request, "budgets/monitoring/preview.html", page | shown, status=status)


def _shown(draft: StatementDraft) -> tuple[dict[str, Any], int]:
    """What a page shows of a file, and the status it answers with: 422 where something is wrong with the file."""
    try:
        found = selectors.preview_of(draft)
    except StatementFileRefused as refusal:
        wrong = {"insets": words.file_errors(refusal), "inset_heading": "What is wrong with the file", "is_wrong": True}
        return wrong, 422
    approved = selectors.approved_last_four(draft.monitoring_return)
    return {
        "insets": words.other_account(draft.account_last_four, approved),
        "inset_heading": "Another account",
        "rows": words.preview_rows(found, draft.account_last_four),
        "table": words.preview_table(found, SHOWN_OF_A_FILE) if found.part.lines else None,
        "is_same_file": found.is_same_file,
    }, 200


def _store_or_discard(request: HttpRequest, found: Any, key: uuid.UUID) -> HttpResponse:
    user: Any = request.user
    if "discard" in request.POST:
        service.discard_draft(monitoring_return=found, key=key, by=user)
        messages.success(request, "The file was thrown away. Nothing of it is kept")
        return redirect(return_url(found))
    try:
        service.store_statement(monitoring_return=found, key=key, by=user)
    except (BudgetRefused, StatementFileRefused) as refusal:
        messages.warning(request, str(refusal))
        return redirect("budgets:return-statement-preview", found.reference, key)
    messages.success(request, "The statement is stored")
    return redirect(return_url(found))


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def remove_statement(request: HttpRequest, reference: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Remove a statement that was stored by mistake."""
    user: Any = request.user
    found = found_return(request, reference)
    stored = or_404(next((each for each in selectors.statements_of(found) if each.reference == key), None), "statement")
    form = TextStepForm(
        posted(request),
        today=clock.today(),
        name="reason",
        label="Why is it removed?",
        remedy="Enter why the statement is removed",
        button="Remove the statement",
    )
    return act(
        request,
        form,
        lambda given: service.remove_statement(statement=stored, by=user, **given),
        done="The statement and its lines are removed",
        to=return_url(found),
        page=_page(found, "Remove a statement") | {"lead": "Its lines go with it, and what was said about them."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def lines(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say what lines are, a page at a time; those that are left first. What rules suggest is filled in."""
    user: Any = request.user
    found = found_return(request, reference)
    left = selectors.unmatched_lines(found)
    page = page_of(request, left if left.exists() else selectors.lines_of(found), LINES_A_PAGE)
    suggested = {} if request.method == "POST" else selectors.suggestions_for(found, [x for x in page if not x.match])
    form = MatchForm(posted(request), lines=[(line, line_label(line)) for line in page], suggested=suggested)
    context = _page(found, "Match the lines") | words.matching_page(found, left.count())
    return act(
        request,
        form,
        lambda given: matching.match_lines(monitoring_return=found, said=form.said(), by=user),
        done="What the lines are is saved",
        to=return_url(found),
        page=context,
    )


@requires(Permission.MONITOR_BUDGETS)
@require_POST
def suggestions(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Match every line that is left as the rules suggest."""
    user: Any = request.user
    found = found_return(request, reference)
    return step_only(
        request,
        lambda: matching.accept_suggestions(monitoring_return=found, by=user),
        done="The lines are matched as the rules suggest. Check those that are left",
        to=return_url(found),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def receipts(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record receipts that were seen."""
    user: Any = request.user
    found = found_return(request, reference)
    missing = [(line.pk, line_label(line)) for line in selectors.receipts_missing(found)[:LINES_A_PAGE]]
    form = ReceiptsForm(posted(request), today=clock.today(), lines=missing)
    return act(
        request,
        form,
        lambda given: matching.see_receipts(monitoring_return=found, by=user, **given),
        done="The receipts are recorded as seen",
        to=return_url(found),
        page=_page(found, "Receipts"),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def keep_rule(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Keep a rule that suggests what lines are."""
    user: Any = request.user
    found = found_return(request, reference)
    form = RuleForm(posted(request), has_budget=True)
    return act(
        request,
        form,
        lambda given: matching.keep_rule(
            commissioner=selectors.layout_owner(found),
            phb=found.schedule.phb if given["whose"] == "budget" else None,
            by=user,
            **form.rule(),
        ),
        done="The rule is kept",
        to=reverse("budgets:return-lines", args=[reference]),
        page=_page(found, "Keep a rule") | {"back_url": reverse("budgets:return-lines", args=[reference])},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in use of the user's commissioners."""
    user: Any = request.user
    page = page_of(request, selectors.rules_seen_by(user))
    audit.record_list(user, "matching-rules", [row.phb.person for row in page if row.phb])
    context = {
        "heading": "Rules that suggest what lines are",
        "lead": "A rule suggests; a person confirms. Keep one while you match the lines of a return.",
        "table": words.rules_table(page) if page.object_list else None,
        "empty": "No rule is kept.",
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, LIST_PAGE, context)


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def retire_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a rule no longer."""
    user: Any = request.user
    rule = or_404(selectors.rules_seen_by(user).filter(pk=pk).first(), "rule")
    back = reverse("budgets:matching-rules")
    return act(
        request,
        ConfirmForm(posted(request), button="Take the rule away"),
        lambda given: matching.retire_rule(rule=rule, by=user),
        done="The rule is used no longer",
        to=back,
        page={"heading": "Take a rule away", "caption": str(rule), "back_url": back},
    )


def _draft(request: HttpRequest, reference: uuid.UUID, key: uuid.UUID) -> StatementDraft:
    found: StatementDraft = or_404(selectors.draft_for(request.user, reference, key), "file")  # type: ignore[arg-type]
    return found


def _page(found: Any, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "caption": f"{found.schedule.phb.person}: {period_words(found)}",
        "back_url": return_url(found),
    }
