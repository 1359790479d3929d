"""Where an offer is written: its sections and its timeline."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from offers import figures, policies
from offers.exceptions import EditConflict
from offers.forms import LineForm, LineFormSet, PhaseForm, SectionForm
from offers.models import LocalOffer, OfferSection, Phase
from offers.presenters import editions as presenter
from offers.presenters import writing
from offers.rules.reading import read
from offers.rules.text import render
from offers.selectors import content, pages
from offers.services import sections as section_service
from offers.services import timeline as timeline_service
from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import or_404, refuse


def offer_or_404(request: HttpRequest, permission: Permission, slug: str) -> LocalOffer:
    """The offer, if the user has the permission for it: another commissioner's is not there."""
    found: LocalOffer = or_404(pages.offer_of(request.user, permission, slug), "local offer")
    return found


@requires(Permission.VIEW_OFFERS)
@require_safe
def your_offers(request: HttpRequest) -> HttpResponse:
    """The offers the user works on."""
    return TemplateResponse(request, "offers/your_offers.html", {"offers": pages.offers_of(request.user)})


@requires(Permission.VIEW_OFFERS)
@require_safe
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one offer: its sections, its timeline, its editions."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    may_write = policies.can(request.user, Permission.WRITE_OFFERS, offer)
    is_open = pages.open_edition(offer) is not None
    context = {
        "offer": offer,
        "may_write": may_write,
        "may_start": may_write and not is_open,
        "lock": policies.lock_on(offer),
        "sections": writing.sections_table(offer, pages.sections_of(offer), may_write=may_write),
        "phases": writing.phases_table(offer, content.phases_of(offer), may_write=may_write),
        "editions": presenter.editions_table(pages.editions_of(offer)),
    }
    return TemplateResponse(request, "offers/workshop.html", context)


@requires(Permission.VIEW_OFFERS)
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The offer as it would be published now."""
    offer = offer_or_404(request, Permission.VIEW_OFFERS, slug)
    snapshot, missing = content.preview_snapshot(offer, today=clock.today())
    reading = read(snapshot)
    context = {
        "offer": offer,
        "reading": reading,
        "missing": missing,
        "timeline": presenter.timeline_table(reading.phases),
        "figures": presenter.figures_table(reading.figures),
    }
    return TemplateResponse(request, "offers/preview.html", context)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def write_section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write one section; the Preview button shows it without saving."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    section: OfferSection = or_404(pages.section_of(offer, kind), "section")
    initial = {"heading": section.heading, "body": section.body, "version": section.version}
    form = SectionForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return _section_page(request, offer, form)
    if "preview" in request.POST:
        values = content.figure_texts(offer, form.cleaned_data["body"], today=clock.today())
        return _section_page(request, offer, form, preview=render(form.cleaned_data["body"], values))
    return _save_section(request, offer, section, form)


def _save_section(request: HttpRequest, offer: LocalOffer, section: OfferSection, form: SectionForm) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        section_service.save_section(
            section=section,
            heading=cleaned["heading"],
            body=cleaned["body"],
            expected_version=cleaned["version"],
            by=request.user,  # type: ignore[arg-type]
        )
    except EditConflict as conflict:
        form = SectionForm({**request.POST.dict(), "version": conflict.current_version})
        refuse(form, conflict)
        return _section_page(request, offer, form, theirs=section, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _section_page(request, offer, form)
    except Refused as refusal:
        refuse(form, refusal)
        return _section_page(request, offer, form)
    messages.success(request, f"“{cleaned['heading']}” is saved")
    return redirect("offers:workshop", offer.slug)


def _section_page(
    request: HttpRequest, offer: LocalOffer, form: SectionForm, *, status: int | None = None, **more: Any
) -> HttpResponse:
    context = {"offer": offer, "form": form, "figures": writing.figure_choices(figures.known()), **more}
    code = status or (422 if form.is_bound and form.errors else 200)
    return TemplateResponse(request, "offers/write_section.html", context, status=code)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def add_phase(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a phase to the end of the timeline."""
    return _phase(request, offer_or_404(request, Permission.WRITE_OFFERS, slug), None)


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a phase and its lines."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    return _phase(request, offer, or_404(pages.phase_of(offer, pk), "phase"))


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def remove_phase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a phase out of the timeline, after asking."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    found: Phase = or_404(pages.phase_of(offer, pk), "phase")
    refusal = ""
    if request.method == "POST":
        try:
            timeline_service.remove_phase(phase=found, by=request.user)  # type: ignore[arg-type]
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"{found.name} is removed from the timeline")
            return redirect("offers:workshop", offer.slug)
    context = {"offer": offer, "phase": found, "refusal": refusal}
    return TemplateResponse(request, "offers/remove_phase.html", context, status=422 if refusal else 200)


def _phase(request: HttpRequest, offer: LocalOffer, found: Phase | None) -> HttpResponse:
    form = PhaseForm(request.POST or None, initial=_phase_initial(found))
    formset = LineFormSet(request.POST or None, initial=_lines_initial(found), prefix="lines")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        saved = _save_phase(request, offer, found, form, formset)
        if saved is not None:
            messages.success(request, f"{saved.name} is saved")
            if "another" in request.POST:
                return redirect("offers:phase", offer.slug, saved.pk)
            return redirect("offers:workshop", offer.slug)
    for each in [form, *formset]:
        # One form around them all, with one token.
        each.helper.form_tag = False
        each.helper.disable_csrf = True
    context = {"offer": offer, "phase": found, "form": form, "formset": formset, "buttons": writing.PHASE_BUTTONS}
    is_wrong = request.method == "POST"
    return TemplateResponse(request, "offers/phase.html", context, status=422 if is_wrong else 200)


def _save_phase(
    request: HttpRequest, offer: LocalOffer, found: Phase | None, form: PhaseForm, formset: Any
) -> Phase | None:
    filled = [each.cleaned_data for each in formset if each.cleaned_data]
    kept = [each for each in filled if not each.get("is_removed")]
    try:
        return timeline_service.save_phase(
            offer=offer,
            phase=found,
            details=timeline_service.PhaseDetails(**form.cleaned_data),
            lines=[_line(each) for each in kept],
            removed=[each["pk"] for each in filled if each.get("is_removed") and each.get("pk")],
            by=request.user,  # type: ignore[arg-type]
        )
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
    except Refused as refusal:
        refuse(form, refusal)
    return None


def _line(cleaned: dict[str, Any]) -> timeline_service.LineDetails:
    return timeline_service.LineDetails(
        **{name: cleaned[name] for name in LineForm.base_fields if name != "is_removed"}
    )


def _phase_initial(phase: Phase | None) -> dict[str, Any]:
    if phase is None:
        return {"continues_earlier": True}
    return {name: getattr(phase, name) for name in PhaseForm.base_fields}


def _lines_initial(phase: Phase | None) -> list[dict[str, Any]]:
    if phase is None:
        return []
    names = [name for name in LineForm.base_fields if name != "is_removed"]
    return [{name: getattr(line, name) for name in names} for line in phase.lines.all()]
