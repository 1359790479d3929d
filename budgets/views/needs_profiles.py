"""The needs of a referral by the Decision Support Tool: what was recorded, recording more, and what the tool holds."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.needs_profiles import NeedsProfileForm
from budgets.models import NeedsTool
from budgets.presenters import needs_profiles as presenters
from budgets.presenters.sections import sections_of
from budgets.selectors import needs_profiles as selectors
from budgets.selectors.indicative_budgets import planning_referral
from budgets.services.needs_profiles import record_needs_profile
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404, page_of

PROFILES_A_PAGE = 5


@requires(Permission.VIEW_BUDGETS)
@require_safe
def needs(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Every needs profile of a referral, the latest first. The read is logged."""
    user: Any = request.user
    referral: Referral = or_404(planning_referral(user, reference), "referral")
    audit.record_read(user, referral, person=referral.person)
    page = page_of(request, selectors.profiles_of(user, referral), PROFILES_A_PAGE)
    profiles = [presenters.profile_view(profile) for profile in page]
    is_accepted = referral.status == ReferralStatus.ACCEPTED
    may_record = is_accepted and can(user, Permission.PLAN_BUDGETS, referral.commissioner)
    context = {
        "referral": referral,
        "sections": sections_of(user, referral, "needs"),
        "links": page_links(page, request.get_full_path()) if page.has_other_pages() else None,
        "latest": profiles[0] if profiles else None,
        "earlier": profiles[1:],
        "record_url": presenters.record_url(referral) if may_record else None,
    }
    return TemplateResponse(request, "budgets/needs_profiles/needs.html", context)


@requires(Permission.PLAN_BUDGETS)
@require_http_methods(["GET", "POST"])
def record_needs(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record the levels of an assessment with the tool of the person's age, or the one in the address."""
    user: Any = request.user
    referral: Referral = or_404(planning_referral(user, reference, Permission.PLAN_BUDGETS), "referral")
    if referral.status != ReferralStatus.ACCEPTED:
        messages.warning(request, "Accept the referral first. Needs are recorded beside the budget it leads to")
        return redirect("eligibility:referral", reference)
    tool: NeedsTool = or_404(_tool(request, referral), "version of the tool")
    posted = request.POST if request.method == "POST" else None
    form = NeedsProfileForm(posted, today=clock.today(), domains=tool.as_domains())
    if form.is_valid() and _record(request, referral, tool, form):
        return redirect("budgets:needs", reference)
    others = presenters.tools_choice(referral, selectors.all_tools(), tool)
    context = {"referral": referral, "tool": tool, "others": others}
    return form_page(request, "budgets/needs_profiles/record.html", form, context)


def _record(request: HttpRequest, referral: Referral, tool: NeedsTool, form: NeedsProfileForm) -> bool:
    """Record what the form says; where it is refused, the form says why."""
    user: Any = request.user
    try:
        profile = record_needs_profile(referral=referral, by=user, tool=tool, **form.assessment())
    except BudgetRefused as refusal:
        form.show(refusal)
        return False
    messages.success(request, f"Needs profile {profile.number} is recorded")
    return True


@requires(Permission.VIEW_BUDGETS)
@require_safe
def needs_tools(request: HttpRequest) -> HttpResponse:
    """What each version of the tool holds, with the source of each fact and who checked it."""
    tools = [presenters.tool_view(tool) for tool in selectors.all_tools()]
    return TemplateResponse(request, "budgets/needs_profiles/tools.html", {"tools": tools})


def _tool(request: HttpRequest, referral: Referral) -> NeedsTool | None:
    code = request.GET.get("tool", "").replace("\0", "")
    return selectors.tool_by_code(code) if code else selectors.tool_for(referral, clock.today())
