"""What changed between two editions, for everybody; and for writers, the reasons for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from offers import policies
from offers.exceptions import ExplanationConflict
from offers.forms.changes import ComparisonForm, ExplanationForm, LearningForm, explanation_form
from offers.models import Edition, LocalOffer
from offers.presenters import changes as presenter
from offers.selectors import changes, pages
from offers.services import explanations as service
from offers.views.caching import cached_publicly
from offers.views.support import attempt, edition_or_404, offer_or_404, user_of
from phb_register.access import public, requires
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, refuse


@public
@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose two editions of an offer to compare."""
    offer: LocalOffer = or_404(pages.public_offer(slug), "local offer")
    numbers = sorted(each.number for each in pages.public_editions(offer))
    initial = {"was": numbers[-2], "now": numbers[-1]} if len(numbers) > 1 else {}
    form = ComparisonForm(request.GET or None, numbers=numbers, initial=initial)
    if form.is_valid():
        return redirect("offers:comparison", slug, form.cleaned_data["was"], form.cleaned_data["now"])
    return form_page(
        request, "offers/changes/choose.html", form, {"offer": offer, "back": reverse("offers:editions", args=[slug])}
    )


@public
@require_safe
@cached_publicly
def comparison(request: HttpRequest, slug: str, was: int, now: int) -> HttpResponse:
    """Two editions that anybody may read, against each other, in words and figures."""
    offer: LocalOffer = or_404(pages.public_offer(slug), "local offer")
    found = or_404(changes.public_comparison(offer, was, now), "pair of editions")
    context = presenter.comparison_page(*found)
    context |= {"layout": "layouts/public.html", "back": reverse("offers:editions", args=[slug])}
    return TemplateResponse(request, "offers/changes/comparison.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def compare_drafts(request: HttpRequest, slug: str, was: int, now: int) -> HttpResponse:
    """Two editions against each other for staff: also withdrawn ones, and one on its way as it stands now."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    found = or_404(changes.comparison(offer, was, now), "pair of editions")
    context = presenter.comparison_page(*found)
    context |= {"layout": "layouts/page.html", "back": reverse("offers:workshop", args=[slug])}
    return TemplateResponse(request, "offers/changes/comparison.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def edition_changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What changed in a draft since the edition before, with the reasons given and wanted."""
    edition = edition_or_404(request, Permission.VIEW_OFFERS, slug, number)
    may_write = policies.may_explain(request.user, edition)
    context = presenter.changes_page(edition, changes.changes_of(edition), may_write=may_write)
    return TemplateResponse(request, "offers/changes/list.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def explain_change(request: HttpRequest, slug: str, number: int, kind: str, mark: str) -> HttpResponse:
    """Say why one thing changed, or how far one promise has got."""
    edition = edition_or_404(request, Permission.WRITE_OFFERS, slug, number)
    since = or_404(changes.changes_of(edition), "change")
    found: changes.Explained = or_404(changes.find(since, kind, mark), "change")
    form = explanation_form(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            saved = attempt(form, lambda: service.explain(edition=edition, by=user_of(request), **_given(found, form)))
        except ExplanationConflict as conflict:
            return _conflict(request, edition, found, conflict)
        if saved is not None:
            messages.success(request, "It is saved")
            return redirect(presenter.next_address(edition, since, found) if "next" in request.POST else _list(edition))
    return form_page(request, "offers/changes/explain.html", form, presenter.explanation_page(edition, found))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def write_learning(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write what was learnt since the edition before."""
    edition = edition_or_404(request, Permission.WRITE_OFFERS, slug, number)
    initial = {"words": edition.learning, "seen": edition.learning}
    form = LearningForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            saved = attempt(form, lambda: _save_learning(edition, form, user_of(request)))
        except ExplanationConflict as conflict:
            return _learning_conflict(request, edition, conflict)
        if saved is not None:
            messages.success(request, "It is saved")
            return redirect(_list(edition))
    context = {"edition": edition, "offer": edition.local_offer}
    return form_page(request, "offers/changes/learning.html", form, context)


def _save_learning(edition: Edition, form: LearningForm, by: User) -> Edition:
    # A browser sends each line's end as two letters.
    seen = form.cleaned_data["seen"].replace("\r\n", "\n")
    return service.write_learning(edition=edition, learning=form.cleaned_data["words"], seen=seen, by=by)


def _learning_conflict(request: HttpRequest, edition: Edition, conflict: ExplanationConflict) -> HttpResponse:
    form = LearningForm({**request.POST.dict(), "seen": edition.learning})
    refuse(form, conflict)
    context = {"edition": edition, "offer": edition.local_offer, "form": form, "theirs": edition.learning}
    return TemplateResponse(request, "offers/changes/learning.html", context, status=409)


def _given(found: changes.Explained, form: ExplanationForm) -> dict[str, Any]:
    kind, key = changes.name_of(found)
    cleaned = form.cleaned_data
    return {
        "kind": kind,
        "key": key,
        "words": cleaned["words"],
        "fingerprint": cleaned["fingerprint"],
        "expected_version": cleaned["version"],
    }


def _conflict(
    request: HttpRequest, edition: Edition, found: changes.Explained, conflict: ExplanationConflict
) -> HttpResponse:
    form = explanation_form(found, {**request.POST.dict(), "version": conflict.current_version})
    refuse(form, conflict)
    context = presenter.explanation_page(edition, found) | {"form": form}
    context["theirs"] = found.explanation.words if found.explanation else ""
    return TemplateResponse(request, "offers/changes/explain.html", context, status=409)


def _list(edition: Edition) -> str:
    return reverse("offers:edition-changes", args=[edition.local_offer.slug, edition.number])
