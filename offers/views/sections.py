"""Where one section's text is written: with a preview as it is typed, and nothing lost."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from offers import figures
from offers.enums import WritingPart
from offers.exceptions import EditConflict
from offers.forms.sections import FORM_ID, SectionForm
from offers.models import OfferSection
from offers.presenters import sections as presenter
from offers.rules.template import with_inserted
from offers.rules.text import as_typed
from offers.selectors import drafts, pages
from offers.services import drafts as draft_service
from offers.services import presence
from offers.services import sections as service
from offers.views.support import attempt, offer_or_404, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import or_404, refuse

TEXT = WritingPart.TEXT
#: In digits. A longer one is no version.
LONGEST_VERSION = 9


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def write_section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write one section. Preview, a figure, a table and the template's words come without saving."""
    section = section_or_404(request, slug, kind)
    if request.method == "GET":
        return _opened(request, section)
    if "preview" in request.POST or "insert" in request.POST:
        return _shown(request, section)
    form = SectionForm(request.POST)
    try:
        saved = _save(request, section, form) if form.is_valid() else None
    except EditConflict as conflict:
        return _conflict(request, section, conflict)
    if saved is None:
        return _page(request, section, form, status=422)
    presence.note_left(section=section, part=TEXT, by=user_of(request), at=clock.now())
    messages.success(request, f"“{saved.heading}” is saved")
    return redirect("offers:workshop", slug)


@requires(Permission.WRITE_OFFERS)
@require_POST
def keep_section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Keep what is typed, and show how it looks. Sent by the page itself."""
    section = section_or_404(request, slug, kind)
    return TemplateResponse(request, "offers/sections/_live.html", _live(request, section, _typed(request)))


@requires(Permission.WRITE_OFFERS)
@require_POST
def discard_draft(request: HttpRequest, slug: str, kind: str, part: str) -> HttpResponse:
    """Throw away what was kept of a section and not saved."""
    section = section_or_404(request, slug, kind)
    found: WritingPart = or_404(next((each for each in WritingPart if each == part), None), "part of a section")
    draft_service.discard_draft(section=section, part=found, by=user_of(request))
    presence.note_left(section=section, part=found, by=user_of(request), at=clock.now())
    messages.success(request, "What you had not saved is thrown away")
    return redirect("offers:write-section" if found == TEXT else "offers:write-easy-read", slug, kind)


def section_or_404(request: HttpRequest, slug: str, kind: str) -> OfferSection:
    """A section of an offer that the user writes."""
    offer = offer_or_404(request, Permission.WRITE_OFFERS, slug)
    found: OfferSection = or_404(pages.section_of(offer, kind), "section")
    return found


def version_seen(typed: Mapping[str, Any], current: int) -> int:
    """The version its writer opened, as the page says; the current one where it says nothing that can be read."""
    sent = str(typed.get("version", ""))
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < LONGEST_VERSION else current


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def _opened(request: HttpRequest, section: OfferSection) -> HttpResponse:
    """The section as it is saved, or as its writer left it."""
    draft = drafts.draft_of(section, TEXT, user_of(request))
    typed = draft.content if draft else drafts.saved_content(section, TEXT)
    form = SectionForm(initial={**typed, "version": section.version})
    is_behind = draft is not None and draft.based_on < section.version
    theirs = presenter.text_sides(section, **typed) if is_behind else None
    return _page(request, section, form, kept=draft, theirs=theirs)


def _shown(request: HttpRequest, section: OfferSection) -> HttpResponse:
    """The form as it was sent, unchecked, with what was asked for put in and the preview beside it."""
    typed = _typed(request)
    known = [figure.code for figure in figures.known()]
    typed["body"] = with_inserted(typed.get("body", ""), section.kind, typed.get("insert", ""), known)
    live = _live(request, section, typed)
    form = SectionForm()
    form.show_typed({name: [value] for name, value in typed.items()})
    return _page(request, section, form, live=live)


def _save(request: HttpRequest, section: OfferSection, form: SectionForm) -> OfferSection | None:
    cleaned = dict(form.cleaned_data)
    expected = cleaned.pop("version")
    by = user_of(request)
    return attempt(form, lambda: service.save_section(section=section, expected_version=expected, by=by, **cleaned))


def _conflict(request: HttpRequest, section: OfferSection, conflict: EditConflict) -> HttpResponse:
    """Both texts side by side; saving again replaces theirs."""
    typed = {**_typed(request), "version": str(conflict.current_version)}
    current = section_or_404(request, section.local_offer.slug, section.kind)
    live = _live(request, current, typed)
    form = SectionForm(typed)
    refuse(form, conflict)
    theirs = presenter.text_sides(current, heading=typed.get("heading", ""), body=typed.get("body", ""))
    return _page(request, current, form, live=live, theirs=theirs, status=409)


def _live(request: HttpRequest, section: OfferSection, typed: dict[str, str]) -> dict[str, Any]:
    user, now = user_of(request), clock.now()
    content = {name: as_typed(typed.get(name, "")) for name in ("heading", "body")}
    seen = version_seen(typed, section.version)
    is_kept = draft_service.keep_draft(section=section, part=TEXT, content=content, based_on=seen, by=user, at=now)
    presence.note_writing(section=section, part=TEXT, by=user, at=now)
    kept_at = now if is_kept else None
    return presenter.live_text(
        section, body=content["body"], today=clock.today(), user=user, at=now, seen=seen, kept_at=kept_at
    )


def _page(
    request: HttpRequest,
    section: OfferSection,
    form: SectionForm,
    *,
    kept: Any = None,
    live: dict[str, Any] | None = None,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, body = user_of(request), str(form["body"].value() or "")
    context = {
        **presenter.text_page(section, user=user, body=body, kept=kept, form_id=FORM_ID),
        "form": form,
        "figures": presenter.figure_picker(section, today=clock.today(), form_id=FORM_ID),
        "theirs": theirs,
        **(live or _as_opened(section, user, body)),
    }
    return TemplateResponse(request, "offers/sections/write.html", context, status=status)


def _as_opened(section: OfferSection, user: User, body: str) -> dict[str, Any]:
    today, now = clock.today(), clock.now()
    return presenter.live_text(section, body=body, today=today, user=user, at=now, seen=section.version, kept_at=None)
