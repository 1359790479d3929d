"""The pages of the worklists, and allocating many referrals at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from eligibility.forms.work import AllocateManyForm, read_tick
from eligibility.presenters.clocks import EMPTY, TITLES, allocated_words, tick_choice, ticked_items
from eligibility.selectors.team import referrals_to_give, team_beside
from eligibility.selectors.worklists import WorklistCode, worklist_page
from eligibility.services.allocation import allocate_referrals
from eligibility.views.support import next_page_links
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import form_page, refuse


@requires(Permission.DECIDE_REFERRALS)
@require_safe
def worklist(request: HttpRequest, code: WorklistCode) -> HttpResponse:
    """One worklist, a page at a time, each referral with why it is here. Who was on it is logged."""
    user: Any = request.user
    today = clock.today()
    page = worklist_page(code, user, today, request.GET.get("after"))
    audit.record_list(user, f"referrals-{code}", [each.person for each in page.rows])
    context = {
        "title": TITLES[code],
        "empty": EMPTY[code],
        "total": page.total,
        "items": ticked_items(code, page.rows, today),
        "today": today,
        "pagination": next_page_links(request, page.next_after),
        "allocate_form": AllocateManyForm(
            team=team_beside(user, today), user=user, initial={"back": request.get_full_path()}
        ),
    }
    return TemplateResponse(request, "eligibility/worklist.html", context)


@requires(Permission.DECIDE_REFERRALS)
@require_POST
def allocate_many(request: HttpRequest) -> HttpResponse:
    """Give the ticked referrals to somebody. What somebody else gave meanwhile is reported, not overwritten."""
    user: Any = request.user
    ticks = [tick for tick in request.POST.getlist("ticked") if _is_tick(tick)]
    rows = {str(each.reference): each for each in referrals_to_give(user, [tick.split(".")[0] for tick in ticks])}
    choices = [tick_choice(tick, rows[tick.split(".")[0]]) for tick in ticks if tick.split(".")[0] in rows]
    form = AllocateManyForm(request.POST, team=team_beside(user, clock.today()), user=user, ticked=choices)
    if form.is_valid():
        try:
            given = allocate_referrals(seen=form.seen(), to=form.chosen, by=user)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            for level, text in allocated_words(given, form.chosen):
                messages.add_message(request, level, text)
            return redirect(_back(request, form.cleaned_data["back"]))
    context = {"back_url": _back(request, request.POST.get("back", ""))}
    return form_page(request, "eligibility/allocate_many.html", form, context)


def _is_tick(tick: str) -> bool:
    try:
        read_tick(tick)
    except ValueError:
        return False
    return True


def _back(request: HttpRequest, address: str) -> str:
    """The page the ticks came from, if it is one of ours."""
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("eligibility:referrals")
