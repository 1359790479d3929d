"""The confirm pages of a version's life: submitted, sent back, approved, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eligibility.forms.rule_sets import MoveForm
from eligibility.models import RuleSetVersion
from eligibility.policies import version_moves
from eligibility.presenters.rule_set_pages import version_page
from eligibility.presenters.rule_sets import MOVE_WORDS, version_url
from eligibility.rules.rule_set_states import VERSION_TRANSITIONS, VersionTransition
from eligibility.selectors.rule_set_pages import version_record
from eligibility.services.rule_sets import approve_version, send_back, submit_version, withdraw_version
from eligibility.views.rule_sets.support import attempt, user_of, version_or_404
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page

_SERVICES: dict[str, Callable[..., RuleSetVersion]] = {
    "submit": submit_version,
    "send-back": send_back,
    "approve": approve_version,
    "withdraw": withdraw_version,
}
#: The first row of the table with an action says what holds for all of them: the button, the reason.
_RULES: dict[str, VersionTransition] = {step.action: step for step in reversed(VERSION_TRANSITIONS)}


def move_view(action: str, permission: Permission) -> Callable[..., HttpResponse]:
    """The confirm page of one action. ``permission`` finds the version; which one the action takes, its row says."""

    @requires(permission)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, code: str, number: int) -> HttpResponse:
        found = version_or_404(request, permission, code, number)
        possible = {step.action for step in version_moves(user_of(request), found, clock.today())}
        if action not in possible and request.method != "POST":
            return redirect(version_url(found))
        return _confirm(request, found, action)

    return view


def _confirm(request: HttpRequest, version: RuleSetVersion, action: str) -> HttpResponse:
    words, rule = MOVE_WORDS[action], _RULES[action]
    form = MoveForm(posted(request), button=words.button, asks_why=rule.needs_reason)
    if form.is_valid():
        moved = attempt(form, lambda: _SERVICES[action](version=version, by=user_of(request), **form.cleaned_data))
        if moved is not None:
            messages.success(request, words.done.format(number=version.number))
            return redirect(version_url(moved))
    context = version_page(version_record(version), user_of(request), clock.today())
    more = {"heading": words.heading.format(number=version.number), "explanation": words.explanation, "action": action}
    return form_page(request, "eligibility/rule_sets/confirm.html", form, {**context, **more})


submit = move_view("submit", Permission.WRITE_RULES)
back = move_view("send-back", Permission.APPROVE_RULES)
approve = move_view("approve", Permission.APPROVE_RULES)
withdraw = move_view("withdraw", Permission.VIEW_RULES)
