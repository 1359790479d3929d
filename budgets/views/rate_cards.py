"""Rate cards: whose there are, the versions of one, a version with its values, and how one is written."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.agreement import BudgetForm
from budgets.forms.rate_cards import (
    CompareForm,
    ConfirmRateCardForm,
    RateCardForm,
    RateValuesForm,
    StartRateCardForm,
    WithdrawRateCardForm,
)
from budgets.models import RateCard
from budgets.presenters import rate_cards as presenters
from budgets.rules.rate_card_states import RateCardStatus
from budgets.rules.rate_cards import ValueGroup, group_of
from budgets.selectors import rate_cards as selectors
from budgets.services import rate_cards as service
from phb_register import clock
from phb_register.access import requires
from phb_register.models import Commissioner
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of

FORMS = ["GET", "POST"]
CLOSED = "This version is no longer a draft, so it does not change. Start another version instead"


@requires(Permission.VIEW_BUDGETS)
@require_safe
def rate_card_owners(request: HttpRequest) -> HttpResponse:
    """The commissioners and partnerships whose rate cards the user may read."""
    user: Any = request.user
    page = page_of(request, selectors.owners_to_read(user))
    owners = [(str(owner), presenters.cards_url(owner)) for owner in page]
    context = {"owners": owners, "links": _links(request, page)}
    return TemplateResponse(request, "budgets/rate_cards/owners.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def rate_cards(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of one rate card, the latest first."""
    user: Any = request.user
    owner: Commissioner = or_404(selectors.owner_to_read(user, code), "commissioner")
    page = page_of(request, selectors.cards_of(user, owner))
    counting = selectors.rate_card_on(owner, clock.today())
    draft = selectors.draft_of(owner)
    context = {
        "owner": owner,
        "links": _links(request, page),
        "table": presenters.cards_table(page, counting) if page else None,
        "shared": counting if counting and counting.commissioner_id != owner.pk else None,
        "may_start": draft is None and selectors.may_write_cards(user, owner),
        "versions": [card.number for card in page if card.status != RateCardStatus.WITHDRAWN],
    }
    return TemplateResponse(request, "budgets/rate_cards/list.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def rate_card(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version: its values with their sources, and what can be done."""
    user: Any = request.user
    card: RateCard = or_404(selectors.card_for(user, code, number), "rate card")
    steps = selectors.card_steps(user, card)
    context = {
        "card": card,
        "tag": presenters.status_tag(card, selectors.rate_card_on(card.commissioner, clock.today())),
        "rows": presenters.card_rows(card),
        "parts": presenters.value_tables(card, may_change=bool(steps)),
        "buttons": presenters.card_buttons(card, steps),
        "history": presenters.card_history(selectors.card_transitions(card)),
    }
    return TemplateResponse(request, "budgets/rate_cards/card.html", context)


@requires(Permission.VIEW_BUDGETS)
@require_safe
def compare_rate_cards(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side: what differs. Without two in the address, the latest two."""
    user: Any = request.user
    owner: Commissioner = or_404(selectors.owner_to_read(user, code), "commissioner")
    cards = {card.number: card for card in selectors.cards_of(user, owner).prefetch_related("values")}
    if not cards:
        return redirect("budgets:rate-cards", code)
    numbers = sorted(cards)
    latest = {"older": numbers[-2:][0], "newer": numbers[-1]}
    form = CompareForm(request.GET or latest, numbers=numbers)
    chosen = form.cleaned_data if form.is_valid() else latest
    table = presenters.comparison_table(cards[chosen["older"]], cards[chosen["newer"]])
    context = {"owner": owner, "chosen": chosen, "table": table}
    return form_page(request, "budgets/rate_cards/compare.html", form, context)


@requires(Permission.WRITE_RATE_CARDS)
@require_http_methods(FORMS)
def start_rate_card(request: HttpRequest, code: str) -> HttpResponse:
    """Start a version; where one is being written already, that one."""
    user: Any = request.user
    owner = commissioner_or_404(request, Permission.WRITE_RATE_CARDS, code)
    draft = selectors.draft_of(owner)
    if draft is not None:
        messages.info(request, "This version is being written already")
        return redirect("budgets:rate-card", code, draft.number)
    form = StartRateCardForm(_posted(request), today=clock.today())
    if form.is_valid():
        try:
            card = service.start_rate_card(commissioner=owner, by=user, **form.cleaned_data)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, f"Version {card.number} is started")
            return redirect("budgets:rate-card", code, card.number)
    return form_page(request, "budgets/rate_cards/start.html", form, {"owner": owner})


@requires(Permission.WRITE_RATE_CARDS)
@require_http_methods(FORMS)
def rate_card_details(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """From when a draft applies, and what changes with it."""
    card = _card(request, code, number)
    form = RateCardForm(_posted(request), initial={"applies_from": card.applies_from, "note": card.note})
    return _act(request, card, form, service.change_details, heading="Change the first day or note", done="saved")


@requires(Permission.WRITE_RATE_CARDS)
@require_http_methods(FORMS)
def rate_card_values(request: HttpRequest, code: str, number: int, group: str) -> HttpResponse:
    """The values of one part of a draft."""
    if group not in ValueGroup.values:
        or_404(None, "part of a rate card")
    card = _card(request, code, number)
    specs = group_of(group)
    form = RateValuesForm(_posted(request), specs=specs, initial=RateValuesForm.initial_of(card, specs))
    return _act(
        request,
        card,
        form,
        lambda **given: service.change_values(card=given["card"], by=given["by"], group=group, values=form.values()),
        heading=str(ValueGroup(group).label),
        done="saved",
    )


@requires(Permission.WRITE_RATE_CARDS)
@require_http_methods(FORMS)
def put_rate_card_in_force(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Put a draft in force, after showing what that means."""
    card = _card(request, code, number)
    form = ConfirmRateCardForm(_posted(request))
    return _act(request, card, form, service.put_in_force, heading="Put in force", done="in force")


@requires(Permission.WRITE_RATE_CARDS)
@require_http_methods(FORMS)
def withdraw_rate_card(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Withdraw a draft, with the reason."""
    card = _card(request, code, number)
    form = WithdrawRateCardForm(_posted(request))
    return _act(request, card, form, service.withdraw_rate_card, heading="Withdraw the draft", done="withdrawn")


def _links(request: HttpRequest, page: Page[Any]) -> dict[str, Any] | None:
    """The links to the other pages of a list, where there are any."""
    return page_links(page, request.get_full_path()) if page.has_other_pages() else None


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _card(request: HttpRequest, code: str, number: int) -> RateCard:
    user: Any = request.user
    found: RateCard = or_404(selectors.card_for(user, code, number, Permission.WRITE_RATE_CARDS), "rate card")
    return found


def _act(
    request: HttpRequest, card: RateCard, form: BudgetForm, act: Callable[..., RateCard], *, heading: str, done: str
) -> HttpResponse:
    """Show the form of a draft, or do what it says."""
    if card.status != RateCardStatus.DRAFT:
        messages.warning(request, CLOSED)
        return redirect("budgets:rate-card", card.commissioner.code, card.number)
    if form.is_valid():
        given = {} if isinstance(form, RateValuesForm) else form.cleaned_data
        try:
            act(card=card, by=request.user, **given)
        except BudgetRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, f"Version {card.number} is {done}")
            return redirect("budgets:rate-card", card.commissioner.code, card.number)
    context = {"card": card, "heading": heading, "is_final": isinstance(form, ConfirmRateCardForm)}
    return form_page(request, "budgets/rate_cards/step.html", form, context)
