"""What the pages on which a review is written share: the form as it stands, and what stands in its way."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from budgets.exceptions import BudgetRefused
from budgets.forms.reviews import ReviewForm
from budgets.models import PersonalHealthBudget, Review
from budgets.rules.reviews import kind_due
from budgets.selectors import reviews as selectors
from budgets.selectors.outcomes import scales_asked
from budgets.services.reviews import ReviewedMeanwhile, SavedMeanwhile, Seen
from phb_register import clock
from phb_register.presenters import summary
from phb_register.views.support import form_page

NOT_TYPED = ("csrfmiddlewaretoken", "do", "last_number", "revision")


def typed_on(request: HttpRequest) -> dict[str, list[str]]:
    """Everything that stands on the page."""
    return {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED}


def review_form(request: HttpRequest, phb: PersonalHealthBudget, corrects: Review | None) -> ReviewForm:
    """The form as it was sent, or else as it was last saved, or new."""
    today, draft = clock.today(), selectors.drafted(phb)
    last_number = selectors.last_number(phb)
    kept: dict[str, Any] = {
        "reviewers": selectors.reviewers_for(phb, today),
        "scales": _scales(phb, corrects),
        "is_correction": corrects is not None,
        "today": today,
    }
    if request.method == "POST":
        return ReviewForm(request.POST, **kept)
    seen = {"last_number": last_number, "revision": draft.revision if draft else 0}
    if corrects is not None:
        initial = ReviewForm.initial_of(corrects, selectors.ratings_at(corrects))
    else:
        initial = {"kind": _kind(phb), "held_by": request.user.pk}
    form = ReviewForm(initial=initial | seen, **kept)
    if draft is not None and draft.typed:
        form.show_typed(draft.typed | {name: [str(value)] for name, value in seen.items()})
    return form


def _kind(phb: PersonalHealthBudget) -> str:
    held = selectors.reviews_that_count(phb)
    due = selectors.due_of(phb).due_on
    asked = selectors.open_requests(phb)
    return kind_due(is_asked_for=bool(asked), due_on=due, reviews_held=len(held), on=clock.today())


def _scales(phb: PersonalHealthBudget, corrects: Review | None) -> list[Any]:
    """Of a correction, what was asked on the day of the review it corrects."""
    return scales_asked(phb, corrects.held_on if corrects else clock.today())


def refused(
    request: HttpRequest,
    phb: PersonalHealthBudget,
    form: ReviewForm,
    refusal: BudgetRefused,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The page again with everything typed, and what somebody else did meanwhile beside it."""
    theirs = getattr(refusal, "review", None) or getattr(refusal, "draft", None)
    if isinstance(refusal, ReviewedMeanwhile | SavedMeanwhile):
        draft = selectors.drafted(phb)
        form.show_seen(Seen(selectors.last_number(phb), draft.revision if draft else 0))
        form.full_clean()
    form.show(refusal)
    is_review = isinstance(refusal, ReviewedMeanwhile)
    more = {
        "their_review": theirs if is_review else None,
        "their_words": summary(form.in_words(theirs.typed)) if theirs is not None and not is_review else None,
    }
    return form_page(request, template, form, {**context, **more})
