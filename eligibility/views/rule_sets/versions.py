"""One version of a rule set: read, edited while a draft, compared with another."""

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.rule_sets import ConditionFormSet, DetailsForm, RevisionForm, WarningFormSet
from eligibility.models import RuleSetVersion
from eligibility.presenters.rule_set_pages import comparison_page, version_page
from eligibility.presenters.rule_sets import version_url
from eligibility.selectors.rule_set_pages import version_record
from eligibility.services.rule_sets import change_version_details, change_version_notes
from eligibility.views.rule_sets.support import attempt, draft_page, not_a_draft, user_of, version_or_404
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission

# What of a warning this page does not ask.
_CARRIED = ("when", "unless_policy")


@requires(Permission.VIEW_RULES)
@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version in words, its worked cases as they come out now, its history, and what can be done."""
    found = version_or_404(request, Permission.VIEW_RULES, code, number)
    context = version_page(version_record(found), user_of(request), clock.today())
    return TemplateResponse(request, "eligibility/rule_sets/version.html", context)


@requires(Permission.VIEW_RULES)
@require_safe
def compare(request: HttpRequest, code: str, number: int, other: int) -> HttpResponse:
    """What differs between two versions of a rule set."""
    old = version_or_404(request, Permission.VIEW_RULES, code, number)
    new = version_or_404(request, Permission.VIEW_RULES, code, other)
    return TemplateResponse(request, "eligibility/rule_sets/compare.html", comparison_page(old, new))


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Edit what a draft says beside its criteria."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    form = DetailsForm(posted(request), initial=_details_of(found))
    if form.is_valid():
        given = dict(form.cleaned_data)
        revision = given.pop("revision")
        change = partial(change_version_details, version=found, details=given, revision=revision, by=user_of(request))
        if attempt(form, change):
            messages.success(request, "The details are saved")
            return redirect(version_url(found))
    return not_a_draft(request, found) or draft_page(request, "eligibility/rule_sets/details.html", found, form)


def _details_of(version: RuleSetVersion) -> dict[str, Any]:
    funding = version.content.get("funding") or {}
    own = ("effective_from", "effective_to", "status", "outcome", "source", "change_note", "revision")
    return {
        **{name: getattr(version, name) for name in own},
        "says": version.content.get("says"),
        "funding_kind": funding.get("kind") or "nhs",
        "funding_text": funding.get("text"),
        "funding_source": funding.get("source"),
    }


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Edit the warnings of a draft and its conditions on direct payments."""
    found = version_or_404(request, Permission.WRITE_RULES, code, number)
    form, warnings, conditions = _note_forms(request, found)
    if request.method == "POST" and form.is_valid() and warnings.is_valid() and conditions.is_valid():
        given = {"warnings": _warnings(warnings), "conditions": _filled(conditions)}
        revision = form.cleaned_data["revision"]
        if attempt(form, lambda: change_version_notes(version=found, revision=revision, by=user_of(request), **given)):
            messages.success(request, "The warnings and conditions are saved")
            return redirect(version_url(found))
    context = {"warnings": warnings, "conditions": conditions, "forms": [form, *warnings, *conditions]}
    return not_a_draft(request, found) or draft_page(request, "eligibility/rule_sets/notes.html", found, form, context)


def _note_forms(request: HttpRequest, version: RuleSetVersion) -> tuple[RevisionForm, Any, Any]:
    """The form with the revision, and the two lists; one form around them all, with one token."""
    sent = posted(request)
    form = RevisionForm(sent, initial={"revision": version.revision})
    form.submit_text = None  # type: ignore[misc]
    held = version.content.get("warnings") or []
    initial = [{**each, "carried": json.dumps({name: each.get(name) for name in _CARRIED})} for each in held]
    warnings = WarningFormSet(sent, initial=initial, prefix="warnings")
    conditions = ConditionFormSet(
        sent, initial=version.content.get("direct_payment_conditions") or [], prefix="conditions"
    )
    for each in (form, *warnings, *conditions):
        each.helper.form_tag = False
        each.helper.disable_csrf = True
    return form, warnings, conditions


def _filled(formset: Any) -> list[dict[str, Any]]:
    """What was filled in and is not to be removed."""
    kept = [each.cleaned_data for each in formset if each.cleaned_data and not each.cleaned_data.get("is_removed")]
    return [{name: value for name, value in each.items() if name != "is_removed"} for each in kept]


def _warnings(formset: Any) -> list[dict[str, Any]]:
    """The warnings as a version keeps them."""
    found = []
    for each in _filled(formset):
        carried = each.pop("carried")
        found.append({"when": carried.get("when"), "unless_policy": carried.get("unless_policy") or "", **each})
    return found
