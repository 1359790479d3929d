"""Where the timeline is edited: a phase and its lines as one form."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from offers.forms.editions import ConfirmForm
from offers.forms.timeline import LineForm, LineFormSet, PhaseForm
from offers.models import LocalOffer, Phase
from offers.presenters.writing import PHASE_BUTTONS
from offers.selectors import pages
from offers.services import timeline as service
from offers.views.support import attempt, offer_or_404, user_of
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import form_page, or_404


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def add_phase(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a phase to the end of the timeline."""
    return _edit(request, offer_or_404(request, Permission.WRITE_OFFERS, slug), None)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a phase and its lines."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    return _edit(request, offer, or_404(pages.phase_of(offer, pk), "phase"))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def remove_phase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a phase out of the timeline, after asking."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    found: Phase = or_404(pages.phase_of(offer, pk), "phase")
    form = ConfirmForm(request.POST if request.method == "POST" else None, button="Remove it")
    act = partial(service.remove_phase, phase=found, by=user_of(request))
    if form.is_valid() and attempt(form, act) is not None:
        messages.success(request, f"{found.name} is removed from the timeline")
        return redirect("offers:workshop", offer.slug)
    return form_page(request, "offers/remove_phase.html", form, {"offer": offer, "phase": found})


def _edit(request: HttpRequest, offer: LocalOffer, found: Phase | None) -> HttpResponse:
    form = PhaseForm(request.POST or None, initial=_phase_initial(found))
    formset = LineFormSet(
        request.POST or None, initial=_lines_initial(found), prefix="lines", form_kwargs={"offer": offer}
    )
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        saved = attempt(form, lambda: _save(request, offer, found, form, formset))
        if saved is not None:
            messages.success(request, f"{saved.name} is saved")
            stays = "another" in request.POST
            return redirect("offers:phase", offer.slug, saved.pk) if stays else redirect("offers:workshop", offer.slug)
    for each in [form, *formset]:
        # One form around them all, with one token.
        each.helper.form_tag = False
        each.helper.disable_csrf = True
    context = {"offer": offer, "phase": found, "form": form, "formset": formset, "buttons": PHASE_BUTTONS}
    return TemplateResponse(request, "offers/phase.html", context, status=422 if request.method == "POST" else 200)


def _save(request: HttpRequest, offer: LocalOffer, found: Phase | None, form: PhaseForm, formset: Any) -> Phase:
    filled = [each.cleaned_data for each in formset if each.cleaned_data]
    return service.save_phase(
        offer=offer,
        phase=found,
        details=service.PhaseDetails(**form.cleaned_data),
        lines=[_line(each) for each in filled if not each.get("is_removed")],
        removed=[each["pk"] for each in filled if each.get("is_removed") and each.get("pk")],
        by=user_of(request),
    )


def _line(cleaned: dict[str, Any]) -> service.LineDetails:
    return service.LineDetails(**{name: cleaned[name] for name in LineForm.base_fields if name != "is_removed"})


def _phase_initial(phase: Phase | None) -> dict[str, Any]:
    if phase is None:
        return {"continues_earlier": True}
    return {name: getattr(phase, name) for name in PhaseForm.base_fields}


def _lines_initial(phase: Phase | None) -> list[dict[str, Any]]:
    if phase is None:
        return []
    names = [name for name in LineForm.base_fields if name != "is_removed"]
    return [{name: getattr(line, name) for name in names} for line in phase.lines.all()]
