"""What the pages of rule sets share: finding what they are about, and a service's refusal on the form."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from eligibility.enums import ApprovalStatus
from eligibility.exceptions import VersionChanged
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.presenters.rule_sets import version_rows, version_url
from eligibility.rules import RulesRefused
from eligibility.rules.case_files import CaseFileRefused
from eligibility.selectors.rule_set_pages import rule_set_for, version_for
from phb_register.exceptions import Refused
from phb_register.forms import NhsForm
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse

Result = TypeVar("Result")


def user_of(request: HttpRequest) -> User:
    """The signed-in user; the page's declared permission has seen to it that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def rule_set_or_404(request: HttpRequest, permission: Permission, code: str) -> RuleSet:
    """The rule set, if the user has the permission for it: another commissioner's is not there."""
    found: RuleSet = or_404(rule_set_for(user_of(request), code, permission), "rule set")
    return found


def version_or_404(request: HttpRequest, permission: Permission, code: str, number: int) -> RuleSetVersion:
    """One version of a rule set, on the same terms."""
    found: RuleSetVersion = or_404(version_for(user_of(request), code, number, permission), "version")
    return found


def not_a_draft(request: HttpRequest, version: RuleSetVersion) -> HttpResponse | None:
    """Back to the version's page from a page that edits it, where it cannot be edited; a form that was sent is kept."""
    if version.approval_status == ApprovalStatus.DRAFT or request.method == "POST":
        return None
    return redirect(version_url(version))


def attempt(form: NhsForm, act: Callable[[], Result]) -> Result | None:
    """What a service gives; or None, and its refusal on the form with every fault it names.

    After a refusal because somebody else saved first, the form carries their revision: sent again, it replaces theirs.
    """
    try:
        return act()
    except (RulesRefused, CaseFileRefused) as refused:
        for problem in refused.problems:
            form.add_error(None, str(problem))
    except VersionChanged as changed:
        data = cast(QueryDict, form.data).copy()
        data["revision"] = str(changed.revision)
        form.data = data
        refuse(form, changed)
    except Refused as refusal:
        refuse(form, refusal)
        for fault in getattr(refusal, "faults", ()):
            form.add_error(None, fault)
    return None


def draft_page(
    request: HttpRequest, template: str, version: RuleSetVersion, form: NhsForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """A page that edits a draft. Where somebody else saved first, it shows what is saved now."""
    is_overtaken = form.is_bound and str(form.data.get("revision")) != str(request.POST.get("revision"))
    now = version_for(user_of(request), version.rule_set.code, version.number) if is_overtaken else None
    more = {"version": version, "rule_set": version.rule_set, "saved_rows": version_rows(now) if now else None}
    response = form_page(request, template, form, {**more, **(context or {})})
    if request.method == "POST":
        # Also where the fault is in one of the other forms on the page.
        response.status_code = 422
    return response
