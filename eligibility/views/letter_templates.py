"""The wording of a commissioner's letters."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.enums import LetterKind, LetterWording
from eligibility.exceptions import TemplateChanged
from eligibility.forms.letters import TemplateForm
from eligibility.presenters import letters as presenter
from eligibility.rules.letter_kinds import carried_by_template, slots_of
from eligibility.selectors import letters as selectors
from eligibility.selectors.letter_texts import example_text
from eligibility.services import letter_templates as service
from eligibility.views.support import posted
from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404, refuse

PAGE = "eligibility/letters/template.html"


@requires(Permission.MANAGE_SETTINGS)
@require_safe
def letter_templates(request: HttpRequest, code: str) -> HttpResponse:
    """What each kind of letter of a commissioner or partnership is written from."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    templates = selectors.all_templates_in_use(commissioner, clock.today())
    context = {"commissioner": commissioner, "table": presenter.templates_table(commissioner, templates)}
    return TemplateResponse(request, "eligibility/letters/templates.html", context)


@requires(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def letter_template(request: HttpRequest, code: str, kind: str, wording: str) -> HttpResponse:
    """Write a template; the Preview button shows it with examples in its slots, without saving."""
    commissioner = commissioner_or_404(request, Permission.MANAGE_SETTINGS, code)
    or_404((kind in LetterKind.values and wording in LetterWording.values) or None, "template")
    versions = selectors.templates_of(commissioner, kind, wording)
    in_use = selectors.template_in_use(commissioner, kind, wording, clock.today())
    initial = {"heading": in_use.heading, "body": in_use.body, "version": versions[0].version if versions else 0}
    form = TemplateForm(posted(request), initial=initial)
    context = {
        "commissioner": commissioner,
        "title": f"{LetterKind(kind).label} ({LetterWording(wording).label.lower()})",
        "in_use": presenter.template_words(in_use),
        "versions": presenter.versions_table(versions),
        "slots": presenter.slots_table(slots_of(kind)),
        "carried": [slot.written for slot in carried_by_template(kind)],
    }
    if not form.is_valid():
        return form_page(request, PAGE, form, context)
    if "preview" in request.POST:
        return _preview(request, kind, form, context)
    return _save(request, (commissioner, kind, wording), form, context)


def _preview(request: HttpRequest, kind: str, form: TemplateForm, context: dict[str, Any]) -> HttpResponse:
    text = {name: form.cleaned_data[name] for name in ("heading", "body")}
    try:
        service.check_template(kind=kind, **text)
        context["preview"] = presenter.preview(example_text(kind, **text))
    except Refused as refusal:
        refuse(form, refusal)
    return form_page(request, PAGE, form, context)


def _save(
    request: HttpRequest, which: tuple[Commissioner, str, str], form: TemplateForm, context: dict[str, Any]
) -> HttpResponse:
    commissioner, kind, wording = which
    cleaned = form.cleaned_data
    try:
        template = service.save_template(
            commissioner=commissioner,
            kind=kind,
            wording=wording,
            heading=cleaned["heading"],
            body=cleaned["body"],
            expected_version=cleaned["version"],
            by=request.user,  # type: ignore[arg-type]
        )
    except TemplateChanged as changed:
        form = TemplateForm({**request.POST.dict(), "version": changed.current.version})
        refuse(form, changed)
        return form_page(request, PAGE, form, {**context, "theirs": changed.current})
    except Refused as refusal:
        refuse(form, refusal)
        return form_page(request, PAGE, form, context)
    messages.success(request, f"Version {template.version} is saved. Letters written from now on start from it")
    return redirect("eligibility:letter-templates", commissioner.code)
