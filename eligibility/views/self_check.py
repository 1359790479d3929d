"""The public self-check: nothing is stored, no cookie is set, and no answer stands in an address or a log."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from eligibility.forms.self_check import AgeForm, PublicQuestionsForm, SelfCheckForm
from eligibility.presenters.self_check import self_check_result
from eligibility.rules import FACTS
from eligibility.rules.self_check import AnswersUnreadable, GivenAnswers, read_answers
from eligibility.selectors.self_check import SelfCheckRules, self_check_of
from phb_register import clock
from phb_register.access import public
from phb_register.views.support import form_page, or_404

CARRIED, BACK = "carried", "back"
PAGES = "eligibility/self_check"


def unlisted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep search engines off whatever was answered."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


@public
@csrf_exempt
@sensitive_post_parameters()
@never_cache
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of questions, or the answer once no question is left. Each page carries the answers before it."""
    check = or_404(self_check_of(slug, clock.today()), "local offer")
    try:
        answers = read_answers(request.POST.getlist(CARRIED), check.bands)
    except AnswersUnreadable:
        return TemplateResponse(request, f"{PAGES}/unreadable.html", {"offer": check.offer}, status=422)
    if BACK in request.POST:
        return _page(request, check, answers.without_last_page(), is_sent=False)
    return _page(request, check, answers, is_sent=request.method == "POST")


def _page(request: HttpRequest, check: SelfCheckRules, answers: GivenAnswers, *, is_sent: bool) -> HttpResponse:
    """The page that follows from these answers; where it was sent, the one after it."""
    form = _form(check, answers, request.POST if is_sent else None)
    if form is not None and form.is_valid():
        answers = answers.with_answers(form.answers())
        form = _form(check, answers, None)
    if form is None:
        return _result(request, check, answers)
    context = {
        "offer": check.offer,
        "carried": answers.carried,
        "question": form.fields[form.page_heading].label if form.page_heading else "",
        "most": check.left_to_ask(answers).most if answers.is_age_asked else None,
    }
    return form_page(request, f"{PAGES}/question.html", form, context)


def _form(check: SelfCheckRules, answers: GivenAnswers, sent: Any) -> SelfCheckForm | None:
    if not answers.is_age_asked:
        return AgeForm(sent, bands=check.bands)
    pages = check.left_to_ask(answers).pages
    if not pages:
        return None
    return PublicQuestionsForm(sent, questions=[FACTS[code] for code in pages[0]], carried=answers.carried)


def _result(request: HttpRequest, check: SelfCheckRules, answers: GivenAnswers) -> HttpResponse:
    context = {
        "offer": check.offer,
        "carried": answers.carried,
        "result": self_check_result(check.answer(answers), answers, check.bands),
        "how_to_ask": check.how_to_ask,
    }
    return TemplateResponse(request, f"{PAGES}/result.html", context)
