"""Feedback on public pages, how to ask for a budget, and when an offer was looked through last."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from offers.forms.feedback import DealWithForm, FeedbackForm, ReviewForm, public_page
from offers.models import Feedback
from offers.presenters import feedback as presenter
from offers.rules.feedback import next_review_after
from offers.selectors import feedback as selector
from offers.selectors import pages
from offers.services import feedback as service
from offers.views.caching import cached_publicly
from offers.views.support import attempt, offer_or_404, user_of
from phb_register import clock
from phb_register.access import public, requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.public_forms import is_taken, public_form, public_form_page
from phb_register.views.support import form_page, or_404, page_of


@public_form
def feedback(request: HttpRequest) -> HttpResponse:
    """The form that every public page leads to."""
    page, slug = public_page(request.GET.get("page", ""))
    initial = {"page": page, "local_offer": pages.public_offer(slug) if slug else None}
    sent = request.POST if request.method == "POST" else None
    form = FeedbackForm(sent, initial=initial, now=clock.now())
    if sent is not None and is_taken(request, form):
        act = partial(service.send_feedback, form_key=form.form_key, **form.feedback)
        if attempt(form, act) is not None:
            return redirect("offers:feedback-thanks")
    return public_form_page(request, "offers/feedback/form.html", form, {"page": page, "back_url": page})


@public
@require_safe
@cached_publicly
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens with feedback that was sent."""
    return TemplateResponse(request, "offers/feedback/thanks.html")


@requires(Permission.WRITE_OFFERS)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """What readers wrote to the team: what waits first, or what was dealt with."""
    is_waiting = request.GET.get("show") != "done"
    found = page_of(request, selector.feedback_of(request.user, is_waiting=is_waiting))
    context = {
        "is_waiting": is_waiting,
        "feedback": presenter.feedback_table(list(found), is_waiting=is_waiting) if found.object_list else None,
        "pagination": page_links(found, request.get_full_path()) if found.has_other_pages() else None,
    }
    return TemplateResponse(request, "offers/feedback/received.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One piece of feedback, and what was done about it."""
    found: Feedback = or_404(selector.one_feedback(request.user, reference), "feedback")
    form = DealWithForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = partial(service.deal_with_feedback, feedback=found, by=user_of(request), **form.cleaned_data)
        if attempt(form, act) is not None:
            messages.success(request, "The feedback is off the list")
            return redirect("offers:feedback-received")
    context = {"feedback": found, "facts": presenter.feedback_facts(found)}
    return form_page(request, "offers/feedback/one.html", form, context)


@public
@require_safe
@cached_publicly
def how_to_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """How to ask for a personal health budget where this offer holds, and whom."""
    found = or_404(selector.how_to_ask(slug, clock.today()), "local offer")
    return TemplateResponse(request, "offers/how_to_ask.html", presenter.how_to_ask_page(found))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that somebody looked through an offer's public pages."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    today = clock.today()
    initial = {"reviewed_on": today, "next_review_on": next_review_after(today)}
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=initial, today=today)
    if form.is_valid():
        act = partial(service.record_review, offer=offer, by=user_of(request), **form.cleaned_data)
        if attempt(form, act) is not None:
            messages.success(request, "The public pages now say when they were reviewed last")
            return redirect("offers:workshop", slug)
    context = {
        "offer": offer,
        "reviews": presenter.reviews_table(selector.reviews_of(offer)),
        "back_url": reverse("offers:workshop", args=[slug]),
    }
    return form_page(request, "offers/review.html", form, context)
