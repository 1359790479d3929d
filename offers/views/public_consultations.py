"""Consultations as everybody sees them, and the two pages on which a comment is written."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from offers.forms.consultations import InvitedCommentForm, PublicCommentForm
from offers.presenters import consultation_pages as presenter
from offers.presenters.consultations import days
from offers.selectors import consultations as selector
from offers.selectors import pages
from offers.services.comments import send_comment
from offers.views.caching import cached_publicly
from offers.views.support import attempt, user_of
from phb_register import clock
from phb_register.access import public, signed_in
from phb_register.presenters import page_links
from phb_register.views.public_forms import is_taken, public_form, public_form_page
from phb_register.views.support import form_page, or_404, page_of


@public
@require_safe
@cached_publicly
def consultations(request: HttpRequest, slug: str) -> HttpResponse:
    """The consultations on an offer's editions."""
    offer = or_404(pages.public_offer(slug), "local offer")
    found = [(each, days(each)) for each in selector.public_consultations(offer, clock.today())]
    return TemplateResponse(request, "offers/consultations/public_list.html", {"offer": offer, "consultations": found})


@public
@require_safe
@cached_publicly
def consultation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One consultation: the draft, what was said of it, and what was answered."""
    today = clock.today()
    found = or_404(selector.public_consultation(slug, number, today), "consultation")
    shown = page_of(request, selector.shown_comments(found))
    context = presenter.public_page(found, list(shown), today)
    context["pagination"] = page_links(shown, request.get_full_path()) if shown.has_other_pages() else None
    return TemplateResponse(request, "offers/consultations/consultation.html", context)


@public_form
def comment_publicly(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The public's form: no sign-in, no name, no cookie."""
    found = or_404(selector.public_consultation(slug, number, clock.today()), "consultation")
    sent = request.POST if request.method == "POST" else None
    form = PublicCommentForm(sent, headings=selector.section_headings(found), now=clock.now())
    if sent is not None and is_taken(request, form):
        act = partial(send_comment, consultation=found, form_key=form.form_key, **form.comment)
        if attempt(form, act) is not None:
            return redirect("offers:comment-thanks", slug, number)
    context = {"offer": found.local_offer, "consultation": found, "takes_comments": found.takes_comments(clock.today())}
    return public_form_page(request, "offers/consultations/comment_publicly.html", form, context)


@public
@require_safe
@cached_publicly
def comment_thanks(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What happens with a comment that was sent."""
    found = or_404(selector.public_consultation(slug, number, clock.today()), "consultation")
    context = {"offer": found.local_offer, "consultation": found}
    return TemplateResponse(request, "offers/consultations/thanks.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def invited_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The draft and a form, for a user who is invited; nobody else finds it."""
    found = or_404(selector.invited_consultation(request.user, slug, number), "consultation")
    sent = request.POST if request.method == "POST" else None
    form = InvitedCommentForm(sent, headings=selector.section_headings(found))
    if form.is_valid():
        act = partial(send_comment, consultation=found, by=user_of(request), **form.comment)
        if attempt(form, partial(act, form_key=form.cleaned_data["form_key"])) is not None:
            messages.success(request, "Your comment is sent. The team reads it and answers on the consultation’s page")
            return redirect("offers:invited-comment", slug, number)
    context = presenter.invited_page(found, request.user, clock.today())
    return form_page(request, "offers/consultations/invited.html", form, context)
