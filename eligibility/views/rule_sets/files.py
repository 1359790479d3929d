"""Rule sets and worked cases as files to keep, or to import elsewhere. What leaves is noted."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from eligibility.selectors.rule_set_files import case_file_of, rule_set_file
from eligibility.services.rule_sets import note_export
from eligibility.views.rule_sets.support import user_of, version_or_404
from phb_register.access import requires
from phb_register.roles import Permission


@requires(Permission.VIEW_RULES)
@require_safe
def version_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version of a rule set, in the form in which it can be imported."""
    found = version_or_404(request, Permission.VIEW_RULES, code, number)
    note_export(version=found, what="rule-set", by=user_of(request))
    return _file(rule_set_file(found.rule_set, [found]), f"{code}-version-{number}.json")


@requires(Permission.VIEW_RULES)
@require_safe
def cases_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The worked cases of a version, as `manage.py screen` takes them."""
    found = version_or_404(request, Permission.VIEW_RULES, code, number)
    note_export(version=found, what="worked-cases", by=user_of(request))
    return _file(case_file_of(found), f"{code}-version-{number}-cases.json")


def _file(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
