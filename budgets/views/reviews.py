"""Reviews of one budget: what is due, asking for one, writing and completing it, and how things were before."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.reviews import SAVE, AskForReviewForm, BaselineForm, PlanReviewForm, ReviewForm, SetAsideForm
from budgets.models import PersonalHealthBudget, Review
from budgets.presenters import outcomes as outcome_words
from budgets.presenters import reviews as presenters
from budgets.presenters.sections import sections_of
from budgets.selectors import outcomes as outcome_selectors
from budgets.selectors import reviews as selectors
from budgets.selectors.personal_health_budgets import budget_for
from budgets.services import review_drafts
from budgets.services import reviews as services
from budgets.services.outcomes import record_baseline
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.views.support import form_page, or_404

from .review_writing import refused, review_form, typed_on

FORMS = ["GET", "POST"]
REVIEWS = "budgets:budget-reviews"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def budget_reviews(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """When a budget is to be reviewed, what asks for it, the reviews there were, and outcomes. The read is logged."""
    user: Any = request.user
    phb = _budget(request, reference, Permission.VIEW_BUDGETS)
    audit.record_read(user, phb, person=phb.person)
    may_review = can(user, Permission.REVIEW_BUDGETS, phb.commissioner)
    due, draft = selectors.due_of(phb), selectors.drafted(phb)
    reviews, answered = selectors.reviews_of(phb), outcome_selectors.answered_by(phb)
    context = {
        "phb": phb,
        "sections": sections_of(user, phb.referral, "reviews", phb=phb),
        "tag": presenters.due_tag(due.due_on if due.ended_on is None else None, clock.today()),
        "rows": presenters.due_rows(due, draft),
        "requests": presenters.request_rows(selectors.open_requests(phb), may_review=may_review),
        "buttons": presenters.buttons(phb, draft, may_review=may_review),
        "reviews": presenters.reviews_table(reviews) if reviews else None,
        "answers": outcome_words.answers_table(answered) if answered else None,
        "may_record_baseline": may_review and not reviews,
    }
    return TemplateResponse(request, "budgets/reviews/budget_reviews.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def review(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """One review: who, when, the four answers, what was rated, what follows and where it is done. Logged."""
    user: Any = request.user
    found = _review(request, reference, number)
    audit.record_read(user, found, person=found.phb.person)
    ratings = selectors.ratings_at(found)
    may_review = can(user, Permission.REVIEW_BUDGETS, found.phb.commissioner)
    context = {
        "review": found,
        "sections": sections_of(user, found.phb.referral, "reviews", phb=found.phb),
        "rows": presenters.review_rows(found),
        "answers": presenters.answer_rows(found),
        "ratings": outcome_words.rating_rows(ratings) if ratings else None,
        "steps": presenters.next_steps(found),
        "corrected": presenters.corrected_words(found),
        "may_correct": may_review and not hasattr(found, "correction"),
    }
    return TemplateResponse(request, "budgets/reviews/review.html", context)


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def write_review(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Write a review: save it to finish later, or complete it. What is typed is never lost."""
    phb = _budget(request, reference)
    draft = selectors.drafted(phb)
    return _write(request, phb, corrects=draft.corrects if draft else None)


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def correct_review(request: HttpRequest, reference: uuid.UUID, number: int) -> HttpResponse:
    """Put a review right by a further one, which starts from what it said."""
    phb, found = _budget(request, reference), _review(request, reference, number)
    draft = selectors.drafted(phb)
    if hasattr(found, "correction") or (draft is not None and draft.typed and draft.corrects != found):
        messages.warning(request, "Another review is being written, or this one is corrected already")
        return redirect(REVIEWS, reference)
    return _write(request, phb, corrects=found)


def _write(request: HttpRequest, phb: PersonalHealthBudget, *, corrects: Review | None) -> HttpResponse:
    user: Any = request.user
    form = review_form(request, phb, corrects)
    context = {"phb": phb, "corrects": corrects, "draft": selectors.drafted(phb)}
    template = "budgets/reviews/write.html"
    if request.POST.get("do") == SAVE:
        return _save(request, phb, form, corrects)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.complete_review(
                phb=phb, by=user, on=clock.today(), findings=form.findings(), seen=form.seen(), corrects=corrects
            )
        except BudgetRefused as refusal:
            return refused(request, phb, form, refusal, template, context)
        messages.success(request, "The review is complete")
        return redirect(presenters.review_url(done))
    return form_page(request, template, form, context)


def _save(request: HttpRequest, phb: PersonalHealthBudget, form: ReviewForm, corrects: Review | None) -> HttpResponse:
    """Keep it as it stands, unchecked."""
    user: Any = request.user
    typed = typed_on(request)
    try:
        review_drafts.save_draft(
            phb=phb,
            by=user,
            at=clock.now(),
            typed=typed,
            seen=form.seen(),
            corrects=corrects,
        )
    except BudgetRefused as refusal:
        context = {"phb": phb, "corrects": corrects, "draft": selectors.drafted(phb)}
        return refused(request, phb, form, refusal, "budgets/reviews/write.html", context)
    messages.success(request, "What you wrote is saved. It is not a review until it is completed")
    return redirect(REVIEWS, phb.reference)


@requires(Permission.REVIEW_BUDGETS)
@require_POST
def keep_review(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Keep what stands on the page while it is written. Sent by the page itself, which is told the new revision."""
    user: Any = request.user
    phb = _budget(request, reference)
    corrects = _corrected(request, phb)
    form = review_form(request, phb, corrects)
    try:
        draft = review_drafts.save_draft(
            phb=phb,
            by=user,
            at=clock.now(),
            typed=typed_on(request),
            seen=form.seen(),
            corrects=corrects,
        )
    except BudgetRefused as refusal:
        return TemplateResponse(request, "budgets/reviews/_kept.html", {"refusal": refusal}, status=HTTPStatus.OK)
    return TemplateResponse(request, "budgets/reviews/_kept.html", {"draft": draft})


def _corrected(request: HttpRequest, phb: PersonalHealthBudget) -> Review | None:
    """The review that the page corrects, by its number."""
    number = request.GET.get("corrects", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        return None
    user: Any = request.user
    return selectors.review_for(user, phb.reference, int(number))


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def discard_review(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Delete what is written of a review, after asking."""
    phb = _budget(request, reference)
    draft = selectors.drafted(phb)
    if draft is None:
        return redirect(REVIEWS, reference)
    if request.method == "POST":
        seen = services.Seen(selectors.last_number(phb), draft.revision)
        try:
            review_drafts.discard_draft(phb=phb, by=request.user, seen=seen)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "What was written is deleted")
        return redirect(REVIEWS, reference)
    return TemplateResponse(request, "budgets/reviews/discard.html", {"phb": phb, "draft": draft})


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def plan_review(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Set the day the next review is planned for."""
    phb = _budget(request, reference)
    draft = selectors.drafted(phb)
    form = PlanReviewForm(_posted(request), initial={"planned_for": draft.planned_for if draft else None})
    if form.is_valid():
        try:
            review_drafts.plan_review(phb=phb, by=request.user, at=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The day is saved")
            return redirect(REVIEWS, reference)
    return form_page(request, "budgets/reviews/form.html", form, {"phb": phb, "heading": "Plan the review"})


@requires(Permission.VIEW_BUDGETS)
@require_http_methods(FORMS)
def ask_for_review(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Say that a budget should be reviewed before its time."""
    phb = _budget(request, reference, Permission.VIEW_BUDGETS)
    form = AskForReviewForm(_posted(request))
    if form.is_valid():
        try:
            services.ask_for_review(phb=phb, by=request.user, on=clock.today(), **form.cleaned_data)  # type: ignore[arg-type]
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The review is asked for. It is on the list of those who review budgets")
            return redirect(REVIEWS, reference)
    return form_page(request, "budgets/reviews/form.html", form, {"phb": phb, "heading": "Ask for a review"})


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def set_aside(request: HttpRequest, reference: uuid.UUID, asked: uuid.UUID) -> HttpResponse:
    """Leave a request for a review, with the reason."""
    user: Any = request.user
    found = or_404(selectors.request_for(user, reference, asked), "request")
    form = SetAsideForm(_posted(request))
    if form.is_valid():
        try:
            services.set_aside_request(request=found, by=user, on=clock.today(), **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The request is set aside")
            return redirect(REVIEWS, reference)
    context = {"phb": found.phb, "heading": "Set the request for a review aside", "about": found}
    return form_page(request, "budgets/reviews/form.html", form, context)


@requires(Permission.REVIEW_BUDGETS)
@require_http_methods(FORMS)
def outcome_baseline(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record how the holder and the carers said things were before the budget."""
    user: Any = request.user
    phb, today = _budget(request, reference), clock.today()
    form = BaselineForm(_posted(request), today=today, scales=outcome_selectors.scales_asked(phb, today))
    if form.is_valid():
        try:
            record_baseline(
                phb=phb,
                by=user,
                on=form.cleaned_data["on"],
                today=today,
                ratings=form.ratings(),
            )
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, "The answers are saved")
            return redirect(REVIEWS, reference)
    return form_page(request, "budgets/reviews/baseline.html", form, {"phb": phb})


def _budget(
    request: HttpRequest, reference: uuid.UUID, permission: Permission = Permission.REVIEW_BUDGETS
) -> PersonalHealthBudget:
    user: Any = request.user
    found: PersonalHealthBudget = or_404(budget_for(user, reference, permission), "personal health budget")
    return found


def _review(request: HttpRequest, reference: uuid.UUID, number: int) -> Review:
    user: Any = request.user
    found: Review = or_404(selectors.review_for(user, reference, number), "review")
    return found


def _posted(request: HttpRequest) -> Any:
    """What was sent, also where that is nothing."""
    return request.POST if request.method == "POST" else None
