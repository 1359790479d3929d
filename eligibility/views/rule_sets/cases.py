"""The worked cases of a version: shown as they come out, written by a form or as a file."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.rule_sets import CaseFileForm
from eligibility.forms.worked_cases import CaseForm, RemoveCaseForm, case_initial
from eligibility.models import RuleSetVersion
from eligibility.presenters.rule_set_pages import version_page
from eligibility.presenters.rule_sets import version_url
from eligibility.selectors.rule_set_files import case_file_of
from eligibility.selectors.rule_set_pages import commissioners_for_cases, version_record
from eligibility.services.rule_sets import save_case_file, save_cases
from eligibility.views.rule_sets.support import attempt, draft_page, not_a_draft, user_of, version_or_404
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission


@requires(Permission.VIEW_RULES)
@require_safe
def cases(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Every worked case of a version: what is known, what it expects, and whether it came out so."""
    found = version_or_404(request, Permission.VIEW_RULES, code, number)
    context = version_page(version_record(found), user_of(request), clock.today())
    return TemplateResponse(request, "eligibility/rule_sets/cases.html", context)


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Add a case to a draft."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    return _write(request, found, None)


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, code: str, number: int, place: int) -> HttpResponse:
    """Change a case of a draft."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    _case_or_404(found, place)
    return _write(request, found, place - 1)


def _write(request: HttpRequest, version: RuleSetVersion, place: int | None) -> HttpResponse:
    before = version.cases[place] if place is not None else None
    initial = {"revision": version.revision, **(case_initial(before) if before else _first_values(version))}
    form = CaseForm(posted(request), initial=initial, commissioners=commissioners_for_cases(user_of(request)))
    if form.is_valid():
        listed = list(version.cases)
        listed[len(listed) if place is None else place : None if place is None else place + 1] = [form.case(before)]
        if _save(request, version, form, listed):
            return redirect(version_url(version, "cases"))
    context = {"is_new": place is None, "starts_from_last": place is None and version.cases}
    return not_a_draft(request, version) or draft_page(
        request, "eligibility/rule_sets/case.html", version, form, context
    )


def _first_values(version: RuleSetVersion) -> dict[str, Any]:
    """What a new case starts from: the facts of the last one, of which the next mostly differs in a few."""
    owner = version.rule_set.commissioner
    last = case_initial(version.cases[-1]) if version.cases else {}
    facts = {name: value for name, value in last.items() if name.startswith("fact_")}
    return {**facts, "commissioner": owner.code if owner else None, "assessed_on": version.effective_from}


def _save(request: HttpRequest, version: RuleSetVersion, form: Any, listed: list[dict[str, Any]]) -> bool:
    revision = form.cleaned_data["revision"]
    save = partial(save_cases, version=version, cases=listed, revision=revision, by=user_of(request))
    if attempt(form, save) is None:
        return False
    messages.success(request, "The worked cases are saved")
    return True


def _case_or_404(version: RuleSetVersion, place: int) -> dict[str, Any]:
    if not 1 <= place <= len(version.cases):
        raise Http404("There is no such case")
    found: dict[str, Any] = version.cases[place - 1]
    return found


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def remove_case(request: HttpRequest, code: str, number: int, place: int) -> HttpResponse:
    """Take a case out of a draft, after asking."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    going = _case_or_404(found, place)
    form = RemoveCaseForm(posted(request), initial={"revision": found.revision})
    if form.is_valid() and _save(request, found, form, found.cases[: place - 1] + found.cases[place:]):
        return redirect(version_url(found, "cases"))
    context = {"case": going}
    return not_a_draft(request, found) or draft_page(
        request, "eligibility/rule_sets/remove_case.html", found, form, context
    )


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def replace_cases(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Replace the cases of a draft by those of a file, or edit them as its text."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    initial = {"revision": found.revision, "text": case_file_of(found) if found.cases else ""}
    form = CaseFileForm(posted(request), request.FILES or None, initial=initial)
    if form.is_valid():
        given = {"text": form.cleaned_data["text"], "revision": form.cleaned_data["revision"]}
        if attempt(form, partial(save_case_file, version=found, by=user_of(request), **given)):
            messages.success(request, "The worked cases are replaced")
            return redirect(version_url(found, "cases"))
    return not_a_draft(request, found) or draft_page(request, "eligibility/rule_sets/replace_cases.html", found, form)
