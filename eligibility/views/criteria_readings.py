"""The readings of a draft's wording, its content as text, and the vocabulary of facts."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.criteria_editor import ChooseReadingForm, ContentTextForm, ReadingForm, TitleForm
from eligibility.presenters.criteria import ReadingsView, readings_view
from eligibility.presenters.criteria_editor import editor_url
from eligibility.presenters.criteria_readings import case_table, theme_views
from eligibility.rules import reading_editing
from eligibility.rules.criteria_editing import Content, normal
from eligibility.rules.fact_themes import themes
from eligibility.rules.reading_cases import cases_by_reading
from eligibility.rules.version_diff import compare_values
from eligibility.selectors.criteria_editor import rule_sets_by_fact
from eligibility.services.rule_sets import choose_reading
from eligibility.views.criteria_support import FOLDER, FORMS, Draft, change_page, draft_page, refused
from eligibility.views.support import posted
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.roles import Permission
from phb_register.views.support import form_page


@requires(Permission.VIEW_RULES)
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """Every fact that criteria may compare, with the rule sets that look at it."""
    used = rule_sets_by_fact(request.user)  # type: ignore[arg-type]
    return TemplateResponse(request, f"{FOLDER}/facts.html", {"themes": theme_views(themes(), used)})


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def readings(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The readings side by side, tried on the worked cases; and which one answers rest on, and why."""
    view = readings_view(draft.content)
    initial = {"reading": _chosen(view), "note": view.note, "revision": draft.version.revision}
    form = ChooseReadingForm(posted(request), readings=_choices(view), initial=initial)
    context: dict[str, Any] = {"version": draft.version, "back_url": draft.url(), "view": view}
    if form.is_valid():
        try:
            choose_reading(version=draft.version, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            context |= refused(form, draft, refusal)
        else:
            messages.success(request, "Reading chosen")
            return redirect(editor_url(draft.version, "readings"))
    table = cases_by_reading(draft.content, draft.version.cases)
    context["table"] = case_table(table, view.readings) if table.rows else None
    return form_page(request, f"{FOLDER}/side_by_side.html", form, context)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def reading_new(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Add a reading that starts as a copy of another."""
    choices = _choices(readings_view(draft.content))
    form = ReadingForm(posted(request), readings=choices, initial={"revision": draft.version.revision})

    def edit(content: Content) -> Content:
        cleaned = form.cleaned_data
        return reading_editing.add_reading(content, like=cleaned["like"], title=cleaned["title"])

    return change_page(request, draft, form, {"title": "Add a reading"}, edit)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def reading_title(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Give a reading another title."""
    name = request.GET.get("name", "")
    title = reading_editing.reading_with(draft.content, name).get("title")
    form = TitleForm(posted(request), initial={"revision": draft.version.revision, "title": title})

    def edit(content: Content) -> Content:
        return reading_editing.title_reading(content, name, form.cleaned_data["title"])

    return change_page(request, draft, form, {"title": f"Title of reading {name}"}, edit)


@requires(Permission.WRITE_RULES)
@require_http_methods(FORMS)
@draft_page
def text(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The whole content as text. Faults are named by line; what is only unfinished may be saved."""
    written = json.dumps(draft.version.content, ensure_ascii=False, indent=2)
    form = ContentTextForm(posted(request), initial={"text": written, "revision": draft.version.revision})
    context: dict[str, Any] = {"title": "Criteria as text"}
    if form.is_valid() and form.cleaned_data["revision"] != draft.version.revision:
        context |= {"differences": compare_values(draft.content, normal(form.content)), "now_text": written}
    return change_page(request, draft, form, context, lambda content: form.content, template="text.html")


def _choices(view: ReadingsView) -> list[tuple[str, str]]:
    return [(each.name, f"{each.name}: {each.title}" if view.are_several else each.title) for each in view.readings]


def _chosen(view: ReadingsView) -> str | None:
    return next((each.name for each in view.readings if each.is_chosen), None)
