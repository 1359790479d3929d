"""The list of rule sets, the page of one, and what is added to them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.rule_sets import FileForm, ImportRuleSetForm, RuleSetFilter, RuleSetForm, StartVersionForm
from eligibility.policies import can_with_rules
from eligibility.presenters.rule_sets import list_table, rule_set_rows, rule_set_url, version_url, versions_table
from eligibility.selectors.rule_set_pages import commissioners_to_write_for, listed, rule_sets_of, versions_of
from eligibility.services.rule_sets import create_rule_set, import_rule_set, import_versions, start_version
from eligibility.views.rule_sets.support import attempt, rule_set_or_404, user_of
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page


@requires(Permission.VIEW_RULES)
@require_safe
def rule_sets(request: HttpRequest) -> HttpResponse:
    """The national rule sets and the user's own, with what holds today and what waits for whom."""
    chosen = RuleSetFilter(request.GET, queryset=rule_sets_of(user_of(request)), request=request)
    rows = listed(chosen.qs if chosen.form.is_valid() else [], clock.today())
    context = {
        "table": list_table(rows) if rows else None,
        "may_write": can(request.user, Permission.WRITE_RULES),
        "is_open": bool(request.GET),
    }
    return form_page(request, "eligibility/rule_sets/list.html", chosen.form, context)


@requires(Permission.VIEW_RULES)
@require_safe
def rule_set(request: HttpRequest, code: str) -> HttpResponse:
    """One rule set and its versions."""
    found = rule_set_or_404(request, Permission.VIEW_RULES, code)
    versions = list(versions_of(found).defer("content", "cases"))
    context = {
        "rule_set": found,
        "rows": rule_set_rows(found),
        "table": versions_table(versions, clock.today()) if versions else None,
        "may_write": can_with_rules(user_of(request), Permission.WRITE_RULES, found),
    }
    return TemplateResponse(request, "eligibility/rule_sets/rule_set.html", context)


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def new_rule_set(request: HttpRequest) -> HttpResponse:
    """Add a rule set of a commissioner or partnership, then start its first version."""
    user = user_of(request)
    form = RuleSetForm(posted(request), user=user, commissioners=commissioners_to_write_for(user, clock.today()))
    if form.is_valid():
        made = attempt(form, lambda: create_rule_set(by=user, **form.cleaned_data))
        if made is not None:
            return redirect("eligibility:rule-set-start", made.code)
    return form_page(request, "eligibility/rule_sets/new.html", form)


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start the next version of a rule set."""
    found = rule_set_or_404(request, Permission.WRITE_RULES, code)
    versions = list(versions_of(found))
    initial = {"copy_of": str(versions[0].number) if versions else "empty"}
    form = StartVersionForm(posted(request), versions=versions, initial=initial)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("effective_from", "change_note")}
        started = attempt(
            form, lambda: start_version(rule_set=found, copy_of=form.source, by=user_of(request), **given)
        )
        if started is not None:
            messages.success(request, f"Version {started.number} is started as a draft")
            return redirect(version_url(started))
    return form_page(request, "eligibility/rule_sets/start.html", form, {"rule_set": found})


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Add the rule set of a file."""
    user = user_of(request)
    bodies = commissioners_to_write_for(user, clock.today())
    form = ImportRuleSetForm(posted(request), request.FILES or None, commissioners=bodies)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: import_rule_set(commissioner=given["commissioner"], text=given["text"], by=user))
        if made is not None:
            messages.success(request, f"“{made}” is imported, its versions as drafts")
            return redirect(rule_set_url(made))
    return form_page(request, "eligibility/rule_sets/import.html", form)


@requires(Permission.WRITE_RULES)
@require_http_methods(["GET", "POST"])
def import_into(request: HttpRequest, code: str) -> HttpResponse:
    """Add the versions of a file to a rule set, as drafts."""
    found = rule_set_or_404(request, Permission.WRITE_RULES, code)
    form = FileForm(posted(request), request.FILES or None)
    if form.is_valid():
        text = form.cleaned_data["text"]
        added = attempt(form, lambda: import_versions(rule_set=found, text=text, by=user_of(request)))
        if added:
            numbers = " and ".join(str(version.number) for version in added)
            messages.success(request, f"Imported as a draft: version {numbers}")
            return redirect(version_url(added[0]) if len(added) == 1 else rule_set_url(found))
    return form_page(request, "eligibility/rule_sets/import.html", form, {"rule_set": found})
