"""Board packs: the list, one to read, planning and changing them, and the decisions they ask for."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of, refuse
from reporting import board_packs as words
from reporting.board_pack_states import CANCEL, WITHDRAW, PackPart, PackStep
from reporting.forms.board_packs import BoardPackForm, CancelForm, ChangeBoardPackForm, DecisionForm, WithdrawForm
from reporting.models import BoardPack
from reporting.presenters import board_packs as presenters
from reporting.selectors import board_packs as selectors
from reporting.selectors.pack_content import snapshot_of
from reporting.services import board_packs as service

FOLDER = "reporting/board_packs"
EDITED = ("meeting", "meets_on", "as_at", "make_on", "parts", "introduction", "version")


@requires(Permission.VIEW_BOARD_PACKS)
@require_safe
def board_packs(request: HttpRequest) -> HttpResponse:
    """The packs that the user may read, the latest meeting first."""
    page = page_of(request, selectors.packs_for(request.user))
    context = {
        "page": page,
        "table": table_params(presenters.PACK_COLUMNS, page, caption="Board packs", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
        "may_plan": selectors.commissioners_to_write_for(request.user).exists(),
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context)


@requires(Permission.VIEW_BOARD_PACKS)
@require_safe
def board_pack(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One pack: what it says once it is made, and to its writers how it stands. The read is logged."""
    pack = or_404(selectors.pack_for(request.user, reference), "board pack")
    audit.record(actor=request.user, action=audit.READ, subject=pack)
    context: dict[str, Any] = {
        "pack": pack,
        "tag": presenters.status_tag(pack),
        "rows": presenters.facts(pack),
        "breadcrumbs": [presenters.crumb()],
        "withdrawn_because": selectors.reason_withdrawn(pack),
    }
    if selectors.is_readable(pack):
        context["content"] = presenters.content(words.read(pack.snapshot))
    if selectors.may_write(request.user, pack):
        context["writing"] = presenters.writer_page(
            pack,
            decisions=selectors.decisions_of(pack),
            history=selectors.history_of(pack),
            told=selectors.told_of(pack),
        )
    return TemplateResponse(request, f"{FOLDER}/pack.html", context)


@requires(Permission.VIEW_BOARD_PACKS)
@require_safe
def pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The PDF of a pack that was made. The export is logged."""
    pack = or_404(selectors.pack_for(request.user, reference), "board pack")
    document = or_404(selectors.pdf_of(pack), "PDF")
    audit.record(actor=request.user, action=audit.EXPORT, subject=pack, detail={"what": "board pack"})
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response


@requires(Permission.WRITE_BOARD_PACKS)
@require_safe
def preview(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What a planned pack would say if it were made now, with the figures of its day or, before it, of today."""
    pack = or_404(selectors.pack_to_write(request.user, reference), "board pack")
    today = clock.today()
    snapshot = snapshot_of(pack, as_at=min(pack.as_at, today), made_on=today)
    context = {
        "pack": pack,
        "content": presenters.content(words.read(snapshot)),
        "breadcrumbs": [presenters.crumb(), {"text": str(pack), "href": presenters.pack_url(pack)}],
    }
    return TemplateResponse(request, f"{FOLDER}/preview.html", context)


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a pack for a meeting."""
    choices = selectors.commissioners_to_write_for(request.user)
    initial = {"commissioner": choices.first(), "parts": [part.value for part in PackPart]}
    form = BoardPackForm(request.POST or None, commissioners=choices, initial=initial, today=clock.today())
    if form.is_valid():
        try:
            commissioner = form.cleaned_data["commissioner"]
            pack = service.plan(commissioner=commissioner, by=request.user, **form.pack())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The board pack is planned. Add the decisions you want")
            return redirect(presenters.pack_url(pack))
    return form_page(
        request, f"{FOLDER}/form.html", form, {"heading": "Plan a board pack", "back_url": presenters.crumb()["href"]}
    )


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Change a planned pack. Where somebody else did meanwhile, what they saved is shown beside what was typed."""
    pack = or_404(selectors.pack_to_write(request.user, reference), "board pack")
    initial = {name: getattr(pack, name) for name in EDITED}
    form = ChangeBoardPackForm(request.POST or None, initial=initial, today=clock.today())
    is_old = request.method == "POST" and request.POST.get("version") != str(pack.version)
    if form.is_valid():
        try:
            service.change(pack=pack, by=request.user, expected_version=form.opened_version(), **form.pack())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
            form.over(pack.version)
        else:
            messages.success(request, "The board pack is saved")
            return redirect(presenters.pack_url(pack))
    context = {
        "heading": "Change the board pack",
        "back_url": presenters.pack_url(pack),
        "theirs": presenters.facts(pack) if is_old else None,
    }
    return form_page(request, f"{FOLDER}/form.html", form, context)


@requires(Permission.WRITE_BOARD_PACKS)
@require_POST
def make(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Make a planned pack now: a job, whose page shows how far it is."""
    pack = or_404(selectors.pack_to_write(request.user, reference), "board pack")
    try:
        job = service.request_making(pack=pack, by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(presenters.pack_url(pack))
    if job.requested_by_id != request.user.pk:
        messages.success(request, "The board pack is being made. Look again in a minute")
        return redirect(presenters.pack_url(pack))
    return redirect("phb_register:job", job.reference)


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Give up a planned pack."""
    return _end(request, reference, CANCEL)


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take back a pack that was made."""
    return _end(request, reference, WITHDRAW)


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def add_decision(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Add a decision that the meeting is asked for."""
    pack = or_404(selectors.pack_to_write(request.user, reference), "board pack")
    return _decision_form(request, pack, "Add a decision", {}, None)


@requires(Permission.WRITE_BOARD_PACKS)
@require_http_methods(["GET", "POST"])
def change_decision(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Change one."""
    decision = or_404(selectors.decision_to_write(request.user, reference, pk), "decision")
    initial = {name: getattr(decision, name) for name in ("question", "recommendation", "why")}
    return _decision_form(request, decision.pack, "Change the decision", initial, decision)


@requires(Permission.WRITE_BOARD_PACKS)
@require_POST
def remove_decision(request: HttpRequest, reference: uuid.UUID, pk: int) -> HttpResponse:
    """Remove one."""
    decision = or_404(selectors.decision_to_write(request.user, reference, pk), "decision")
    try:
        service.remove_decision(decision=decision, by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The decision is removed")
    return redirect("reporting:board-pack", reference)


def _decision_form(
    request: HttpRequest, pack: BoardPack, heading: str, initial: dict[str, Any], decision: Any
) -> HttpResponse:
    form = DecisionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            service.save_decision(pack=pack, by=request.user, decision=decision, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The decision is saved")
            return redirect(presenters.pack_url(pack))
    return form_page(request, f"{FOLDER}/form.html", form, {"heading": heading, "back_url": presenters.pack_url(pack)})


def _end(request: HttpRequest, reference: uuid.UUID, step: PackStep) -> HttpResponse:
    pack = or_404(selectors.pack_to_write(request.user, reference), "board pack")
    form_class, act = (CancelForm, service.cancel) if step is CANCEL else (WithdrawForm, service.withdraw)
    form = form_class(request.POST or None)
    if form.is_valid():
        try:
            act(pack=pack, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The board pack is {step.label.lower()}")
            return redirect("reporting:board-packs")
    context = {"heading": f"{step.button}: {pack}", "back_url": reverse("reporting:board-pack", args=[reference])}
    return form_page(request, f"{FOLDER}/form.html", form, context)
