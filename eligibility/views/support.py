"""What the pages of a draft share: finding it, keeping their order, and where to go next."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from eligibility.exceptions import DraftSubmitted
from eligibility.models import ReferralDraft
from eligibility.rules.referral_steps import Step, may_open, next_step
from eligibility.selectors.drafts import Journey, draft_for, journey_of
from eligibility.services.drafts import forget_typed
from phb_register.forms import NhsForm
from phb_register.views.support import form_page, or_404

# Given in the address by the "Change" links of the last page, to which the user then returns.
BACK_TO_CHECK = "check"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, even if every field was left empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def step_url(draft: ReferralDraft, step: Step) -> str:
    """The address of a page of a draft."""
    return reverse(f"eligibility:draft-{step.value}", args=[draft.reference])


def onward(request: HttpRequest, draft: ReferralDraft) -> HttpResponse:
    """To the next page that is still to be filled in; back to the last page if the user came from there."""
    step = next_step(journey_of(draft, request.user).progress)  # type: ignore[arg-type]
    if step is Step.ANSWER and request.GET.get("back") == BACK_TO_CHECK:
        step = Step.CHECK
    return redirect(step_url(draft, step))


def submitted_url(reference: uuid.UUID) -> str:
    """The confirmation that the referral with this reference is made."""
    return reverse("eligibility:submitted", args=[reference])


def draft_page(step: Step) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Give the view the journey of the user's own draft; send those who jump ahead to the page they have to fill in.

    A draft that has been submitted, perhaps in another tab, leads to the confirmation from every page.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: HttpRequest, reference: uuid.UUID, **rest: Any) -> HttpResponse:
            draft: ReferralDraft = or_404(draft_for(request.user, reference), "unfinished referral")  # type: ignore[arg-type]
            if draft.referral is not None:
                return redirect(submitted_url(draft.referral.reference))
            journey = journey_of(draft, request.user)  # type: ignore[arg-type]
            if not may_open(step, journey.progress):
                return redirect(step_url(draft, next_step(journey.progress)))
            try:
                return _left(request, draft, view(request, journey, **rest))
            except DraftSubmitted as submitted:
                return redirect(submitted_url(submitted.reference))

        return run

    return decorate


def _left(request: HttpRequest, draft: ReferralDraft, response: HttpResponse) -> HttpResponse:
    """The response; where it leads on from a page that was sent, what was typed on that page is no longer kept."""
    page = page_key(request, draft)
    if request.method == "POST" and response.status_code == HTTPStatus.FOUND and page in draft.typed:
        forget_typed(draft=draft, by=request.user, page=page)  # type: ignore[arg-type]
    return response


def page_key(request: HttpRequest, draft: ReferralDraft) -> str:
    """Which page of a draft this is, as the draft keeps what is typed on it: ``details``, ``questions/chc``."""
    return request.path.rpartition(str(draft.reference))[2].strip("/")


def journey_page(
    request: HttpRequest, journey: Journey, template: str, context: dict[str, Any], form: NhsForm | None = None
) -> HttpResponse:
    """A page of a draft, with its form if it has one."""
    everything = {"draft": journey.draft, "journey": journey, **context}
    if form is None:
        return TemplateResponse(request, template, everything)
    page = page_key(request, journey.draft)
    if request.method == "GET" and page in journey.draft.typed:
        form.show_typed(journey.draft.typed[page])
    address = reverse("eligibility:draft-typed", args=[journey.draft.reference])
    everything["typed_url"] = f"{address}?{urlencode({'page': page})}"
    return form_page(request, template, form, everything)


def next_page_links(request: HttpRequest, after: str | None) -> dict[str, Any] | None:
    """Links to the first page of a list and to the next one, the filters kept; None where there is one page only."""
    if after is None and "after" not in request.GET:
        return None
    query = request.GET.copy()
    query.pop("after", None)
    links: dict[str, Any] = {}
    if "after" in request.GET:
        links["previous"] = {"href": f"?{query.urlencode()}", "text": "First page"}
    if after is not None:
        query["after"] = after
        links["next"] = {"href": f"?{query.urlencode()}", "text": "Next page"}
    return links
