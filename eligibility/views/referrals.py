"""The list of referrals, and the page of one."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from eligibility.forms.listing import ReferralFilter
from eligibility.policies import actions_for, may_screen_again
from eligibility.presenters.answers import answer_view
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
from eligibility.selectors.referrals import page_of_referrals, referral_for, referral_record, referrals_for
from eligibility.selectors.screenings import screenings_of
from eligibility.slots import referral_links_for
from eligibility.views.support import next_page_links
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.forms.people import PersonSearchForm
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404

# What was searched for is kept in the session: a name or an NHS number never stands in an address.
SEARCH_KEPT = "referral-search"


@requires(Permission.VIEW_REFERRALS)
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """The referrals of the user's commissioners, filtered."""
    words = request.session.get(SEARCH_KEPT, "")
    rows = referrals_for(request.user, words)  # type: ignore[arg-type]
    chosen = ReferralFilter(request.GET, queryset=rows, request=request)
    page = page_of_referrals(chosen.qs if chosen.form.is_valid() else rows.none(), request.GET.get("after"))
    context = {
        "search_form": PersonSearchForm(initial={"words": words}),
        "words": words,
        "page": page,
        "table": referral_table(page.rows, clock.today(), "Referrals"),
        "pagination": next_page_links(request, page.next_after),
        "new_url": reverse("eligibility:new"),
        "is_open": bool(request.GET),
        "is_filtered": bool(words) or any(chosen.form.cleaned_data.values()),
        "can_refer": can(request.user, Permission.MAKE_REFERRALS),
    }
    return form_page(request, "eligibility/referrals.html", chosen.form, context)


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
        "rows": referral_rows(found, clock.today()),
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
