"""What the pages of a draft's criteria share: finding the draft, and saving a change of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from eligibility.enums import ApprovalStatus
from eligibility.exceptions import VersionChanged
from eligibility.forms.criteria_editor import EditorForm
from eligibility.models import RuleSetVersion
from eligibility.presenters.criteria import readings_view
from eligibility.presenters.criteria_editor import anchor_of, editor_url
from eligibility.presenters.rule_sets import version_url
from eligibility.rules.criteria_editing import Content, EditRefused, node_at, normal
from eligibility.selectors.criteria_editor import last_editor, version_to_write
from eligibility.services.criteria_editor import Edit, edit_criteria
from phb_register.exceptions import Refused
from phb_register.views.support import form_page, or_404, refuse

FORMS = ["GET", "POST"]
FOLDER = "eligibility/criteria"


@dataclass(frozen=True)
class Draft:
    """A version that is being written: the row, and its content in the form that pages edit."""

    version: RuleSetVersion
    content: Content

    def url(self, place: str = "") -> str:
        """The page of its criteria, at a place."""
        return f"{editor_url(self.version)}#{anchor_of(place)}" if place else editor_url(self.version)

    def node(self, place: str) -> Any:
        """What stands at a place. Raises ``EditRefused``."""
        return node_at(self.content, place)


def draft_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the draft of the address. One that is no draft any more is shown, and cannot be changed.

    Whatever asks for a place that is not there leads back to the criteria as they stand.
    """

    @wraps(view)
    def run(request: HttpRequest, code: str, number: int) -> HttpResponse:
        version: RuleSetVersion = or_404(version_to_write(request.user, code, number), "version of a rule set")  # type: ignore[arg-type]
        if version.approval_status != ApprovalStatus.DRAFT:
            return _closed(request, version)
        try:
            return view(request, Draft(version, normal(version.content)))
        except EditRefused as refused:
            messages.warning(request, str(refused))
            return redirect(editor_url(version))

    return run


def _closed(request: HttpRequest, version: RuleSetVersion) -> HttpResponse:
    context = {"version": version, "view": readings_view(version.content), "back_url": version_url(version)}
    return TemplateResponse(request, f"{FOLDER}/closed.html", context, status=200 if request.method == "GET" else 409)


def page(request: HttpRequest, draft: Draft, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page about a draft, with the way back to its criteria."""
    return TemplateResponse(
        request, f"{FOLDER}/{template}", {"version": draft.version, "back_url": draft.url(), **context}
    )


def change_page(
    request: HttpRequest,
    draft: Draft,
    form: EditorForm,
    context: dict[str, Any],
    edit: Edit,
    *,
    template: str = "change.html",
    place: str = "",
) -> HttpResponse:
    """Show a form, or make its edit and go back to the place. Nothing typed is lost where it cannot be made."""
    context = {"version": draft.version, "back_url": draft.url(place), **context}
    if form.is_valid():
        try:
            edit_criteria(
                version=draft.version,
                edit=edit,
                revision=form.cleaned_data["revision"],
                by=request.user,  # type: ignore[arg-type]
            )
        except Refused as refusal:
            context |= refused(form, draft, refusal)
        else:
            messages.success(request, "Saved")
            return redirect(draft.url(place))
    return form_page(request, f"{FOLDER}/{template}", form, context)


def refused(form: EditorForm, draft: Draft, refusal: Refused) -> dict[str, Any]:
    """Show why a form was not saved; where somebody else was quicker, beside what they saved."""
    refuse(form, refusal)
    if not isinstance(refusal, VersionChanged):
        return {}
    form.reopen(refusal.revision)
    draft.version.refresh_from_db(fields=["content", "revision"])
    return {"now": readings_view(normal(draft.version.content)), "changed_by": last_editor(draft.version)}


def press_page(request: HttpRequest, draft: Draft, edit: Edit, place: str) -> HttpResponse:
    """Do what a button says, and go back to the place."""
    try:
        revision = int(request.POST.get("revision", ""))
        edit_criteria(version=draft.version, edit=edit, revision=revision, by=request.user)  # type: ignore[arg-type]
    except ValueError:
        messages.warning(request, "Nothing was done. Try again from this page")
    except VersionChanged:
        slower = "Somebody else changed this meanwhile, so nothing was done. This is how it stands now"
        messages.warning(request, slower)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(draft.url(place))
