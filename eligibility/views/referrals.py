"""The list of referrals, and the page of one."""

import uuid
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from eligibility.forms.listing import ReferralFilter
from eligibility.forms.work import AllocateManyForm
from eligibility.policies import actions_for, can_work_on, may_screen_again
from eligibility.presenters.answers import answer_view
from eligibility.presenters.clocks import clock_rows, pause_table, work_links
from eligibility.presenters.letters import letters_section
from eligibility.presenters.reconsiderations import again_section
from eligibility.presenters.referrals import (
    action_buttons,
    decision_rows,
    history,
    referral_rows,
    referral_table,
    status_tag,
)
from eligibility.presenters.screenings import facts_as_kept, screenings_panel
from eligibility.rules import Answer
from eligibility.selectors.letters import can_write_letters, letters_of_referral
from eligibility.selectors.reconsiderations import decision_to_reconsider, reconsiderations_of
from eligibility.selectors.referrals import (
    page_of_referrals,
    referral_for,
    referral_record,
    referrals_for,
)
from eligibility.selectors.screenings import screenings_of
from eligibility.selectors.team import team_beside
from eligibility.slots import referral_links_for
from eligibility.views.support import next_page_links
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.forms.people import PersonSearchForm
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.list_files import search_key
from phb_register.views.saved_filters import saving_context
from phb_register.views.support import form_page, or_404

# What was searched for is kept in the session: a name or an NHS number never stands in an address.
SEARCH_KEPT = search_key("referrals")
LIST = "referrals"


@requires(Permission.VIEW_REFERRALS)
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """The referrals of the user's commissioners, filtered. Who was on the page is logged."""
    user: Any = request.user
    words, today = _words(request), clock.today()
    team = list(team_beside(user, today))
    rows = referrals_for(user, words)
    chosen = ReferralFilter(request.GET, rows, request=request, team=team, today=today)
    page = page_of_referrals(chosen.qs if chosen.form.is_valid() else rows.none(), request.GET.get("after"))
    audit.record_list(user, LIST, [each.person for each in page.rows])
    context = {
        "search_form": PersonSearchForm(initial={"words": words}),
        "words": words,
        "page": page,
        "table": referral_table(page.rows, today, "Referrals", may_be_given=partial(can_work_on, user)),
        "pagination": next_page_links(request, page.next_after),
        "is_filtered": bool(words) or any(chosen.form.cleaned_data.values()),
        **_actions(request, team),
    }
    return form_page(request, "eligibility/referrals.html", chosen.form, context)


def _words(request: HttpRequest) -> str:
    return str(request.session.get(SEARCH_KEPT, ""))


def _actions(request: HttpRequest, team: list[User]) -> dict[str, Any]:
    """What can be done on the list: make a referral, allocate the ticked ones, keep the filters."""
    user: Any = request.user
    address = request.get_full_path()
    return {
        "new_url": reverse("eligibility:new"),
        "can_refer": can(user, Permission.MAKE_REFERRALS),
        "is_open": bool(request.GET),
        "allocate_form": AllocateManyForm(team=team, user=user, initial={"back": address})
        if can(user, Permission.DECIDE_REFERRALS)
        else None,
        **saving_context(request, LIST),
    }


@requires(Permission.VIEW_REFERRALS)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep what is searched for, or forget it, and show the list."""
    form = PersonSearchForm(request.POST)
    request.session[SEARCH_KEPT] = form.cleaned_data["words"] if form.is_valid() else ""
    return redirect("eligibility:referrals")


@requires(Permission.VIEW_REFERRALS)
@require_safe
def referral(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One referral: what was asked, what was answered, what was decided, and what can be done. The read is logged."""
    found = or_404(referral_for(request.user, reference), "referral")  # type: ignore[arg-type]
    record = referral_record(found)
    audit.record_read(request.user, found, person=found.person)  # type: ignore[arg-type]
    context = {
        "referral": found,
        "tag": status_tag(found),
        "rows": referral_rows(found),
        "clocks": clock_rows(found, clock.today()),
        "pauses": pause_table(found.pauses.all()),
        "work_links": work_links(found) if can_work_on(request.user, found) else [],  # type: ignore[arg-type]
        "answer": answer_view(Answer.from_dict(record.screening.answer)) if record.screening else None,
        "facts": facts_as_kept(record.screening) if record.screening else [],
        "decision": decision_rows(record.decisions[0]) if record.decisions else [],
        **screenings_panel(found, screenings_of(found), may_screen=may_screen_again(request.user, found)),  # type: ignore[arg-type]
        "again": again_section(
            found,
            record.decisions,
            reconsiderations_of(found),
            may_ask=decision_to_reconsider(request.user, found) is not None,  # type: ignore[arg-type]
        ),
        "history": history(record.transitions),
        "buttons": action_buttons(found, actions_for(request.user, found)),  # type: ignore[arg-type]
        "links": referral_links_for(request.user, found),  # type: ignore[arg-type]
        "letters": letters_section(found, letters_of_referral(found), can_write_letters(request.user, found)),  # type: ignore[arg-type]
        "can_see_person": can(request.user, Permission.VIEW_PEOPLE, found.person.commissioner),
    }
    return TemplateResponse(request, "eligibility/referral.html", context)
