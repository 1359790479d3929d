"""Writing the criteria of a draft: the trees, a condition, a part."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eligibility.forms.criteria_editor import ConditionForm, PartForm, TitleForm, UsePartForm
from eligibility.presenters.criteria import part_titles
from eligibility.presenters.criteria_editor import editor_page, editor_url, place_words, what_is_lost
from eligibility.presenters.criteria_readings import fact_view, theme_views
from eligibility.presenters.rule_sets import version_url
from eligibility.rules import criteria_editing as editing
from eligibility.rules.criteria_editing import EditRefused
from eligibility.rules.fact_themes import themes
from eligibility.rules.facts import comparable_codes, fact_for_rule
from eligibility.services.criteria_editor import Edit, pressed
from eligibility.views.criteria_support import FORMS, Draft, change_page, draft_page, page, press_page
from eligibility.views.support import posted
from phb_register.access import requires
from phb_register.roles import Permission

CHANGE = "change"


@requires(Permission.WRITE_RULES)
@require_safe
@draft_page
def criteria(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The criteria as nested lists, each place with what can be done there."""
    context = {"page": editor_page(draft.version, draft.content), "back_url": version_url(draft.version)}
    return page(request, draft, "editor.html", context)


@requires(Permission.WRITE_RULES)
@require_POST
@draft_page
def press(request: HttpRequest, draft: Draft) -> HttpResponse:
    """One press of a button: move, group, turn round, remove."""
    action, at = request.POST.get("action", ""), request.POST.get("at", "")
    edit = pressed(action, at)
    losing = None if "is_sure" in request.POST else what_is_lost(draft.content, action, at)
    if losing is not None:
        context = {"losing": losing, "action": action, "at": at, "revision": request.POST.get("revision", "")}
        return page(request, draft, "remove.html", context)
    return press_page(request, draft, edit, _stays_at(action, at))


@requires(Permission.WRITE_RULES)
@require_safe
@draft_page
def fact(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Pick the fact that a condition compares."""
    at, do = request.GET.get("at", ""), request.GET.get("do", "")
    now = place_words(draft.content, draft.node(at), at)
    urls = {code: editor_url(draft.version, "condition", at=at, do=do, fact=code) for code in comparable_codes()}
    context = {"themes": theme_views(themes(), {}, urls), "now_here": now, "is_change": do == CHANGE}
    return page(request, draft, "pick_fact.html", context)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def condition(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Compare a fact: a new condition at a place, or another in the place of what stands there."""
    at, do = request.GET.get("at", ""), request.GET.get("do", "")
    node, compared = draft.node(at), fact_for_rule(request.GET.get("fact", ""))
    if compared is None:
        return redirect(editor_url(draft.version, "fact", at=at, do=do))
    initial = ConditionForm.initial_of(compared, node) | {"revision": draft.version.revision}
    form = ConditionForm(posted(request), fact=compared, initial=initial)
    context = {
        "title": f"{'Change the' if do == CHANGE else 'Add a'} condition: {compared.label}",
        "fact": fact_view(compared),
        "other": {"text": "Compare another fact", "href": editor_url(draft.version, "fact", at=at, do=do)},
        "now_here": place_words(draft.content, node, at),
    }
    return change_page(request, draft, form, context, _put(do, at, form), place=at)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def part(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Make a part of what stands at a place."""
    at = request.GET.get("at", "")
    node = draft.node(at)
    others = len(editing.same_places(draft.content, node)) - 1
    form = PartForm(posted(request), others=others, initial={"revision": draft.version.revision})
    context = {"title": "Make a part", "now_here": place_words(draft.content, node, at)}

    def edit(content: editing.Content) -> editing.Content:
        title, everywhere = form.cleaned_data["title"], form.cleaned_data.get("everywhere", False)
        name = editing.name_for(title, content.get("parts") or {})
        return editing.extract(content, at, name=name, title=title, everywhere=everywhere)

    return change_page(request, draft, form, context, edit, place=at)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def use_part(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Name a part: inside a group, or in the place of what stands there."""
    at, do = request.GET.get("at", ""), request.GET.get("do", "")
    node, titles = draft.node(at), part_titles(draft.content)
    parts = [(name, titles[name]) for name in editing.parts_for(draft.content, at)]
    form = UsePartForm(posted(request), parts=parts, initial={"revision": draft.version.revision})
    context = {"title": "Use a part", "now_here": place_words(draft.content, node, at)}

    def edit(content: editing.Content) -> editing.Content:
        name = form.cleaned_data["part"]
        if do == CHANGE:
            return editing.use_part(content, at, name)
        return editing.add(content, at, {"part": name})

    return change_page(request, draft, form, context, edit, place=at)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def part_title(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Give a part another title."""
    name = request.GET.get("name", "")
    title = part_titles(draft.content).get(name)
    if title is None:
        raise EditRefused("This version has no such part any more.")
    form = TitleForm(posted(request), initial={"revision": draft.version.revision, "title": title})

    def edit(content: editing.Content) -> editing.Content:
        return editing.title_part(content, name, form.cleaned_data["title"])

    return change_page(request, draft, form, {"title": "Title of a part"}, edit)


def _put(do: str, at: str, form: ConditionForm) -> Edit:
    """The edit that puts the form's condition where it belongs."""
    put = editing.change if do == CHANGE else editing.add
    return lambda content: put(content, at, form.criterion())


def _stays_at(action: str, at: str) -> str:
    """Where to go back to after a press: the place, or what is around one that is gone."""
    if action in ("remove-part", "remove-reading"):
        return ""
    return (editing.parent_of(at) or at) if action in ("remove", "unwrap") else at
