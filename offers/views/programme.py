"""The programme behind a local offer: its tools, their lists and entries. One set of pages for all tools."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from offers.exceptions import EntryConflict
from offers.forms.programme import EntryForm, PackForm, ReadingForm, StepForm, form_of
from offers.models import LocalOffer
from offers.presenters import programme_pages as presenter
from offers.presenters.programme_worklist import due_table
from offers.programme_enums import ToolKind
from offers.programme_tools import TOOLS, Tool
from offers.rules.programme_states import find_step
from offers.selectors import programme as selector
from offers.services import programme as service
from offers.views.support import attempt, offer_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.forms import ConfirmForm
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404, page_of, refuse


@requires(Permission.VIEW_OFFERS)
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The tools of an offer's programme."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    context = presenter.overview(offer, request.user, today=clock.today())
    return TemplateResponse(request, "offers/programme/overview.html", context)


@requires(Permission.WRITE_OFFERS)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """All that is due in the programmes the user writes."""
    today = clock.today()
    page = page_of(request, selector.due_work(request.user, today))
    rows = list(page.object_list)
    pagination = page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None
    context = {"table": due_table(rows, today) if rows else None, "pagination": pagination}
    return TemplateResponse(request, "offers/programme/due.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def tool(request: HttpRequest, slug: str, tool: str) -> HttpResponse:
    """The entries of one tool."""
    offer, found = _tool(request, Permission.VIEW_OFFERS, slug, tool)
    page = page_of(request, selector.entries(offer, found))
    context = presenter.tool_page(offer, found, page, request.user, today=clock.today(), url=request.get_full_path())
    return TemplateResponse(request, "offers/programme/tool.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def entry(request: HttpRequest, slug: str, tool: str, number: int) -> HttpResponse:
    """One entry."""
    offer, found, one = _entry(request, Permission.VIEW_OFFERS, slug, tool, number)
    context = presenter.entry_page(offer, found, one, request.user, today=clock.today())
    return TemplateResponse(request, "offers/programme/entry.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str, tool: str) -> HttpResponse:
    """Add an entry to a tool."""
    offer, found = _tool(request, Permission.WRITE_OFFERS, slug, tool)
    form = form_of(found, offer, None, request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = partial(service.add_entry, offer=offer, tool=found, details=form.details(), by=user_of(request))
        saved = attempt(form, act)
        if saved is not None:
            messages.success(request, f"{found.one.capitalize()} {saved.number} is added")
            return redirect("offers:programme-tool", slug, tool)
    return form_page(request, "offers/programme/write.html", form, {"offer": offer, "tool": found})


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, tool: str, number: int) -> HttpResponse:
    """Change an entry; where somebody else saved it meanwhile, theirs is shown beside what was typed."""
    offer, found, one = _entry(request, Permission.WRITE_OFFERS, slug, tool, number)
    form = form_of(found, offer, one, request.POST if request.method == "POST" else None)
    context = {"offer": offer, "tool": found, "entry": one}
    if not form.is_valid():
        return form_page(request, "offers/programme/write.html", form, context)
    try:
        saved = attempt(form, partial(_change, request, one, form))
    except EntryConflict as conflict:
        return _conflict(request, form, conflict, context)
    if saved is None:
        return form_page(request, "offers/programme/write.html", form, context)
    messages.success(request, f"{found.one.capitalize()} {number} is saved")
    return redirect("offers:programme-entry", slug, tool, number)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, slug: str, tool: str, number: int) -> HttpResponse:
    """Take an entry out of its list, after asking."""
    offer, found, one = _entry(request, Permission.WRITE_OFFERS, slug, tool, number)
    form = ConfirmForm(request.POST if request.method == "POST" else None, button="Remove it")
    if form.is_valid() and attempt(form, partial(service.remove_entry, entry=one, by=user_of(request))) is not None:
        messages.success(request, f"{found.one.capitalize()} {number} is removed. You can put it back below")
        return redirect("offers:programme-tool", slug, tool)
    return form_page(request, "offers/programme/remove.html", form, {"offer": offer, "tool": found, "entry": one})


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def put_back(request: HttpRequest, slug: str, tool: str, number: int) -> HttpResponse:
    """Put an entry that was removed back, after asking."""
    offer, found, one = _entry(request, Permission.WRITE_OFFERS, slug, tool, number)
    form = ConfirmForm(request.POST if request.method == "POST" else None, button="Put it back")
    if form.is_valid() and attempt(form, partial(service.put_back_entry, entry=one, by=user_of(request))) is not None:
        messages.success(request, f"{found.one.capitalize()} {number} is back")
        return redirect("offers:programme-tool", slug, tool)
    return form_page(request, "offers/programme/put_back.html", form, {"offer": offer, "tool": found, "entry": one})


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str, tool: str, number: int, action: str) -> HttpResponse:
    """Move an entry on, with a note of what happened."""
    offer, found, one = _entry(request, Permission.WRITE_OFFERS, slug, tool, number)
    move = find_step(found.kind, getattr(one, "status", ""), action)
    if move is None:
        messages.info(request, "That cannot be done to it any more. This is how it stands now")
        return redirect("offers:programme-entry", slug, tool, number)
    sent = request.POST if request.method == "POST" else None
    form = StepForm(sent, button=move.label, question=move.question, initial={"on": clock.today()}, today=clock.today())
    act = partial(service.take_step, entry=one, action=action, by=user_of(request))
    if form.is_valid() and attempt(form, lambda: act(**form.cleaned_data)) is not None:
        messages.success(request, f"{found.one.capitalize()} {number} {move.done}")
        return redirect("offers:programme-entry", slug, tool, number)
    context = {"offer": offer, "tool": found, "entry": one, "move": move}
    return form_page(request, "offers/programme/step.html", form, context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def add_reading(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write down what an indicator says."""
    offer, found, one = _entry(request, Permission.WRITE_OFFERS, slug, ToolKind.INDICATORS, number)
    sent = request.POST if request.method == "POST" else None
    form = ReadingForm(sent, initial={"read_on": clock.today()}, today=clock.today())
    act = partial(service.add_reading, indicator=one, by=user_of(request))
    if form.is_valid() and attempt(form, lambda: act(**form.cleaned_data)) is not None:
        messages.success(request, "The reading is saved")
        return redirect("offers:programme-entry", slug, found.kind, number)
    return form_page(request, "offers/programme/reading.html", form, {"offer": offer, "tool": found, "entry": one})


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def choose_tools(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose which tools go into the board pack."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    initial = {"tools": [each.kind.value for each in selector.tools_in_pack(offer)]}
    form = PackForm(request.POST if request.method == "POST" else None, initial=initial)
    act = partial(service.choose_tools, offer=offer, by=user_of(request))
    if form.is_valid() and attempt(form, lambda: act(tools=form.cleaned_data["tools"])) is not None:
        messages.success(request, "What goes into the board pack is saved")
        return redirect("offers:programme", slug)
    return form_page(request, "offers/programme/board_pack.html", form, {"offer": offer})


def _tool(request: HttpRequest, permission: Permission, slug: str, code: str) -> tuple[LocalOffer, Tool]:
    return offer_or_404(request, permission, slug), or_404(TOOLS.get(code), "tool")


def _entry(
    request: HttpRequest, permission: Permission, slug: str, code: str, number: int
) -> tuple[LocalOffer, Tool, Any]:
    offer, found = _tool(request, permission, slug, code)
    return offer, found, or_404(selector.entry_of(offer, found, number), found.one)


def _change(request: HttpRequest, one: Any, form: EntryForm) -> Any:
    version = form.cleaned_data["version"] or 0
    return service.change_entry(entry=one, details=form.details(), expected_version=version, by=user_of(request))


def _conflict(request: HttpRequest, form: EntryForm, conflict: EntryConflict, context: dict[str, Any]) -> HttpResponse:
    """The page with both: what was typed, to be saved over theirs or not."""
    offer, found = context["offer"], context["tool"]
    fresh = selector.entry_of(offer, found, context["entry"].number)
    typed = {**request.POST.dict(), "version": str(conflict.current_version)}
    again = form_of(found, offer, fresh, typed)
    refuse(again, conflict)
    saved = selector.entry_of(offer, found, fresh.number)
    more = {"theirs": presenter.theirs(offer, found, saved, today=clock.today()), "saved_by": saved.saved_by}
    return TemplateResponse(request, "offers/programme/write.html", {**context, **more, "form": again}, status=409)
