"""Where the easy read version of a section is written: a line for each idea, and how hard it is to read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from offers.enums import WritingPart
from offers.exceptions import EasyReadWrong, EditConflict
from offers.forms.easy_read import VersionForm, sent_lines, shown_lines, typed_lines
from offers.models import OfferSection
from offers.presenters import sections as presenter
from offers.presenters.easy_read import with_pictures
from offers.rules.easy_read import TypedLine, rearranged
from offers.selectors import drafts
from offers.services import drafts as draft_service
from offers.services import presence
from offers.services.easy_read import save_easy_read
from offers.views.sections import section_or_404, version_seen
from offers.views.support import attempt, user_of
from phb_register import clock
from phb_register.access import requires
from phb_register.roles import Permission
from phb_register.views.support import refuse

EASY_READ = WritingPart.EASY_READ


@requires(Permission.WRITE_OFFERS)
@require_http_methods(["GET", "POST"])
def write_easy_read(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write the lines. Moving, adding and removing one, and checking how easy they are, come without saving."""
    section = section_or_404(request, slug, kind)
    if request.method == "GET":
        return _opened(request, section)
    if "check" in request.POST or "act" in request.POST:
        return _shown(request, section)
    form, formset = VersionForm(request.POST), sent_lines(request.POST)
    try:
        saved = _save(request, section, form, formset) if form.is_valid() and formset.is_valid() else None
    except EditConflict as conflict:
        return _conflict(request, section, formset, conflict)
    if saved is None:
        return _page(request, section, form, formset, live=_live(request, section, formset), status=422)
    presence.note_left(section=section, part=EASY_READ, by=user_of(request), at=clock.now())
    messages.success(request, f"The easy read version of “{saved.heading}” is saved")
    return redirect("offers:workshop", slug)


@requires(Permission.WRITE_OFFERS)
@require_POST
def keep_easy_read(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Keep what is typed, and show how easy it is. Sent by the page itself."""
    section = section_or_404(request, slug, kind)
    live = _live(request, section, sent_lines(request.POST))
    return TemplateResponse(request, "offers/sections/_live.html", live)


def _opened(request: HttpRequest, section: OfferSection) -> HttpResponse:
    """The lines as they are saved, or as their writer left them."""
    draft = drafts.draft_of(section, EASY_READ, user_of(request))
    typed = draft.content if draft else drafts.saved_content(section, EASY_READ)
    lines = [TypedLine(**line) for line in typed["lines"]]
    is_behind = draft is not None and draft.based_on < section.easy_read_version
    theirs = presenter.easy_read_sides(section, lines) if is_behind else None
    return _page(request, section, _version(section), shown_lines(lines), kept=draft, theirs=theirs)


def _shown(request: HttpRequest, section: OfferSection) -> HttpResponse:
    """The lines as they were sent, unchecked and in the order asked for."""
    sent = sent_lines(request.POST)
    live = _live(request, section, sent)
    lines = rearranged(typed_lines(sent), request.POST.get("act", ""))
    form = VersionForm(initial={"version": version_seen(request.POST, section.easy_read_version)})
    return _page(request, section, form, shown_lines(lines, spare=False), live=live)


def _save(request: HttpRequest, section: OfferSection, form: VersionForm, formset: Any) -> OfferSection | None:
    version, user = form.cleaned_data["version"], user_of(request)

    def save() -> OfferSection | None:
        try:
            return save_easy_read(section=section, lines=typed_lines(formset), expected_version=version, by=user)
        except EasyReadWrong as refusal:
            for place, field, message in refusal.wrong:
                formset.forms[place].add_error(field, message)
            return None

    return attempt(form, save)


def _conflict(request: HttpRequest, section: OfferSection, formset: Any, conflict: EditConflict) -> HttpResponse:
    """Both versions side by side; saving again replaces theirs."""
    lines = typed_lines(formset)
    current = section_or_404(request, section.local_offer.slug, section.kind)
    form = VersionForm({"version": conflict.current_version})
    refuse(form, conflict)
    live = _live(request, current, formset, seen=conflict.current_version)
    theirs = presenter.easy_read_sides(current, lines)
    return _page(request, current, form, shown_lines(lines), live=live, theirs=theirs, status=409)


def _live(request: HttpRequest, section: OfferSection, formset: Any, *, seen: int | None = None) -> dict[str, Any]:
    user, now, lines = user_of(request), clock.now(), typed_lines(formset)
    if seen is None:
        seen = version_seen(request.POST, section.easy_read_version)
    content = drafts.content_of(lines)
    is_kept = draft_service.keep_draft(section=section, part=EASY_READ, content=content, based_on=seen, by=user, at=now)
    presence.note_writing(section=section, part=EASY_READ, by=user, at=now)
    return presenter.live_easy_read(section, lines, user=user, at=now, seen=seen, kept_at=now if is_kept else None)


def _version(section: OfferSection) -> VersionForm:
    return VersionForm(initial={"version": section.easy_read_version})


def _page(
    request: HttpRequest,
    section: OfferSection,
    form: VersionForm,
    formset: Any,
    *,
    kept: Any = None,
    live: dict[str, Any] | None = None,
    theirs: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = user_of(request), clock.now()
    if live is None:
        seen = section.easy_read_version
        live = presenter.live_easy_read(section, typed_lines(formset), user=user, at=now, seen=seen, kept_at=None)
    context = {
        **presenter.easy_read_page(section, user=user, kept=kept),
        **live,
        "form": form,
        "formset": formset,
        "lines": with_pictures(formset),
        "theirs": theirs,
    }
    return TemplateResponse(request, "offers/sections/easy_read.html", context, status=status)
